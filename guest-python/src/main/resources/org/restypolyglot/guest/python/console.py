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
    after["zoneinfo"] = _after_zoneinfo
    return after


def _after_zoneinfo(zoneinfo):
    """GraalPy does not know where the system's time zones are."""
    if not zoneinfo.TZPATH:
        zoneinfo.reset_tzpath(to=_TIME_ZONES)
