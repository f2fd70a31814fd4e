"""The module resty_ffi: what handlers get, for annotations and for tests of them.

The same file is dist/python/resty_ffi/__init__.py, so that handlers can be imported, and tested,
by any Python. Its types are in the stub beside that.
"""

from time import monotonic

Request = bytes | None
Reply = bytes | bytearray | memoryview | str | None


class _Nobody:
    """Who has made a task that is for a test: nothing happens to it."""

    def is_cancelled(self, ref):
        return False

    def seconds_left(self, ref):
        return None


class Task:
    """The call that a handler answers."""

    __slots__ = ("_host", "_ref", "method")

    def __init__(self, method="call", _host=_Nobody(), _ref=None):
        self._host = _host
        self._ref = _ref
        self.method = method

    @property
    def cancelled(self):
        """Whether nobody waits for the reply any more; may change at any time."""
        return self._host.is_cancelled(self._ref)

    @property
    def deadline(self):
        """When the call times out, on the clock of time.monotonic(); None for never."""
        left = self._host.seconds_left(self._ref)
        return None if left is None else monotonic() + left

    def __repr__(self):
        return f"<task {self.method!r}>"


def __getattr__(name):
    """The protocol, made when it is asked for: typing takes its time to import."""
    if name != "Handler":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from typing import Protocol

    class Handler(Protocol):
        """Answers a call."""

        def __call__(self, req, task, /): ...

    Handler.__module__ = __name__
    globals()["Handler"] = Handler
    return Handler
