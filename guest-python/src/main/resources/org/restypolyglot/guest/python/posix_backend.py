"""What GraalPy's Java backend of posix, which runtimes have, lacks or does in another way.

docs/python-compat.md has the whole list.
"""

import posix

from _resty_polyglot import system_calls

_LACKS = "GraalPy's Java backend of posix, which runtimes have, cannot do this"
_LACKING = (
    "chown",
    "fchown",
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
_NANOSECONDS = 1_000_000_000

_EAFNOSUPPORT = 97
_ENOPROTOOPT = 92
_TIMES_OF_TCP = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")


def mend(host) -> None:
    """Before any import, as the module os takes its functions from posix."""
    for name in _LACKING:
        if hasattr(posix, name):
            setattr(posix, name, _lacking(name))
    system_calls.add_to_posix(host)
    posix.mkdir = _mkdir_with_mode(posix.mkdir)
    posix.utime = _utime_exactly(posix.utime, host)
    posix.readlink = _readlink_once(posix.readlink, host)
    posix.link = _link_in_order(host)


def hooks(host) -> dict:
    """What to do after which import."""
    return {
        "_signal": lambda module: system_calls.after_signal(module, host),
        "_socket": lambda module: _after_raw_socket(module, host),
        "fcntl": lambda module: system_calls.after_fcntl(module, host),
        "pwd": _after_pwd,
        "socket": _after_socket,
    }


def _lacking(name):
    def lacking(*args, **kwargs):
        """What the standard library takes as a system without such a call."""
        raise OSError(_ENOSYS, f"os.{name}: {_LACKS}")

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


def _utime_exactly(plain, host):
    """Its own cuts to whole seconds."""

    def utime(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True):
        """Set the access and modified time of path."""
        given = times if ns is None else ns
        if given is None or isinstance(path, int) or dir_fd is not None or type(given) is not tuple:
            more = {} if ns is None else {"ns": ns}
            more |= {} if dir_fd is None else {"dir_fd": dir_fd}
            return plain(path, times, **more, follow_symlinks=follow_symlinks)
        if times is not None and ns is not None:
            raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
        if len(given) != 2:
            what = "'ns' must be" if times is None else "'times' must be either"
            raise TypeError(f"utime: {what} a tuple of two ints" + ("" if ns else " or None"))
        from _operator import index

        parts = []
        for each in given:
            if ns is not None:
                parts += divmod(index(each), _NANOSECONDS)
            elif not hasattr(each, "__float__") or isinstance(each, int):
                parts += index(each), 0
            else:
                seconds = each // 1
                parts += int(seconds), int((each - seconds) * _NANOSECONDS)
        if any(part.bit_length() > 63 for part in parts):
            raise OverflowError("timestamp out of range for platform time_t")
        path = _absolute(path)
        if "\0" in path:
            raise ValueError("embedded null byte")
        number = host.utime(path, *parts, bool(follow_symlinks))
        if number < 0:
            raise OSError(-number, posix.strerror(-number))

    return utime


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


def _after_pwd(pwd):
    from _resty_polyglot import accounts

    accounts.mend_pwd(pwd)


def _after_raw_socket(_socket, host):
    """Addresses are those of libc; its own refuse 127.0.0.1 and do not shorten IPv6's."""
    sizes = {_socket.AF_INET: 4, _socket.AF_INET6: 16}
    getaddrinfo = _socket.getaddrinfo

    def inet_pton(address_family, ip_string, /):
        """Convert an IP address from string format to a packed string."""
        size = sizes.get(address_family)
        if size is None:
            raise OSError(_EAFNOSUPPORT, posix.strerror(_EAFNOSUPPORT))
        made = None
        if "\0" not in ip_string:
            made = host.address_bytes(address_family, ip_string, size)
        if made is None:
            raise OSError("illegal IP address string passed to inet_pton")
        return made.encode("latin-1")

    def inet_ntop(address_family, packed_ip, /):
        """Convert a packed IP address of the given family to string format."""
        if address_family not in sizes:
            raise ValueError(f"unknown address family {address_family}")
        packed_ip = bytes(memoryview(packed_ip))
        if len(packed_ip) != sizes[address_family]:
            raise ValueError("invalid length of packed IP address string")
        return host.address_text(address_family, packed_ip.decode("latin-1"))

    def getaddrinfo_shortened(host, port, family=0, type=0, proto=0, flags=0):
        """Resolve host and port into list of address info entries."""
        found = getaddrinfo(host, port, family, type, proto, flags)
        return [_shortened(*each) for each in found]

    def _shortened(family, type, proto, name, address):
        if family == _socket.AF_INET6:
            text, zone, interface = address[0].partition("%")
            text = inet_ntop(family, inet_pton(family, text))
            address = (text + zone + interface, *address[1:])
        return family, type, proto, name, address

    getaddrinfo_shortened.__name__ = getaddrinfo_shortened.__qualname__ = "getaddrinfo"
    _socket.inet_pton, _socket.inet_ntop = inet_pton, inet_ntop
    _socket.getaddrinfo = getaddrinfo_shortened
    host.set_type_attribute(_socket.socket, "timeout", property(_socket.socket.gettimeout))
    host.set_type_attribute(_socket.socket, "bind", _bind(_socket))


def _bind(_socket):
    """Java has a server's port from listen() on; whoever binds to port 0 asks for it before."""
    plain = _socket.socket.bind

    def bind(self, address, /):
        """Bind the socket to a local address."""
        any_port = isinstance(address, tuple) and len(address) > 1 and address[1] == 0
        if any_port and self.type == _socket.SOCK_STREAM:
            other = _socket.socket(self.family, self.type)
            try:
                plain(other, address)
                other.listen(1)
                address = (address[0], other.getsockname()[1], *address[2:])
            finally:
                other.close()
        plain(self, address)

    return bind


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
