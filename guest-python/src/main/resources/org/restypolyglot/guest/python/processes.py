"""Refuses to start processes, by name; the context itself refuses all else that would start one.
And to end this one, and to send signals.

nginx waits for every child of a worker, whoever started it, and so takes the exit code away: the
JDK would then report 0, and a failed subprocess.run(check=True) look like a success.
"""

import posix

_REASON = (
    "a guest cannot start processes, as nginx reaps every child of its workers and exit codes are "
    "lost; run the program in a service of its own, and call that"
)
_END = "a guest cannot end the worker; raise an exception to fail the call"
_SIGNALS = "a guest cannot send signals; the process's signals are nginx's"
_ABSENT = ("fork", "posix_spawn", "spawn")


def refuse() -> None:
    """For what is there before any import: the module os takes these from posix."""
    for name in ("system", "execv", "execve"):
        setattr(posix, name, _refusal(f"os.{name}"))
    posix._exit = _refusal("os._exit", _END)
    for name in ("kill", "killpg"):
        setattr(posix, name, _refusal(f"os.{name}", _SIGNALS))


def hooks() -> dict:
    """What to do after which import."""
    return {
        "os": _after_os,
        "_posixsubprocess": _replaces("fork_exec", "subprocess"),
        "_multiprocessing_graalpy": _replaces("_spawn_context", "multiprocessing"),
        "concurrent.futures.process": _replaces("_check_system_limits", "ProcessPoolExecutor"),
    }


def _replaces(function, name):
    return lambda module: setattr(module, function, _refusal(name))


def _refusal(name, reason=_REASON):
    def refuse(*args, **kwargs):
        """What the standard library takes as a program that could not be started."""
        raise PermissionError(f"{name}: {reason}")

    return refuse


def _after_os(os):
    """What GraalPy's os lacks stays absent, as libraries look for it; but the error says why."""

    def __getattr__(name):
        if name.startswith(_ABSENT):
            raise AttributeError(f"os.{name}: {_REASON}", name=name, obj=os)
        raise AttributeError(f"module 'os' has no attribute '{name}'", name=name, obj=os)

    os.__getattr__ = __getattr__
