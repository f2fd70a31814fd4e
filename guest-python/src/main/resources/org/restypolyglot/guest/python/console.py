"""Changes modules of the standard library to fit into nginx.

Nothing is imported for it: each function is called when the guest has imported the module.
"""

from _resty_polyglot import logs, signals


_TIME_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo")


def hooks(host) -> dict:
    """What to do after which import."""
    after = logs.hooks(host.log)
    log_threads = after["threading"]

    def after_threading(threading):
        host.share_gil()  # threads take turns from now on
        log_threads(threading)

    after["threading"] = after_threading
    after["signal"] = signals.refuse
    after["unicodedata"] = _after_unicodedata
    after["zoneinfo"] = _after_zoneinfo
    return after


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


def _after_unicodedata(unicodedata):
    """GraalPy has those tables in a C extension only, and every TLS client asks for them."""
    unicodedata.ucd_3_2_0 = _Unicode320(unicodedata)
