"""Changes modules of the standard library to fit into nginx, and has uncaught errors logged.

Nothing is imported for it, of ours neither: each change is made when the guest has imported the
module.
"""

import _thread
import sys

_TIME_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo")


def hooks(host) -> dict:
    """What to do after which import."""
    log = host.log

    def after_threading(threading):
        host.share_gil()  # threads take turns from now on

    return {
        "logging": lambda module: _change("logs", module, log),
        "signal": lambda module: _change("signals", module, log),
        "threading": after_threading,
        "traceback": lambda module: _change("logs", module, log),
        "warnings": lambda module: _change("logs", module, log),
        "zoneinfo": _after_zoneinfo,
    }


def _change(file, module, log):
    ours = __import__(f"_resty_polyglot.{file}", fromlist=[file])
    getattr(ours, f"after_{module.__name__}")(module, log)


class ExceptHookArgs(tuple):
    """What threading.excepthook is called with; GraalPy's _thread has neither of the two."""

    __slots__ = ()

    exc_type = property(lambda self: self[0])
    exc_value = property(lambda self: self[1])
    exc_traceback = property(lambda self: self[2])
    thread = property(lambda self: self[3])


def log_uncaught(log) -> None:
    """Logs what ends a thread, or is raised where nobody can catch it.

    Where the guest has put something in the place of sys.stderr, it goes there.
    """

    def tell(text):
        if sys.stderr is sys.__stderr__ or sys.stderr is None:
            log("ERROR", text)
        else:
            print(text, file=sys.stderr)

    def excepthook(kind, error, tb):
        """Tells of an error that nobody has caught."""
        from _resty_polyglot.trace import format_exception

        tell(format_exception(error).removesuffix("\n"))

    def unraisablehook(unraisable):
        """Tells of an error that nobody can catch."""
        from _resty_polyglot.trace import format_exception

        words = unraisable.err_msg or "Exception ignored in"
        error = unraisable.exc_value
        text = unraisable.exc_type.__name__ if error is None else format_exception(error)
        tell(f"{words}: {describe(unraisable.object)}\n{text}".removesuffix("\n"))

    def threads_excepthook(args, /):
        """Tells what ended a thread."""
        from _resty_polyglot.trace import format_exception

        if args.exc_type is not SystemExit:
            name = "a thread" if args.thread is None else f"thread {args.thread.name}"
            tell(f"Exception in {name}:\n{format_exception(args.exc_value)}".removesuffix("\n"))

    threads_excepthook.__name__ = threads_excepthook.__qualname__ = "excepthook"
    _thread._excepthook = threads_excepthook
    _thread._ExceptHookArgs = ExceptHookArgs
    sys.excepthook = sys.__excepthook__ = excepthook
    sys.unraisablehook = sys.__unraisablehook__ = unraisablehook


def describe(value) -> str:
    """repr(), whatever happens there."""
    try:
        return repr(value)
    except BaseException:
        return f"an object of type {type(value).__name__}"


def _after_zoneinfo(zoneinfo):
    """GraalPy does not know where the system's time zones are."""
    if not zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(to=_TIME_ZONES)
