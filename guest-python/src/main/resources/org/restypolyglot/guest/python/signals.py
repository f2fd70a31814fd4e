"""Refuses to handle and to send signals: they are nginx's; Python must not take them from it."""

_REASON = "signals are not possible: the process's signals are nginx's"
_REFUSED = (
    "alarm",
    "pause",
    "pthread_kill",
    "raise_signal",
    "set_wakeup_fd",
    "setitimer",
    "siginterrupt",
    "signal",
)


def after_signal(signal, log) -> None:
    """After the module's import: what would handle or send a signal raises.

    With a ValueError, as signal.signal() does in a thread that is not the main thread: code that
    runs in other threads, too, is prepared for that.
    """
    for name in _REFUSED:
        if hasattr(signal, name):
            setattr(signal, name, _refusal(name))


def _refusal(name):
    def refused(*args, **kwargs):
        """What a thread that is not the main thread gets from signal.signal()."""
        raise ValueError(f"signal.{name}: {_REASON}")

    return refused


def refuse_in_loop(*args):
    """For the loop's add_signal_handler(): what it raises where a platform has no signals."""
    raise NotImplementedError(f"loop.add_signal_handler: {_REASON}")
