"""Context managers around a runtime: what the entry returned is entered, and left at unload."""

import sys

from _resty_polyglot.failures import Refused


def of(made, host, loop) -> "Sync | Async":
    """The lifespan for a context manager that the entry returned.

    Objects with handlers may be context managers themselves. An asynchronous one is preferred.
    """
    return Async(made, host, loop()) if hasattr(type(made), "__aexit__") else Sync(made)


class Sync:
    """A `with` statement."""

    def __init__(self, manager):
        self._manager = manager
        self._entered = False

    def enter(self, take, fail):
        """Calls take(handlers); raises what that raises."""
        value = type(self._manager).__enter__(self._manager)
        try:
            take(self._manager if value is None else value)
        except BaseException:
            type(self._manager).__exit__(self._manager, *sys.exc_info())
            raise
        self._entered = True

    async def leave(self):
        """Ends the `with` statement."""
        self.leave_now()

    def leave_now(self):
        """Ends the `with` statement."""
        if self._entered:
            self._entered = False
            type(self._manager).__exit__(self._manager, None, None, None)


class Async:
    """An `async with` statement, in one task from its begin to its end, as task groups need it."""

    def __init__(self, manager, host, loop):
        self._manager = manager
        self._log = host.log
        self._loop = loop
        self._end = loop.create_future()
        self._task = None
        self._taken = False
        self._leaving = False

    def enter(self, take, fail):
        """Calls take(handlers), or fail(error), now or later."""

        def ended(task):
            error = None if task.cancelled() else task.exception()
            if not self._taken:
                text = "the context manager that the entry returned did not let its handlers serve"
                fail(Refused(text) if error is None else error)
            elif not self._leaving:
                self._tell(error)

        self._task = self._loop.start(self._run(take), ended)

    async def _run(self, take):
        # Not `async with`: GraalPy 25.0.3 calls __aexit__ even when __aenter__ has raised.
        kind = type(self._manager)
        value = await kind.__aenter__(self._manager)
        try:
            take(self._manager if value is None else value)
            self._taken = True
            await self._end
        except BaseException:
            if not await kind.__aexit__(self._manager, *sys.exc_info()):
                raise
        else:
            await kind.__aexit__(self._manager, None, None, None)

    def _tell(self, error):
        words = "the context manager that the entry returned has ended, though the runtime has not"
        if error is None:
            self._log("ERROR", words)
        else:
            self._loop.call_exception_handler({"message": words, "exception": error})

    async def leave(self):
        """Ends the `async with` statement."""
        if not self._task.done():
            self._leaving = True
            self._end.set_result(None)
            await self._task

    def leave_now(self):
        """Nothing: leave() has done it."""
