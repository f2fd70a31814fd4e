"""Which functions answer a runtime's calls, told from what the module's entry returned."""

from _resty_polyglot.callables import is_async, shape
from _resty_polyglot.failures import Refused


# Classes of descriptors that are not callable themselves; not imported just for their names.
_MAKE_METHODS = ("member_descriptor", "partialmethod", "singledispatchmethod")


class Handlers:
    """The handlers by method name.

    One function answers every method; an object answers the methods that it and its classes
    define, but for names that start with "_" and what built-in classes (object, dict) bring along.
    """

    def __init__(self, module: str, made):
        self._module = module
        self._made = made
        self._one = None
        self._members: "dict[str, object]" = {}
        self._own = getattr(made, "__dict__", {})
        self._adapted: "dict[str, tuple]" = {}
        if not isinstance(made, type) and callable(made):
            self._one = _with_two_parameters(made)
        elif isinstance(made, type) or not self.names():
            raise Refused(
                f"it returned {_describe(made)}; return a function, or an object with methods"
            )

    def find(self, method: str):
        """The handler of a method, as a function of (req, task)."""
        if self._one is not None:
            return self._one
        if method in self._own:
            return self._find_own(method)
        member = self._members.get(method)
        if member is None:
            if not self._is_method(method):
                raise Refused(self._missing(method))
            member = _with_two_parameters(getattr(self._made, method))
            self._members[method] = member
        return member

    def _find_own(self, method):
        """An attribute of the object itself may change from call to call."""
        value = self._own[method]
        known = self._adapted.get(method)
        if known is None or known[0] is not value:
            if not self._is_method(method):
                raise Refused(self._missing(method))
            known = (value, _with_two_parameters(value))
            self._adapted[method] = known
        return known[1]

    def _is_method(self, name):
        if name.startswith("_") or not self._defines(name):
            return False
        value = getattr(self._made, name, None)
        return callable(value) and not isinstance(value, type)

    def _defines(self, name):
        if name in self._own:
            return True
        for cls in _user_classes(self._made):
            if name in vars(cls):
                return not _is_computed(vars(cls)[name])
        return False

    def names(self) -> "list[str]":
        """The names of all methods, sorted."""
        if self._one is not None:
            return []
        candidates = set(self._own)
        for cls in _user_classes(self._made):
            candidates.update(vars(cls))
        return sorted(name for name in candidates if self._is_method(name))

    def any_async(self) -> bool:
        """Whether a handler is an `async def`."""
        if self._one is not None:
            return is_async(self._made)
        return any(is_async(getattr(self._made, name)) for name in self.names())

    def _missing(self, method):
        names = ", ".join(self.names())
        return f'module "{self._module}" has no method "{method}"; it has: {names}'


def _user_classes(value):
    return [cls for cls in type(value).__mro__ if cls.__module__ != "builtins"]


def _is_computed(attribute):
    """A property and the like: not to be computed just to see what it is."""
    return hasattr(attribute, "__get__") and not (
        callable(attribute)
        or isinstance(attribute, classmethod)
        or type(attribute).__name__ in _MAKE_METHODS
    )


def _with_two_parameters(function):
    if shape(function)[1] == 1:
        return lambda req, task: function(req)
    return function


def _describe(value):
    if isinstance(value, type):
        return f"the class {value.__name__} (call it to make an object)"
    if type(value).__name__ in ("generator", "async_generator"):
        manager = "asynccontextmanager" if hasattr(value, "__anext__") else "contextmanager"
        return f"{type(value).__name__} (contextlib.{manager} makes what is entered and left of it)"
    return "None" if value is None else f"an object of type {type(value).__name__}"
