"""How an exception of the user's becomes what Lua and the log get."""

_MIN_RC, _MAX_RC = -(1 << 31), (1 << 31) - 1


class Refused(Exception):
    """A failure that we tell of ourselves: its text says all, there is no traceback."""


def told(error: BaseException) -> "tuple[int, str, str | None]":
    """What Lua gets as rc and err, and the traceback for the log.

    Never raises, whatever code of the user's the exception runs: a call must be answered.
    """
    return (
        _safely(_rc_of, error, 1),
        _safely(message_of, error, "a failure that cannot be told"),
        _safely(_traceback_of, error, "a failure whose traceback cannot be told"),
    )


def _safely(function, error, otherwise):
    try:
        return function(error)
    except BaseException:
        return otherwise


def _rc_of(error):
    """The exception's integer attribute `rc`, else 1."""
    rc = getattr(error, "rc", None)
    if isinstance(rc, int) and not isinstance(rc, bool):
        rc = int.__int__(rc)
        if _MIN_RC <= rc <= _MAX_RC:
            return rc or 1
    return 1


def text_of(error: BaseException) -> str:
    """What str() gives in CPython."""
    text = str(error)
    if isinstance(error, SystemError):  # GraalPy's own failure
        return text.partition("\n\nJava stack trace:")[0]
    if type(error) is SystemExit and error.code is None:
        return ""
    return text


def message_of(error: BaseException) -> str:
    """The exception's text, or its class's name where there is none."""
    try:
        text = text_of(error)
    except BaseException:
        text = ""
    return _encodable(text or type(error).__name__)


def describe(error: BaseException) -> str:
    """Class, text and, where the compiler knows it, the place of an error of a module's load."""
    text = message_of(error)
    if isinstance(error, SyntaxError) and error.filename:
        text = f"{error.msg} ({error.filename}:{error.lineno})"
    name = type(error).__name__
    return name if text == name else f"{name}: {text}"


def _traceback_of(error):
    """The traceback for the log; None where the text says all."""
    if isinstance(error, Refused):
        return None
    from _resty_polyglot.trace import format_exception

    return _encodable(format_exception(error))


def _encodable(text):
    """Java's strings hold lone surrogates, UTF-8 does not."""
    return str.encode(text, "utf-8", "backslashreplace").decode()
