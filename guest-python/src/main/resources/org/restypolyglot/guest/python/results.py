"""What a handler returned, as a reply."""

from _resty_polyglot.failures import Refused

_JSON = "json.dumps() makes a str of it"
_HINTS = {
    "coroutine": "await it",
    "generator": 'b"".join() makes one reply of its parts',
    "async_generator": "collect its parts to one reply",
    "Future": "asyncio.wrap_future() makes something to await of it",
    "dict": _JSON,
    "list": _JSON,
}


def is_awaitable(value) -> bool:
    """Whether the reply comes later."""
    return hasattr(type(value), "__await__")


def payload(result, method: str) -> "bytes | str | None":
    """What the host takes as a reply."""
    if result is None or type(result) in (bytes, str):
        return result
    if isinstance(result, str):
        return str.__str__(result)  # its own __str__ is for people: "Color.RED"
    try:
        view = memoryview(result)
    except TypeError:
        name = type(result).__name__
        hint = f" ({_HINTS[name]})" if name in _HINTS else ""
        raise Refused(
            f'handler "{method}" returned {name}; return bytes, str or None{hint}'
        ) from None
    return view.tobytes()
