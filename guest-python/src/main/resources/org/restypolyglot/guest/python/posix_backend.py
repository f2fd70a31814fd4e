"""What GraalPy's Java backend of posix, which runtimes have, lacks or does in another way.

docs/python-compat.md has the whole list.
"""

import posix

_LACKS = "GraalPy's Java backend of posix, which runtimes have, cannot do this"
_LACKING = (
    "chown",
    "fchown",
    "getpgid",
    "getpgrp",
    "getppid",
    "getsid",
    "lchown",
    "openpty",
    "setpgid",
    "setsid",
)
_ENOSYS = 38
_NO_UNIX_SOCKETS = (
    "there are no Unix sockets, as GraalPy's Java backend of posix has none; "
    "use a port of 127.0.0.1"
)
_ALL = 0o777


_ENOPROTOOPT = 92
_TIMES_OF_TCP = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")


def mend(host) -> None:
    """Before any import, as the module os takes its functions from posix."""
    for name in _LACKING:
        if hasattr(posix, name):
            setattr(posix, name, _lacking("os", name))
    posix.mkdir = _mkdir_with_mode(posix.mkdir)
    posix.readlink = _readlink_once(posix.readlink, host)
    posix.link = _link_in_order(host)


def hooks() -> dict:
    """What to do after which import."""
    return {"fcntl": _after_fcntl, "socket": _after_socket}


def _after_fcntl(fcntl):
    """Its own take every lock for free, so that two who rely on one lose each other's data."""
    for name in ("flock", "lockf"):
        setattr(fcntl, name, _lacking("fcntl", name))


def _lacking(module, name):
    def lacking(*args, **kwargs):
        """What the standard library takes as a system without such a call."""
        raise OSError(_ENOSYS, f"{module}.{name}: {_LACKS}")

    return lacking


def _mkdir_with_mode(plain):
    """Its own makes each folder for everybody, those of tempfile.mkdtemp() too."""

    def mkdir(path, mode=_ALL, *, dir_fd=None):
        """Create a directory."""
        where = {} if dir_fd is None else {"dir_fd": dir_fd}
        plain(path, mode, **where)
        if mode & _ALL != _ALL:
            posix.chmod(path, posix.stat(path, **where).st_mode & mode & _ALL, **where)

    return mkdir


def _readlink_once(plain, host):
    """Its own follows the link, and those behind it."""

    def readlink(path, *, dir_fd=None):
        """Return a string representing the path to which the symbolic link points."""
        if dir_fd is not None:
            return plain(path, dir_fd=dir_fd)
        found = host.read_link(_absolute(path))
        if isinstance(found, int):
            raise OSError(found, posix.strerror(found), path)
        return found.encode() if isinstance(posix.fspath(path), bytes) else found

    return readlink


def _link_in_order(host):
    """Its own makes the first name, as a link to the second."""

    def link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True):
        """Create a hard link to a file."""
        if src_dir_fd is not None or dst_dir_fd is not None:
            raise NotImplementedError("os.link: " + _LACKS)
        number = host.link(_absolute(src), _absolute(dst))
        if number != 0:
            raise OSError(number, posix.strerror(number), src, None, dst)

    return link


def _absolute(path):
    path = posix.fspath(path)
    if isinstance(path, bytes):
        path = path.decode()
    return path if path.startswith("/") else f"{posix.getcwd()}/{path}"


def _after_socket(socket):
    _say_why_absent(socket, lambda name: name == "AF_UNIX")
    _ignore_times_of_tcp(socket)


def _ignore_times_of_tcp(socket):
    """The backend cannot set them, and clients of databases do so before each connection."""
    plain = socket.socket.setsockopt
    times = {getattr(socket, name, None) for name in _TIMES_OF_TCP}

    def setsockopt(self, level, optname, *value):
        """Set a socket option, see the Unix manual for level and option."""
        try:
            plain(self, level, optname, *value)
        except OSError as error:
            known = level == socket.IPPROTO_TCP and optname in times
            if not known or error.errno != _ENOPROTOOPT:
                raise

    socket.socket.setsockopt = setsockopt


def after_asyncio(asyncio):
    """Its functions for Unix sockets stay absent, too."""
    ends = ("_unix_connection", "_unix_server")
    _say_why_absent(asyncio, lambda name: name.endswith(ends))


def _say_why_absent(module, of_unix_sockets):
    """They stay absent, as libraries look for them; but the error says why."""

    def __getattr__(name):
        text = f"module '{module.__name__}' has no attribute '{name}'"
        if of_unix_sockets(name):
            text = f"{module.__name__}.{name}: {_NO_UNIX_SOCKETS}"
        raise AttributeError(text, name=name, obj=module)

    module.__getattr__ = __getattr__
