"""What `except*` does, for syntax.py."""

_NO_EXCEPTION = "catching classes that do not inherit from BaseException is not allowed"
_NO_GROUPS = "catching ExceptionGroup with except* is not allowed. Use except instead."


class Groups:
    """What a `try` has raised, as its handlers take it apart."""

    def __init__(self):
        self._whole = self._rest = None
        self._failures: "list[BaseException]" = []
        self._again: "list[BaseException]" = []
        self.matched = None  # what is raised next

    def begin(self, raised: BaseException) -> None:
        """Takes what the `try` has raised; without it there is nothing for anybody."""
        self._whole = self._rest = raised

    def matches(self, kinds) -> bool:
        """Whether there is something for the handler of these classes: `matched`."""
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            if not (isinstance(kind, type) and issubclass(kind, BaseException)):
                raise TypeError(_NO_EXCEPTION)
            if issubclass(kind, BaseExceptionGroup):
                raise TypeError(_NO_GROUPS)
        rest = self._rest
        if rest is None:
            return False
        is_group = isinstance(rest, BaseExceptionGroup)
        if issubclass(type(rest), kinds):
            self.matched, self._rest = rest if is_group else BaseExceptionGroup("", (rest,)), None
            return self._remember()
        if not is_group:
            return False
        matched, self._rest = rest.split(kinds)
        if matched is None:
            return False
        self.matched = matched
        return self._remember()

    def _remember(self):
        """Notes what raising `matched` would change, and returns true."""
        self._traceback, self._context = self.matched.__traceback__, self.matched.__context__
        return True

    def restore(self) -> None:
        """Takes back what raising `matched` has changed."""
        self.matched.__context__ = self._context
        if self._traceback is not None:
            self.matched.__traceback__ = self._traceback

    def add(self, failure: BaseException) -> None:
        """Notes what a handler has raised."""
        again = failure is self.matched and failure.__traceback__ == self._traceback
        if failure is self.matched:
            failure.__context__ = self._context
        (self._again if again else self._failures).append(failure)

    def is_left(self) -> bool:
        """Whether something is to be raised after all handlers: `matched`."""
        left = self._failures
        again = self._raised_again()
        if again is not None:
            left = [*left, again]
        if not left:
            return False
        self.matched = left[0] if len(left) == 1 else BaseExceptionGroup("", left)
        return self._remember()

    def _raised_again(self):
        """What no handler has taken, or a handler has raised again as it was; as it was grouped."""
        parts = self._again if self._rest is None else [*self._again, self._rest]
        if not isinstance(self._whole, BaseExceptionGroup) or len(parts) < 1:
            return parts[0] if parts else None
        leaves = {id(leaf) for part in parts for leaf in _leaves(part)}
        return self._whole.split(lambda error: id(error) in leaves)[0]


def _leaves(error):
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for part in error.exceptions:
        yield from _leaves(part)
