"""Tells of failures of tasks and futures that nobody asks for.

asyncio does when such a future is freed (in its __del__, which GraalPy never calls); here it is
when ten seconds have gone by, or at unload.
"""

import asyncio

_SECONDS = 10


class Forgotten:
    """The failed futures of a loop whose failure nobody has asked for; the loop's thread alone."""

    def __init__(self, loop):
        self._loop = loop
        self._fresh = []
        self._kept = []
        self._looks = False

    def note(self, future):
        """A future has failed; most are asked at once."""
        self._fresh.append(future)
        if len(self._fresh) == 1:
            self._loop.call_soon(self._sift)

    def is_told(self, error):
        """Nobody needs to ask for this failure of a future any more."""
        for future in self._fresh:
            if future._exception is error:
                future._log_traceback = False

    def _sift(self):
        now = self._loop.time()
        self._kept += [(now, future) for future in self._fresh if future._log_traceback]
        self._fresh.clear()
        self._look_later()

    def _look_later(self):
        if self._kept and not self._looks:
            self._looks = True
            self._loop.call_at(self._kept[0][0] + _SECONDS, self._look)

    def _look(self):
        self._looks = False
        until = self._loop.time() - _SECONDS
        late = [future for since, future in self._kept if since <= until]
        self._kept = [
            (since, future)
            for since, future in self._kept
            if since > until and future._log_traceback
        ]
        self._tell(late, f"was not retrieved within {_SECONDS} s")
        self._look_later()

    def _tell(self, futures, what):
        for future in futures:
            if future._log_traceback:
                future._log_traceback = False
                self._loop.call_exception_handler(
                    {
                        "message": f"{type(future).__name__} exception {what}",
                        "exception": future._exception,
                        "future": future,
                    }
                )

    def tell_all(self):
        """The loop ends."""
        futures = [future for _, future in self._kept] + self._fresh
        self._kept = []
        self._fresh = []
        self._tell(futures, "was never retrieved")


def watch() -> None:
    """Has every future of a loop that has `forgotten` noted there when it fails."""
    future_class = asyncio.futures._PyFuture
    set_exception = future_class.set_exception

    def set_exception_and_note(self, exception):
        """Marks the future done and sets an exception."""
        set_exception(self, exception)
        forgotten = getattr(self._loop, "forgotten", None)
        if forgotten is not None:
            forgotten.note(self)

    future_class.set_exception = set_exception_and_note
