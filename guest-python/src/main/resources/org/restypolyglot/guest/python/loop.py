"""The runtime's asyncio event loop, which never blocks the home thread."""

import asyncio
import sys
import threading
from asyncio import events

from _resty_polyglot import failures, forgotten, posix_backend, signals
from _resty_polyglot.selector import WaitingSelector

_STEP = asyncio.Task._Task__step.__code__


class RuntimeLoop(asyncio.SelectorEventLoop):
    """A loop that runs in turns which the host gives it, instead of running forever.

    The home thread is asked for a turn when something is ready, by a timer when something will be,
    and by the selector's thread when a descriptor is. All that enters the runtime ends with arm().
    """

    def __init__(self, host):
        self._turn_soon = host.turn_soon
        self._turn_later = host.turn_later
        self._log = host.log
        self._asked = False
        self._timer_at = None
        self.forgotten = forgotten.Forgotten(self)
        super().__init__(WaitingSelector(host.wait_beside, self._write_to_self))
        self._thread_id = threading.get_ident()  # makes is_running() true, for good
        sys.set_asyncgen_hooks(
            firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook
        )

    def _make_self_pipe(self):
        """Other threads wake the loop through the host."""

    def _close_self_pipe(self):
        """There is none."""

    def _write_to_self(self):
        # The flag is set before the host is asked and cleared before the queue is looked at, so
        # what another thread has added before it saw the flag is seen.
        if not self._asked:
            self._asked = True
            self._turn_soon()

    add_signal_handler = staticmethod(signals.refuse_in_loop)

    def start(self, awaitable, done):
        """Runs an awaitable up to its first wait, at once; done(task) is called in the end."""
        if not asyncio.iscoroutine(awaitable) and not asyncio.isfuture(awaitable):
            awaitable = _wait_for(awaitable)
        before = events._get_running_loop()
        events._set_running_loop(self)
        try:
            if asyncio.isfuture(awaitable):
                task = awaitable
            else:
                task = asyncio.Task(awaitable, loop=self, eager_start=True)
        except (SystemExit, KeyboardInterrupt) as error:
            self.forgotten.is_told(error)  # by who called us
            raise
        finally:
            events._set_running_loop(before)
        if task.done():
            done(task)
        else:
            task.add_done_callback(done)
        return task

    def turn(self, by_timer):
        """Runs what is ready now."""
        if by_timer:
            self._timer_at = None
        else:
            self._asked = False
        events._set_running_loop(self)
        try:
            self._run_once()
        except (SystemExit, KeyboardInterrupt) as error:
            self._tell(error)
        finally:
            events._set_running_loop(None)
            self.arm()

    def _tell(self, error):
        """asyncio lets these through; a task has them as its result, a callback tells nobody."""
        tb = error.__traceback__
        while tb is not None:
            if tb.tb_frame.f_code is _STEP:
                return
            tb = tb.tb_next
        self._log("ERROR", f"in a callback: {failures.told(error)[2]}")

    def arm(self):
        """Asks for the next turn. Called when the home thread is about to leave the runtime."""
        if self._ready:
            self._write_to_self()
        elif self._scheduled:
            when = self._scheduled[0]._when
            if self._timer_at is None or when < self._timer_at:
                self._timer_at = when
                self._turn_later(when - self.time())
        self._selector.rearm()

    def rest(self):
        """Gets the thread that waits for descriptors out of its waiting, until the next arm()."""
        self._selector.rest()

    async def finish(self, dispose, lifespan, threads):
        """Awaits the module's dispose(), then ends all that is left; returns the first failure."""

        async def disposed():
            if dispose is not None:
                await dispose

        async def left():
            if lifespan is not None:
                await lifespan.leave()

        async def executor_ended():
            if self._default_executor is not None:
                await self.shutdown_default_executor(threads.seconds_left())

        failure = None
        for step in (
            disposed,
            left,
            self._cancel_all,
            self.shutdown_asyncgens,
            executor_ended,
            threads.join_async,
        ):
            try:
                await step()
            except asyncio.CancelledError:
                pass
            except BaseException as error:
                if failure is None:
                    failure = error
        self.forgotten.tell_all()
        return failure

    async def _cancel_all(self):
        tasks = asyncio.all_tasks(self) - {asyncio.current_task()}
        for task in tasks:
            task.cancel("the runtime is unloaded")
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                self.call_exception_handler(
                    {"message": "exception in a task that was ended", "exception": result}
                )


async def _wait_for(awaitable):
    return await awaitable


def repair(asyncio):
    """Mends what GraalPy 25.0.3 lacks.

    Its own _swap_current_task() keeps no task, so that there were no eager ones; failures that
    nobody asks for are never told.
    """
    asyncio.tasks._swap_current_task = asyncio.tasks._py_swap_current_task
    forgotten.watch()
    posix_backend.after_asyncio(asyncio)


class RuntimePolicy(asyncio.DefaultEventLoopPolicy):
    """Gives the home thread the runtime's loop, where the guest has set no other."""

    def __init__(self, runtime_loop, home):
        super().__init__()
        self._runtime_loop = runtime_loop
        self._home = home

    def get_event_loop(self):
        """The loop that was set, else the runtime's."""
        if self._local._loop is None and threading.get_ident() == self._home:
            return self._runtime_loop()
        return super().get_event_loop()
