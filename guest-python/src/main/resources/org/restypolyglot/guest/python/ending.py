"""The end of a runtime, as a Python program ends: threads, atexit, generators."""

import sys
from time import monotonic, sleep

from _resty_polyglot.failures import told

_SECONDS = 1.0
_STEP_SECONDS = 0.005
_MOST_VALUES = 20_000


class Threads:
    """Waits for the guest's threads, for a second at most; what is left ends with the context."""

    def __init__(self):
        self._until = None
        self._joining = None

    def seconds_left(self) -> float:
        """Of the second, which counts from the first call of this."""
        if self._until is None:
            self._until = monotonic() + _SECONDS
        return max(0.0, self._until - monotonic())

    def join(self) -> None:
        """Waits, and does nothing else."""
        while not self._is_over():
            sleep(_STEP_SECONDS)

    async def join_async(self) -> None:
        """Waits while the event loop serves the threads."""
        import asyncio

        while not self._is_over():
            await asyncio.sleep(_STEP_SECONDS)

    def _is_over(self):
        if self._joining is None:
            self._joining = _start_to_join() or False
        return not self._joining or not self._joining.is_alive() or self.seconds_left() == 0


def _start_to_join():
    """A thread that waits for all that are no daemons, and for what executors have begun."""
    threading = sys.modules.get("threading")
    if threading is None:
        return None
    here = (threading.current_thread(), threading.main_thread())
    left = [t for t in threading.enumerate() if not t.daemon and t not in here]
    calls = list(threading._threading_atexits)  # concurrent.futures ends its threads there
    if not left and not calls:
        return None

    def join():
        for call in reversed(calls):
            call()
        for thread in left:
            thread.join()

    joining = threading.Thread(target=join, name="unload", daemon=True)
    joining.start()
    return joining


def run_atexit() -> None:
    """Runs what the guest has registered with the module atexit."""
    atexit = sys.modules.get("atexit")
    try:
        if atexit is not None:
            atexit._run_exitfuncs()
    except BaseException:
        pass  # sys.exit(), or what GraalPy has told sys.excepthook


def close_generators(log, roots) -> None:
    """Runs the `finally` blocks of generators and coroutines that wait in one.

    CPython does when modules and what belongs to them goes away. Looked for in what can be reached
    from the roots through containers, closures and the attributes of objects.
    """
    seen: "set[int]" = set()
    kept = []  # so that no id is used twice
    pending = list(roots)
    while pending and len(kept) < _MOST_VALUES:
        value = pending.pop()
        kind = type(value)
        if kind in _PLAIN or id(value) in seen:
            continue
        seen.add(id(value))
        kept.append(value)
        if kind in _SUSPENDED:
            _close(log, value)
        else:
            pending += _within(value, kind)


def _close(log, generator):
    try:
        generator.close()
    except BaseException as error:
        if not (isinstance(error, ValueError) and "already executing" in str(error)):
            log("ERROR", f"Exception ignored in: {generator!r}\n{told(error)[2]}")


def _within(value, kind):
    """What a value holds, as far as that can be seen without running code of the user's."""
    if issubclass(kind, dict):
        return list(dict.values(value))
    for container in (list, tuple, set, frozenset):
        if issubclass(kind, container):
            return list(container.__iter__(value))
    if kind is _FUNCTION:
        return [cell.cell_contents for cell in value.__closure__ or () if _is_full(cell)]
    if kind is _METHOD:
        return [value.__self__]
    if kind.__module__ in ("functools", "collections") and kind.__name__ in ("partial", "deque"):
        return [value.func, *value.args] if kind.__name__ == "partial" else list(value)
    try:
        return list(object.__getattribute__(value, "__dict__").values())
    except (AttributeError, TypeError):
        return []


def _is_full(cell):
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _generator():
    yield


async def _coroutine():
    pass


class _Any:
    def method(self):
        pass


_never_run = _coroutine()
_SUSPENDED = (type(_generator()), type(_never_run))
_never_run.close()
_FUNCTION = type(_generator)
_METHOD = type(_Any().method)
_PLAIN = frozenset((int, float, bool, str, bytes, type(None), type, type(sys)))
