"""What can be called, and with how many positional arguments."""

_VARARGS = 0x04
_COROUTINE = 0x80
_MANY = 1 << 16
_MOST_WRAPPERS = 20


def shape(function) -> "tuple[int, int]":
    """How many positional arguments a callable needs, and how many it takes.

    Told from the code object, as the module inspect takes a second to import. A callable that
    tells nothing counts as one that needs none and takes many.
    """
    bound = getattr(function, "__func__", None)
    if bound is not None:
        return _less(shape(bound), 1)
    code = getattr(function, "__code__", None)
    if code is None:
        return _shape_of_object(function)
    if code.co_flags & _VARARGS:
        wrapped = getattr(function, "__wrapped__", None)
        if wrapped is not None:
            return shape(wrapped)
        most = _MANY
    else:
        most = code.co_argcount
    return code.co_argcount - len(function.__defaults__ or ()), most


def _shape_of_object(function):
    wrapped = getattr(function, "__wrapped__", None)
    if wrapped is not None:  # functools.lru_cache
        return shape(wrapped)
    inner = getattr(function, "func", None)
    if inner is not None and hasattr(function, "keywords"):  # functools.partial
        return _less(shape(inner), len(function.args))
    if isinstance(function, type):
        return _less(shape(function.__init__), 1)
    call = getattr(type(function), "__call__", None)
    if hasattr(call, "__code__"):
        return _less(shape(call), 1)
    return 0, _MANY


def _less(counts, given):
    least, most = counts
    return max(0, least - given), most if most == _MANY else max(0, most - given)


def is_async(function) -> bool:
    """Whether the callable is written as `async def`, as far as that can be seen."""
    for _ in range(_MOST_WRAPPERS):
        function = getattr(function, "__func__", function)
        code = getattr(function, "__code__", None)
        if code is not None and code.co_flags & _COROUTINE:
            return True
        inner = _wrapped(function) if code is not None else _inner(function)
        if inner is None:
            return False
        function = inner
    return False


def _wrapped(function):
    return getattr(function, "__wrapped__", None)


def _inner(function):
    """What a callable object stands for: a partial's function, or its class's __call__."""
    if hasattr(function, "keywords"):
        return getattr(function, "func", None)
    call = getattr(type(function), "__call__", None)
    return _wrapped(function) or (call if hasattr(call, "__code__") else None)
