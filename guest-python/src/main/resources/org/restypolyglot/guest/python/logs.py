"""What logging and warnings say goes to error.log, at its own level, in one piece.

Each function is called when the guest has imported the module.
"""

import sys

from _resty_polyglot import trace
from _resty_polyglot.console import describe
from _resty_polyglot.trace import format_exception


def after_logging(logging, log):
    """Records that would go to standard output or error go to error.log, at their level.

    The level is INFO, not WARNING, unless the guest sets one, as nginx's error_log has its own.
    """
    to_stream = logging.StreamHandler.emit
    tell_error = logging.Handler.handleError

    def emit(self, record):
        """Writes a record."""
        if self.stream not in (sys.__stderr__, sys.__stdout__):  # a file, or what stands for them
            to_stream(self, record)
            return
        try:
            log(_level(record.levelno), self.format(record).removesuffix("\n"))
        except RecursionError:
            raise
        except Exception:
            self.handleError(record)

    def handleError(self, record):
        """Tells of a record that could not be written."""
        if sys.stderr is not sys.__stderr__:
            tell_error(self, record)
        elif logging.raiseExceptions:
            log(
                "ERROR",
                f"--- Logging error ---\n{format_exception(sys.exception())}"
                f'Logged by:\n  File "{record.pathname}", line {record.lineno}, '
                f"in {record.funcName}\n"
                f"Message: {describe(record.msg)}\nArguments: {describe(record.args)}",
            )

    class Formatter(logging.Formatter):
        """The logger's name and the message; the line has its level from nginx."""

        def formatMessage(self, record):
            message = record.message
            return message if record.name == "root" else f"{record.name}: {message}"

    class LastResort(logging.NullHandler):
        """For records that captureWarnings() would lose where the root logger has no handler."""

        def handle(self, record):
            """Hands the record on."""
            if not logging.root.handlers and logging.lastResort is not None:
                logging.lastResort.handle(record)

    basic = logging.basicConfig

    def basicConfig(**kwargs):
        """Configures the root logger."""
        basic(**kwargs)
        for handler in logging.root.handlers:
            formatter = handler.formatter
            to_log = getattr(handler, "stream", None) in (sys.__stderr__, sys.__stdout__)
            if to_log and formatter is not None and formatter._fmt == logging.BASIC_FORMAT:
                handler.setFormatter(Formatter())

    logging.StreamHandler.emit = emit
    logging.Handler.handleError = handleError
    logging.basicConfig = basicConfig
    logging.lastResort.setLevel(logging.NOTSET)
    logging.lastResort.setFormatter(Formatter())
    logging.root.setLevel(logging.INFO)
    logging.getLogger("py.warnings").addHandler(LastResort())


def _level(number):
    """nginx's level for one of logging's."""
    if number >= 40:
        return "ERROR"
    if number >= 30:
        return "WARN"
    return "INFO" if number >= 20 else "DEBUG"


def after_warnings(warnings, log):
    """A warning is one entry of the log."""
    show = warnings._showwarnmsg_impl

    def _showwarnmsg_impl(message):
        """Writes a warning."""
        if message.file is None and sys.stderr is sys.__stderr__:
            log("WARN", warnings._formatwarnmsg(message).removesuffix("\n"))
        else:
            show(message)

    warnings._showwarnmsg_impl = _showwarnmsg_impl


def after_traceback(traceback, log):
    """The module's own texts, and so logging's, have the frames that CPython's would have."""
    walk = traceback._walk_tb_with_full_positions

    def _walk_tb_with_full_positions(tb):
        for entry in trace.entries(tb):
            yield next(walk(entry))

    traceback._walk_tb_with_full_positions = _walk_tb_with_full_positions
