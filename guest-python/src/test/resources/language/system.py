"""Files of the system, its users, sockets before they listen, and what hashes take."""

import grp
import hashlib
import hmac
import io
import os
import pwd
import socket
import ssl
import tempfile


def tell(name, function):
    try:
        print(name, repr(function()))
    except Exception as e:
        print(name, type(e).__name__, e)


def proc():
    with open("/proc/self/status") as file:
        first = file.readline().split(":")[0]
        rest = file.read()
    with open("/proc/self/cmdline", "rb", buffering=0) as file:
        return first, "VmRSS" in rest, len(file.read()) > 0, file.read()


def empty_file():
    with tempfile.NamedTemporaryFile() as file:
        with open(file.name) as other:
            return other.seek(0, 2), other.read()


def ports():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        server.listen()
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _ = server.accept()
            accepted.close()
            return port > 0, server.getsockname()[1] == port, client.recv(1)


def newlines(**how):
    file = io.TextIOWrapper(io.BytesIO(b"a\r\nb\nc"), **how)
    file.read()
    return file.newlines


tell("proc", proc)
tell("empty", empty_file)
tell("ports", ports)
tell("root", lambda: pwd.getpwnam("root")[:1] + pwd.getpwnam("root")[2:4])
tell("daemon", lambda: pwd.getpwuid(pwd.getpwnam("daemon").pw_uid).pw_name)
tell("home", lambda: os.path.expanduser("~daemon/x") == pwd.getpwnam("daemon").pw_dir + "/x")
tell("nobody of that name", lambda: pwd.getpwnam("nope"))
tell("nobody of that number", lambda: pwd.getpwuid(54321))
tell("no home", lambda: os.path.expanduser("~nope/x"))
tell("group", lambda: grp.getgrnam("root")[:1] + grp.getgrnam("root")[2:3])
tell("group 0", lambda: grp.getgrgid(0).gr_name)
tell("groups", lambda: grp.getgrnam("root") in grp.getgrall())
tell("no group", lambda: grp.getgrnam("nope"))
tell("no number", lambda: grp.getgrgid(54321))
tell("hmac", lambda: hmac.new(b"", b"x", "sha256").hexdigest())
tell("hmac.digest", lambda: hmac.digest(b"", b"x", "sha1").hex())
tell("hmac, a key", lambda: hmac.new(bytearray(b"k"), b"x", hashlib.md5).hexdigest())
tell("shake", lambda: hashlib.new("shake_128", b"abc").hexdigest(7))
tell("sha256", lambda: hashlib.new("sha256", b"abc").hexdigest())
tell("no such", lambda: hashlib.new("shake_1"))
tell("random", lambda: (len(ssl.RAND_bytes(5)), ssl.RAND_status()))
tell("isascii", lambda: ("".isascii(), "a".isascii(), "é".isascii(), b"".isascii()))
tell("newlines", lambda: [newlines(newline=how) for how in (None, "", "\n", "\r", "\r\n")])
