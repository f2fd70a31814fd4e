"""One runtime: loads the user's module and runs its handlers."""

import _thread
import builtins
import posix
import sys
from types import SimpleNamespace

from _resty_polyglot import (
    console,
    entry,
    failures,
    gate,
    library,
    native,
    packages,
    processes,
    repairs,
    sources,
)
from _resty_polyglot.callables import is_async
from _resty_polyglot.failures import Refused
from _resty_polyglot.task import Task

_STDIN = 0


def start(host):
    """Prepares the context; returns the functions that the host calls."""
    guest = Guest(host)
    sys.argv = [""]  # as in other programs that embed Python
    builtins.exit = builtins.quit = sys.exit  # as the module site does, which is not imported
    processes.refuse()
    repairs.apply()
    after_import = console.hooks(host) | processes.hooks()
    after_import["asyncio"] = guest.after_asyncio
    if host.has_java:
        after_import["java"] = lambda java: gate.refuse_java_class(java, host.permits_java)
    sys.meta_path.insert(0, gate.Gate(host, after_import))
    library.import_before(host.library_modules.split())
    return SimpleNamespace(
        load=guest.load,
        dispatch=guest.make_dispatch(),
        cancel=guest.cancel,
        turn=guest.turn,
        dispose=guest.dispose,
    )


class Guest:
    """The state of a runtime; all of it belongs to the home thread."""

    def __init__(self, host):
        self._host = host
        self._reply = host.reply
        self._home = _thread.get_ident()
        self._loop = None
        self._module = None
        self._module_name = ""
        self._entry = ""
        self._handlers = None

    def load(
        self,
        module: str,
        entry_name: str,
        config: "str | None",
        roots: str,
        venv: "str | None",
        prefix: "str | None",
    ) -> None:
        """Imports the module and calls its entry; ends with host.loaded()."""
        self._module_name = module
        self._entry = entry_name
        try:
            sources.install(self._host, roots.split("\0"))
            sys.meta_path.append(native.NativeFinder(self._host, sources.user_folders))
            if venv is not None:
                packages.install(self._host, venv, prefix)
            self._module = entry.import_module(self._host, module)
            made = entry.call(self._module, entry_name, config)
            if _is_awaitable(made):
                self.loop().start(made, self._finish_load)
            else:
                self._take(made)
        except BaseException as error:
            self._fail_load(error)
        self._arm()

    def _finish_load(self, task):
        try:
            self._take(task.result())
        except BaseException as error:
            self._fail_load(error)

    def _take(self, made):
        self._handlers = entry.handlers(self._module, self._module_name, self._entry, made)
        if self._handlers.any_async() or is_async(getattr(self._module, "dispose", None)):
            self.loop()  # now, as neither the first call nor dispose() should wait for it
        self._host.note_library_modules("\n".join(library.imported()))
        self._host.loaded()

    def _fail_load(self, error):
        if isinstance(error, entry.ImportFailed):
            rc, _, traceback = failures.told(error.error)
            self._host.loaded(rc, error.text, traceback)
        else:
            self._host.loaded(*failures.told(error))

    def make_dispatch(self):
        """The function that runs a handler; see PythonGuest.java for what it returns.

        A closure, as the names of one are quicker to read than attributes.
        """
        host = self._host
        stdin = posix.dup(_STDIN)  # a guest may close its own
        read = posix.read

        def dispatch(method, size, ref):
            try:
                if size > 0:
                    try:
                        req = read(stdin, size)
                    except OSError:
                        req = host.request_text().encode("latin-1")
                else:
                    req = None if size < 0 else b""
                handler = self._handlers.find(method)
                result = handler(req, Task(host, method, ref))
                kind = type(result)
                if kind is not bytes and result is not None and kind is not str:
                    result = self._convert(result, method, ref)
            except BaseException as error:
                result = self._fail(ref, error)
            if self._loop is not None:
                self._loop.arm()
            return result

        return dispatch

    def _convert(self, result, method, ref):
        """A reply, or the asyncio.Task that will have one."""
        if not _is_awaitable(result):
            return _payload(result, method)

        def answer(task):
            if task.cancelled():
                if not self._host.drop_cancelled(ref):
                    self._host.fail(ref, 1, f'handler "{method}" was cancelled', None)
                return
            error = task.exception()
            if error is not None:
                self._fail(ref, error)
                return
            try:
                self._reply(ref, _payload(task.result(), method))
            except BaseException as refused:
                self._fail(ref, refused)

        return self.loop().start(result, answer)

    def _fail(self, ref, error):
        self._host.fail(ref, *failures.told(error))
        return True

    def cancel(self, task, reason: str) -> None:
        """Nobody waits for the reply of this asyncio.Task any more."""
        task.cancel(reason)
        self._arm()

    def loop(self):
        """The event loop; made, and asyncio imported, when it is first needed."""
        if self._loop is None:
            import asyncio  # noqa: F401 (its hook has to run before our module imports it)

            from _resty_polyglot.loop import RuntimeLoop

            self._loop = RuntimeLoop(self._host)
        return self._loop

    def after_asyncio(self, asyncio):
        """asyncio.get_event_loop() is the runtime's loop on the home thread."""
        from _resty_polyglot.loop import RuntimePolicy, repair

        repair(asyncio)
        asyncio.set_event_loop_policy(RuntimePolicy(self.loop, self._home))

    def _arm(self):
        if self._loop is not None:
            self._loop.arm()

    def turn(self, by_timer: bool) -> None:
        """Runs what is ready on the event loop."""
        if self._loop is not None:
            self._loop.turn(by_timer)

    def dispose(self) -> None:
        """Runs the module's dispose() and cleans up, whatever fails; ends with host.disposed()."""
        result = failure = None
        try:
            dispose = getattr(self._module, "dispose", None)
            result = dispose() if callable(dispose) else None
        except BaseException as error:
            failure = error
        try:
            if self._loop is not None or _is_awaitable(result):
                self.loop().start(
                    self.loop().finish(result),
                    lambda task: self._end_dispose(_first(failure, _failure_of(task))),
                )
            else:
                self._end_dispose(failure)
        except BaseException as error:
            self._end_dispose(_first(failure, error))
        self._arm()

    def _end_dispose(self, failure):
        atexit = sys.modules.get("atexit")
        try:
            if atexit is not None:
                atexit._run_exitfuncs()
        except BaseException:
            pass  # sys.exit(), or what GraalPy has printed
        if failure is None:
            self._host.disposed()
        else:
            self._host.disposed(*failures.told(failure))


def _is_awaitable(value) -> bool:
    return hasattr(type(value), "__await__")


def _failure_of(task):
    """What a task that runs RuntimeLoop.finish() has raised or returned."""
    if task.cancelled():
        return None
    error = task.exception()
    return task.result() if error is None else error


def _first(failure, later):
    return later if failure is None else failure


def _payload(result, method):
    """What the host takes as a reply: bytes, str or None."""
    if result is None or type(result) in (bytes, str):
        return result
    if isinstance(result, str):
        return str.__str__(result)  # its own __str__ is for people: "Color.RED"
    try:
        view = memoryview(result)
    except TypeError:
        name = type(result).__name__
        raise Refused(
            f'handler "{method}" returned {name}; return bytes, str or None'
        ) from None
    return view.tobytes()
