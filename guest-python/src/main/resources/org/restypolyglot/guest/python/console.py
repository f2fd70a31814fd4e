"""Changes modules of the standard library to fit into nginx, and has uncaught errors logged.

Nothing is imported for it, of ours neither: each change is made when the guest has imported the
module.
"""

import sys

_TIME_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo")


def hooks(host) -> dict:
    """What to do after which import."""
    log = host.log

    def after_threading(threading):
        host.share_gil()  # threads take turns from now on
        _change("logs", threading, log)

    return {
        "logging": lambda module: _change("logs", module, log),
        "signal": lambda module: _change("signals", module, log),
        "threading": after_threading,
        "traceback": lambda module: _change("logs", module, log),
        "unicodedata": lambda module: _after_unicodedata(module, host),
        "warnings": lambda module: _change("logs", module, log),
        "zoneinfo": _after_zoneinfo,
    }


def _change(file, module, log):
    ours = __import__(f"_resty_polyglot.{file}", fromlist=[file])
    getattr(ours, f"after_{module.__name__}")(module, log)


def log_uncaught(log) -> None:
    """Logs what ends a thread, or is raised where nobody can catch it."""

    def excepthook(kind, error, tb):
        """Logs an error that nobody has caught."""
        from _resty_polyglot.trace import format_exception

        log("ERROR", format_exception(error))

    def unraisablehook(unraisable):
        """Logs an error that nobody can catch."""
        from _resty_polyglot.trace import format_exception

        words = unraisable.err_msg or "Exception ignored in"
        error = unraisable.exc_value
        text = unraisable.exc_type.__name__ if error is None else format_exception(error)
        log("ERROR", f"{words}: {describe(unraisable.object)}\n{text}")

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


class _Unicode320:
    """unicodedata as of Unicode 3.2, which names of hosts are made with; newer characters count."""

    unidata_version = "3.2.0"

    def __init__(self, unicodedata):
        self._now = unicodedata

    def __getattr__(self, name):
        return getattr(self._now, name)


def _after_unicodedata(unicodedata, host):
    """What GraalPy has in a C extension only: see UnicodeTables.java."""

    def east_asian_width(chr, /):
        """Returns the east asian width assigned to the character chr as string."""
        return host.east_asian_width(ord(chr))

    def combining(chr, /):
        """Returns the canonical combining class assigned to the character chr as integer."""
        return host.combining(ord(chr))

    def lookup(name, /):
        """Look up character by name."""
        found = host.character_named(name)
        if found is None:
            raise KeyError(f"undefined character name '{name}'")
        return found

    unicodedata.east_asian_width = east_asian_width
    unicodedata.combining = combining
    unicodedata.lookup = lookup
    unicodedata.ucd_3_2_0 = _Unicode320(unicodedata)
