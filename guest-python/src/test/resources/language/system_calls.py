"""Locks of files, ids, clocks and what else libc does."""

import errno
import fcntl
import os
import signal
import tempfile
import threading
import time


def tell(name, function):
    try:
        print(f"{name}: {function()!r}")
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}")


def locks(file):
    first, second, reader = open(file, "w"), open(file, "w"), open(file)
    tell("lock", lambda: fcntl.flock(first, fcntl.LOCK_EX))
    tell("another's", lambda: fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB))
    tell("for all", lambda: fcntl.flock(first.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB))
    tell("a reader's", lambda: fcntl.flock(reader, fcntl.LOCK_SH | fcntl.LOCK_NB))
    tell("not for one", lambda: fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB))
    tell("unlock", lambda: fcntl.flock(first, fcntl.LOCK_UN))
    tell("still", lambda: fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB))
    reader.close()
    tell("closed", lambda: fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB))
    closing = threading.Timer(0.1, second.close)
    closing.start()
    tell("waited for", lambda: fcntl.flock(first, fcntl.LOCK_EX))
    closing.join()
    first.close()
    tell("closed file", lambda: fcntl.flock(7777, fcntl.LOCK_EX))
    tell("negative", lambda: fcntl.flock(-1, fcntl.LOCK_EX))
    tell("no file", lambda: fcntl.flock("a", fcntl.LOCK_EX))
    with open(file) as again:
        tell("no operation", lambda: fcntl.flock(again, 77))


def records(file):
    with open(file, "r+") as writer, open(file) as reader, open(file, "ab") as end:
        tell("bytes", lambda: fcntl.lockf(writer, fcntl.LOCK_EX, 10, 5))
        tell("more", lambda: fcntl.lockf(writer, fcntl.LOCK_EX | fcntl.LOCK_NB, 0, 2, 1))
        tell("unlock", lambda: fcntl.lockf(writer, fcntl.LOCK_UN))
        tell("a reader's", lambda: fcntl.lockf(reader, fcntl.LOCK_SH))
        tell("not for one", lambda: fcntl.lockf(reader, fcntl.LOCK_EX, 1, 100))
        tell("unlock", lambda: fcntl.lockf(reader, fcntl.LOCK_UN))
        tell("from the end", lambda: fcntl.lockf(end, fcntl.LOCK_EX, 5, 1, 2))
        tell("cloexec", lambda: fcntl.fcntl(writer, fcntl.F_GETFD) & fcntl.FD_CLOEXEC)
        tell("blocks", lambda: fcntl.fcntl(writer, fcntl.F_GETFL) & os.O_NONBLOCK)


def positions(file):
    with open(file, "w+b") as both:
        both.write(b"0123456789")
        both.flush()
        number = both.fileno()
        tell("pread", lambda: (os.pread(number, 4, 3), both.tell()))
        tell("pwrite", lambda: (os.pwrite(number, b"xx", 1), both.tell()))
        tell("written", lambda: os.pread(number, 20, 0))
        tell("fdatasync", lambda: os.fdatasync(number))


def times(file):
    def set_to(*args, **kwargs):
        os.utime(file, *args, **kwargs)
        found = os.stat(file)
        return found.st_atime_ns, found.st_mtime_ns

    tell("float", lambda: set_to((1.5, 2.25)))
    tell("ns", lambda: set_to(ns=(1_000_000_001, 1_700_000_000_123_456_789)))
    tell("int", lambda: set_to((5, 6)))
    tell("before 1970", lambda: set_to((-1, -2)))
    tell("now", lambda: set_to()[1] > 10**18)
    tell("list", lambda: os.utime(file, [1, 2]))
    tell("one", lambda: os.utime(file, (1,)))
    tell("both", lambda: os.utime(file, (1, 2), ns=(1, 2)))
    tell("text", lambda: os.utime(file, ("a", 2)))
    tell("no such file", lambda: os.utime("/nope/x", (1, 2)))
    tell("null", lambda: os.utime(file + "\0junk", (1, 2)))
    tell("bytes", lambda: os.utime(os.fsencode(file), (1, 2)))
    os.symlink(file, file + ".link")
    os.utime(file + ".link", (7.5, 8.5), follow_symlinks=False)
    tell("link", lambda: (os.lstat(file + ".link").st_mtime, os.stat(file).st_mtime))


with tempfile.TemporaryDirectory() as folder:
    locks(os.path.join(folder, "locked"))
    records(os.path.join(folder, "locked"))
    positions(os.path.join(folder, "data"))
    times(os.path.join(folder, "data"))

tell("users", lambda: (os.geteuid() == os.getuid(), os.getegid() == os.getgid()))
tell("groups of processes", lambda: (os.getpgrp() == os.getpgid(0), os.getsid(0) >= 0))
tell("parent", lambda: os.getppid() > 0)
tell("no process", lambda: os.getpgid(99999999))
tell("too large", lambda: os.getpgid(2**40))
tell("too small", lambda: os.getpgid(-(2**40)))
tell("no number", lambda: time.clock_gettime("a"))
tell("no such process", lambda: os.sched_getaffinity(99999999))
tell("CPUs", lambda: len(os.sched_getaffinity(0)) > 0)
tell("times", lambda: (os.times().user > 0, os.times()[4] > 0))
tell("load", lambda: len(os.getloadavg()))
tell("yield", os.sched_yield)
tell("random", lambda: len(os.getrandom(7)))
for clock in ("REALTIME", "MONOTONIC", "PROCESS_CPUTIME_ID", "THREAD_CPUTIME_ID", "BOOTTIME"):
    tell(clock, lambda: time.clock_gettime(getattr(time, "CLOCK_" + clock)) > 0)
tell("now", lambda: abs(time.clock_gettime_ns(time.CLOCK_REALTIME) - time.time_ns()) < 10**9)
tell("resolution", lambda: time.clock_getres(time.CLOCK_REALTIME) <= 1)
tell("no clock", lambda: time.clock_gettime(99))
tell("errors", lambda: [os.strerror(number) for number in range(-1, 135)])
tell("numbers", lambda: [name for name in ("ENOTSUP", "EOPNOTSUPP") if not hasattr(errno, name)])
tell("signals", lambda: [signal.strsignal(number) for number in (1, 2, 9, 15, 17, 31)])
tell("no signal", lambda: signal.strsignal(0))
tell("names", lambda: (signal.SIGCLD == signal.SIGCHLD, signal.SIGIO, signal.SIGIOT == 6))
