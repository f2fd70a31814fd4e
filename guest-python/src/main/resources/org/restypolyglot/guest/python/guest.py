"""One runtime: loads the user's module and runs its handlers."""

import _thread
import builtins
import posix
import sys
from types import SimpleNamespace

from resty_ffi import Task

from _resty_polyglot import (
    builtin_repairs,
    console,
    entry,
    failures,
    gate,
    library,
    native,
    packages,
    posix_backend,
    processes,
    repairs,
    results,
    sources,
)
from _resty_polyglot.callables import is_async
from _resty_polyglot.results import is_awaitable

_STDIN = 0


def start(host):
    """Prepares the context; returns the functions that the host calls."""
    guest = Guest(host)
    sys.argv = [""]  # as in other programs that embed Python
    builtins.exit = builtins.quit = sys.exit  # as the module site does, which is not imported
    processes.refuse()
    posix_backend.mend(host)
    builtin_repairs.mend(builtins, host)
    console.log_uncaught(host.log)
    after_import = console.hooks(host) | processes.hooks() | posix_backend.hooks(host)
    after_import |= repairs.library_hooks(host)
    after_import["asyncio"] = guest.after_asyncio
    after_import["contextvars"] = lambda module: host.use_call_contexts()
    after_import["pickle"] = _naming_ours(after_import["pickle"], after_import)
    if host.has_java:
        after_import["java"] = lambda java: gate.refuse_java_class(java, host.permits_java)
    for name in after_import.keys() & sys.modules.keys():
        after_import[name](sys.modules[name])
    sys.meta_path.insert(0, gate.Gate(host, after_import))
    native.before_load = guest.rest
    library.import_before(host.library_modules.split())
    return SimpleNamespace(
        load=guest.load,
        dispatch=guest.make_dispatch(),
        cancel=guest.cancel,
        turn=guest.turn,
        dispose=guest.dispose,
    )


def _naming_ours(after_pickle, changed):
    """Nothing else needs the modules of functions, so those that have some of ours wait for it."""

    def after(pickle):
        after_pickle(pickle)
        for name in ("builtins", "posix", "sys", *changed):
            if name in sys.modules:
                gate.name_ours(sys.modules[name])

    return after


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
        self._may_poll = False
        self._handlers = None
        self._lifespan = None

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
            if config is None:  # Java's null is equal to None, but of another type
                config = None
            made, self._may_poll = entry.call(self._host, self._module, entry_name, config)
            if is_awaitable(made):
                self.loop().start(made, self._finish_load)
            else:
                self._take(made)
        except BaseException as error:
            self._fail_load(error)
        self._arm()

    def _finish_load(self, task):
        try:
            context = getattr(task, "get_context", None)  # a future has none
            made = task.result()
            if context is None:
                self._take(made)
            else:
                context().run(self._take, made)
        except BaseException as error:
            self._fail_load(error)

    def _take(self, made):
        if self._may_poll and entry.polls(self._module, self._entry, made):
            self._host.polls_itself()
            self._loaded()
        elif hasattr(type(made), "__aexit__") or hasattr(type(made), "__exit__"):
            from _resty_polyglot import lifespan

            self._lifespan = lifespan.of(made, self._host, self.loop)
            self._lifespan.enter(self._serve, self._fail_load)
        else:
            self._serve(made)

    def _serve(self, made):
        self._handlers = entry.handlers(self._module, self._module_name, self._entry, made)
        if self._handlers.any_async() or is_async(getattr(self._module, "dispose", None)):
            self.loop()  # now, as neither the first call nor dispose() should wait for it
        self._loaded()

    def _loaded(self):
        self._host.note_library_modules("\n".join(library.imported()))
        self._host.keep_call_context()
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
                result = handler(req, Task(method, host, ref))
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
        if not is_awaitable(result):
            return results.payload(result, method)

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
                self._reply(ref, results.payload(task.result(), method))
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

    def rest(self):
        """Before a C extension is loaded: that waits for each thread that waits in Java."""
        if self._loop is not None:
            self._loop.rest()

    def _arm(self):
        if self._loop is not None:
            self._loop.arm()

    def turn(self, by_timer: bool) -> None:
        """Runs what is ready on the event loop."""
        if self._loop is not None:
            self._loop.turn(by_timer)

    def dispose(self) -> None:
        """Runs the module's dispose() and cleans up, whatever fails; ends with host.disposed()."""
        from _resty_polyglot import ending

        threads = ending.Threads()
        result = failure = None
        try:
            dispose = getattr(self._module, "dispose", None)
            result = dispose() if callable(dispose) else None
        except BaseException as error:
            failure = error
        try:
            if self._loop is not None or is_awaitable(result):
                self.loop().start(
                    self.loop().finish(result, self._lifespan, threads),
                    lambda task: self._end_dispose(_first(failure, _failure_of(task)), threads),
                )
            else:
                self._end_dispose(failure, threads)
        except BaseException as error:
            self._end_dispose(_first(failure, error), threads)
        self._arm()

    def _end_dispose(self, failure, threads):
        from _resty_polyglot import ending

        try:
            if self._lifespan is not None:
                self._lifespan.leave_now()
        except BaseException as error:
            failure = _first(failure, error)
        try:
            threads.join()
            ending.run_atexit()
            ending.close_generators(self._host.log, [self._handlers, *sources.globals_of_modules()])
        except BaseException as error:
            failure = _first(failure, error)
        if failure is None:
            self._host.disposed()
        else:
            self._host.disposed(*failures.told(failure))


def _failure_of(task):
    """What a task that runs RuntimeLoop.finish() has raised or returned."""
    if task.cancelled():
        return None
    error = task.exception()
    return task.result() if error is None else error


def _first(failure, later):
    return later if failure is None else failure
