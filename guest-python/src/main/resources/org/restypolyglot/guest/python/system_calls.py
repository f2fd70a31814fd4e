"""System calls that GraalPy's Java backend of posix lacks and libc or /proc can do for it."""

import _thread
import posix
from _operator import index

_MOST_SECONDS = 0.05
_CLOCKS = {
    "CLOCK_REALTIME": 0,
    "CLOCK_MONOTONIC": 1,
    "CLOCK_PROCESS_CPUTIME_ID": 2,
    "CLOCK_THREAD_CPUTIME_ID": 3,
    "CLOCK_MONOTONIC_RAW": 4,
    "CLOCK_BOOTTIME": 7,
    "CLOCK_TAI": 11,
}
_NANOSECONDS = 1_000_000_000
_EAGAIN = 11
_ESRCH = 3
_ENXIO = 6
_ENOSYS = 38
_O_RDWR = 2

_LOCK_SH, _LOCK_EX, _LOCK_NB, _LOCK_UN = 1, 2, 4, 8
_TYPES_OF_RECORD = {_LOCK_SH: 0, _LOCK_EX: 1, _LOCK_UN: 2}
_F_GETFD, _F_SETFD, _F_GETFL, _F_SETFL = 1, 2, 3, 4
_FD_CLOEXEC = 1
_offsets = _thread.allocate_lock()


def add_to_posix(host) -> None:
    """Before any import, as the module os takes its functions from posix."""
    pid = host.pid

    def getpid():
        """Return the current process id: the worker's."""
        return pid  # GraalPy's own follows the link /proc/self, which each record of logging would

    def id_function(name, text):
        def function():
            return _checked(host.process_id(name))

        return _named(function, name, text)

    def id_of_process(name, text):
        def function(pid, /):
            return _checked(host.process_id(name, _c_int(pid)))

        return _named(function, name, text)

    def sched_getaffinity(pid, /):
        """Return the set of CPUs that the process is restricted to; 0 is the worker itself."""
        try:
            status = _read(f"/proc/{_c_int(pid) or 'self'}/status")
        except FileNotFoundError:
            raise ProcessLookupError(_ESRCH, posix.strerror(_ESRCH)) from None
        cpus = status.partition("Cpus_allowed_list:")[2].partition("\n")[0]
        return set(_numbers(cpus.strip()))

    def strerror(code, /):
        """Translate an error code to a message string."""
        return host.strerror(_c_int(code))

    for function in (
        id_function("geteuid", "Return the current process's effective user id."),
        id_function("getegid", "Return the current process's effective group id."),
        id_function("getppid", "Return the parent's process id: that of nginx's master."),
        id_function("getpgrp", "Return the current process group id."),
        id_of_process("getpgid", "Return the process group id of a process."),
        id_of_process("getsid", "Return the session id of a process."),
        sched_getaffinity,
        getloadavg,
        getlogin,
        getpid,
        getrandom,
        pread,
        pwrite,
        sched_yield,
        strerror,
        times,
    ):
        setattr(posix, function.__name__, function)
    posix.fdatasync = posix.fsync
    posix.GRND_NONBLOCK, posix.GRND_RANDOM = 1, 2


def _named(function, name, text):
    function.__name__ = function.__qualname__ = name
    function.__doc__ = text
    return function


def _c_int(value):
    """An int as C has it."""
    value = index(value)
    if value.bit_length() > 31 and value != -(1 << 31):
        sign, limit = ("less", "minimum") if value < 0 else ("greater", "maximum")
        raise OverflowError(f"signed integer is {sign} than {limit}")
    return value


def _checked(result):
    if result < 0:
        raise OSError(-result, posix.strerror(-result))
    return result


def _read(path):
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read()


def _numbers(ranges):
    """Of a text such as "0-3,8"."""
    for each in ranges.split(","):
        first, _, last = each.partition("-")
        yield from range(int(first), int(last or first) + 1)


def getloadavg():
    """Return the average number of processes over the last 1, 5, and 15 minutes."""
    return tuple(map(float, _read("/proc/loadavg").split()[:3]))


def getlogin():
    """A worker belongs to no terminal, so nobody has logged in."""
    raise OSError(_ENXIO, posix.strerror(_ENXIO))


def getrandom(size, flags=0):
    """Obtain a series of random bytes."""
    return posix.urandom(size)


def pread(fd, length, offset, /):
    """Read a number of bytes from a file descriptor starting at a particular offset.

    The descriptor's own offset is changed for a moment.
    """
    return _at(fd, offset, lambda: posix.read(fd, length))


def pwrite(fd, buffer, offset, /):
    """Write bytes to a file descriptor starting at a particular offset.

    The descriptor's own offset is changed for a moment.
    """
    return _at(fd, offset, lambda: posix.write(fd, buffer))


def _at(fd, offset, action):
    with _offsets:
        before = posix.lseek(fd, 0, 1)
        posix.lseek(fd, offset, 0)
        try:
            return action()
        finally:
            posix.lseek(fd, before, 0)


def sched_yield():
    """Voluntarily relinquish the CPU."""
    import time

    time.sleep(0)


def times():
    """Return a collection containing process timing information, in seconds."""
    import time
    from collections import namedtuple

    result = namedtuple(
        "times_result", ("user", "system", "children_user", "children_system", "elapsed")
    )
    ticks = posix.sysconf("SC_CLK_TCK")
    fields = _read("/proc/self/stat").rpartition(")")[2].split()
    return result(*(int(fields[at]) / ticks for at in (11, 12, 13, 14)), time.monotonic())


def after_time(time, host) -> None:
    """Clocks by their number."""

    def clock_gettime_ns(clk_id, /):
        """Return the time of the specified clock clk_id as nanoseconds."""
        return _checked(host.clock(_c_int(clk_id), False))

    def clock_gettime(clk_id, /):
        """Return the time of the specified clock clk_id as a float."""
        return clock_gettime_ns(clk_id) / _NANOSECONDS

    def clock_getres(clk_id, /):
        """Return the resolution (precision) of the specified clock clk_id."""
        return _checked(host.clock(_c_int(clk_id), True)) / _NANOSECONDS

    for function in (clock_gettime, clock_gettime_ns, clock_getres):
        setattr(time, function.__name__, function)
    for name, number in _CLOCKS.items():
        setattr(time, name, number)


def after_signal(_signal, host) -> None:
    """Texts, and other names of signals."""

    def strsignal(signalnum, /):
        """Return the system description of the given signal, or None."""
        if not 0 < signalnum < _signal.NSIG:
            raise ValueError("signal number out of range")
        return host.strsignal(signalnum)

    _signal.strsignal = strsignal
    for name, other in (("SIGCLD", "SIGCHLD"), ("SIGIO", "SIGPOLL"), ("SIGIOT", "SIGABRT")):
        if not hasattr(_signal, name):
            setattr(_signal, name, getattr(_signal, other))


def after_fcntl(fcntl, host) -> None:
    """Locks, and the flags that a descriptor has here; other commands are refused.

    GraalPy's own take every lock for free, so that two who rely on one lose each other's data. What
    waits for a lock asks again and again, as waiting in C could not be broken off.
    """

    def take(lock, waits):
        import time

        seconds = 0.001
        number = lock()
        while number == -_EAGAIN and waits:
            time.sleep(seconds)
            seconds = min(2 * seconds, _MOST_SECONDS)
            number = lock()
        _checked(number)

    def flock(fd, operation, /):
        """Perform the lock operation on file descriptor fd."""
        fd = _descriptor(fd)
        at_once = operation | _LOCK_NB
        take(lambda: host.flock(fd, at_once), operation != at_once)

    def lockf(fd, cmd, len=0, start=0, whence=0, /):
        """Lock bytes of a file, for as long as it is open under this descriptor."""
        fd = _descriptor(fd)
        kind = _TYPES_OF_RECORD.get(cmd & ~_LOCK_NB)
        if kind is None:
            raise ValueError("unrecognized lockf argument")
        if whence == 1:
            start += posix.lseek(fd, 0, 1)
        elif whence == 2:
            start += posix.fstat(fd).st_size
        take(lambda: host.lock_record(fd, kind, start, len), not cmd & _LOCK_NB)

    def fcntl_of_flags(fd, cmd, arg=0, /):
        """Perform the operation cmd on file descriptor fd: one that is about its flags."""
        fd = _descriptor(fd)
        if cmd == _F_GETFD:
            return 0 if posix.get_inheritable(fd) else _FD_CLOEXEC
        if cmd == _F_SETFD:
            posix.set_inheritable(fd, not arg & _FD_CLOEXEC)
            return 0
        if cmd == _F_GETFL:
            return _O_RDWR | (0 if posix.get_blocking(fd) else posix.O_NONBLOCK)
        if cmd == _F_SETFL:
            posix.set_blocking(fd, not arg & posix.O_NONBLOCK)
            return 0
        raise OSError(_ENOSYS, f"fcntl.fcntl: command {cmd!r} is not there; those of flags are")

    fcntl.flock, fcntl.lockf = flock, lockf
    fcntl.fcntl = _named(fcntl_of_flags, "fcntl", fcntl_of_flags.__doc__)
    fcntl.F_GETFD, fcntl.F_SETFD, fcntl.FD_CLOEXEC = _F_GETFD, _F_SETFD, _FD_CLOEXEC
    fcntl.F_GETFL, fcntl.F_SETFL = _F_GETFL, _F_SETFL


def _descriptor(fd):
    """As fcntl takes it: a number, or what has a fileno()."""
    if not isinstance(fd, int):
        if not hasattr(fd, "fileno"):
            raise TypeError("argument must be an int, or have a fileno() method.")
        fd = fd.fileno()
    if fd < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({fd})")
    return fd
