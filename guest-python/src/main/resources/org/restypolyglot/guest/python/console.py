"""Changes modules of the standard library to fit into nginx.

What they say goes to error.log, at its own level. Nothing is imported for it: each function is
called when the guest has imported the module.
"""

import sys

from _resty_polyglot.trace import format_exception


_TIME_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo")


def hooks(host) -> dict:
    """What to do after which import."""
    return {
        "logging": lambda module: _after_logging(module, host.log),
        "threading": lambda module: _after_threading(module, host),
        "signal": _after_signal,
        "zoneinfo": _after_zoneinfo,
    }


def _after_logging(logging, log):
    """Records that would go to standard output or error go to error.log, at their level.

    The level is INFO, not WARNING, unless the guest sets one, as nginx's error_log has its own.
    """
    to_stream = logging.StreamHandler.emit

    def emit(self, record):
        """Writes a record."""
        if self.stream not in (sys.stderr, sys.stdout, sys.__stderr__, sys.__stdout__):
            to_stream(self, record)
            return
        try:
            log(_level(record.levelno), self.format(record))
        except RecursionError:
            raise
        except Exception:
            self.handleError(record)

    class Formatter(logging.Formatter):
        """The logger's name and the message; the line has its level from nginx."""

        def formatMessage(self, record):
            message = record.message
            return message if record.name == "root" else f"{record.name}: {message}"

    basic = logging.basicConfig

    def basicConfig(**kwargs):
        """Configures the root logger."""
        basic(**kwargs)
        for handler in logging.root.handlers:
            formatter = handler.formatter
            if formatter is not None and formatter._fmt == logging.BASIC_FORMAT:
                handler.setFormatter(Formatter())

    logging.StreamHandler.emit = emit
    logging.basicConfig = basicConfig
    logging.lastResort.setLevel(logging.NOTSET)
    logging.lastResort.setFormatter(Formatter())
    logging.root.setLevel(logging.INFO)


def _level(number):
    """nginx's level for one of logging's."""
    if number >= 40:
        return "ERROR"
    if number >= 30:
        return "WARN"
    return "INFO" if number >= 20 else "DEBUG"


def _after_threading(threading, host):
    """Uncaught errors of threads go to error.log; and threads take turns (GilSwitching.java)."""
    host.share_gil()
    log = host.log

    def excepthook(args):
        """Logs what ended a thread."""
        if args.exc_type is not SystemExit:
            name = "a thread" if args.thread is None else f"thread {args.thread.name}"
            log("ERROR", f"Exception in {name}:\n{format_exception(args.exc_value)}")

    threading.excepthook = excepthook
    threading.__excepthook__ = excepthook


def _after_signal(signal):
    """Signals are nginx's: Python must not take them from it."""

    def refuse(signum, handler):
        """What signal() does in a thread that is not the main thread."""
        raise ValueError("signal handlers are not possible: the process's signals are nginx's")

    signal.signal = refuse


def _after_zoneinfo(zoneinfo):
    """GraalPy does not know where the system's time zones are."""
    if not zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(to=_TIME_ZONES)
