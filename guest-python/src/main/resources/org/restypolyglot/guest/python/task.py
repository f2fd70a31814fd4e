"""What a handler gets as its second argument."""

from time import monotonic


class Task:
    """The call that a handler answers."""

    __slots__ = ("_host", "_ref", "method")

    def __init__(self, host, method, ref):
        self._host = host
        self._ref = ref
        self.method: str = method

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the reply any more; may change at any time."""
        return self._host.is_cancelled(self._ref)

    @property
    def deadline(self) -> "float | None":
        """When the call times out, on the clock of time.monotonic(); None for never."""
        left = self._host.seconds_left(self._ref)
        return None if left is None else monotonic() + left

    def __repr__(self):
        return f"<task {self.method!r}>"
