"""What the standard library lacks in GraalPy, or has in another way."""

import array
import binascii
import codecs
import copy
import email.message
import errno
import gc
import hashlib
import importlib
import io
import math
import pathlib
import pickle
import pkgutil
import quopri
import random
import socket
import sys
import tempfile


def told(function, *args, **names):
    try:
        print(function(*args, **names))
    except Exception as error:
        print(type(error).__name__, error)


def mails():
    told(quopri.encodestring, "\xe9=a b \n".encode())
    told(quopri.decodestring, b"=C3=A9=3Da_b=\nc")
    told(codecs.encode, b"ab c" * 20, "uu")
    told(codecs.decode, codecs.encode(b"abc" * 99, "uu"), "uu")
    told(codecs.encode, "\xe9\n".encode(), "quopri")
    message = email.message.EmailMessage()
    message["Subject"] = "\xe9"
    message.set_content("h\xe9llo w\xf6rld = x\n" * 3, cte="quoted-printable")
    print(message.as_string())


def binary_texts():
    told(binascii.b2a_qp, b"a=b\tc ")
    told(binascii.a2b_qp, "a=3Db_", header=True)
    told(binascii.a2b_qp, "\xe9")
    for data in (b"#86)C\n", b"#86)C  \n", b"#86)Cx", b"!86", b"#8\x01)C", b"#\n", "#86)C"):
        told(binascii.a2b_uu, data)
    told(binascii.b2a_uu, b"x" * 46)
    told(binascii.b2a_uu, b"\0\0", backtick=True)
    for arguments in ((b"abc",), (b"abc", "-"), (b"abcde", ":", 2), (b"abcde", b":", -2)):
        told(binascii.hexlify, *arguments)
    told(binascii.hexlify, b"ab", "--")
    chosen = random.Random(7)
    digest = hashlib.sha256()
    for _ in range(400):
        kinds = chosen.choice((b"abc=_. \t\r\n", bytes(range(256)), b"a.\n", b"\r\n a"))
        data = bytes(chosen.choice(kinds) for _ in range(chosen.randrange(200)))
        flags = [chosen.random() < 0.5 for _ in range(3)]
        made = binascii.b2a_qp(data, *flags)
        digest.update(made + binascii.a2b_qp(made, flags[2]) + binascii.a2b_qp(data))
        made = binascii.b2a_uu(data[:45], backtick=flags[0])
        digest.update(made + binascii.a2b_uu(made))
    print(digest.hexdigest())


def addresses():
    for text in "127.0.0.1 10.0.0.1 0.0.0.0 255.255.255.255 1.2.3 256.1.1.1 01.2.3.4 ::1".split():
        told(socket.inet_pton, socket.AF_INET, text)
    for text in (
        "::1 fe80::1 :: 2001:db8::ff00:42:8329 ::ffff:1.2.3.4 1::2::3 fe80::1%lo 12345:: :::"
        " 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7:8:9 g:: ::1.2.3.4 1:2:3:4:5:6:1.2.3.4 1.2.3.4"
    ).split():
        told(lambda: socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, text)))
    told(socket.inet_ntop, socket.AF_INET, b"\x7f\0\0\1")
    for parts in ((0, 1, 0, 0, 0, 1, 0, 0), (1, 0, 2, 2, 2, 2, 2, 2), (0,) * 5 + (0xFFFF, 1, 2)):
        packed = b"".join(part.to_bytes(2) for part in parts)
        told(socket.inet_ntop, socket.AF_INET6, packed)
    told(socket.inet_ntop, socket.AF_INET, b"123")
    told(socket.inet_ntop, socket.AF_INET6, b"1")
    told(socket.inet_ntop, 99, b"1")
    told(socket.inet_pton, 99, "1")
    told(socket.getaddrinfo, "::1", 80, type=socket.SOCK_STREAM)
    told(socket.getaddrinfo, "127.0.0.1", "80", type=socket.SOCK_STREAM)
    with socket.socket() as made:
        print(made.timeout)
        made.settimeout(2)
        print(made.timeout)


def arrays():
    made = array.array("i", [1, 2, 3])
    print(copy.copy(made), copy.deepcopy([made]), made.__copy__(), made.__deepcopy__({}))
    print(pickle.loads(pickle.dumps(made)), made.buffer_info()[1], memoryview(made)[1])
    told(made.append, "x")


class ByAttribute(dict):
    def __getattr__(self, name):
        return self.get(name)

    __setattr__ = dict.__setitem__


class Arguments(tuple):
    def __new__(cls, first, second):
        return super().__new__(cls, (first, second))

    def __getnewargs__(self):
        return tuple(self)

    def __getattr__(self, name):
        return None


def copies():
    made = ByAttribute(a=1, b=[2])
    print(copy.copy(made), type(copy.copy(made)).__name__, copy.copy(made).b is made.b)
    made = copy.deepcopy([made])[0]
    print(made, type(made).__name__)
    print(copy.copy(Arguments(1, 2)))
    print(copy.copy(object()) is None, copy.deepcopy([1, {2}]), copy.copy(range(3)))


def passwords():
    told(lambda: hashlib.scrypt(b"pw", salt=b"salt", n=16, r=8, p=1).hex())
    told(lambda: hashlib.scrypt(bytearray(), salt=b"", n=16, r=1, p=1, dklen=64).hex())
    told(lambda: hashlib.scrypt(b"pw", salt=b"s", n=2**15, r=8, p=1, maxmem=132 * 8 * 2**15).hex())
    for names in (
        {"n": 15, "r": 8, "p": 1},
        {"n": 16, "r": 0, "p": 1},
        {"n": 1, "r": 8, "p": 1},
        {"n": 2**20, "r": 8, "p": 1},
        {"n": 2**15, "r": 8, "p": 1},
        {"n": 16, "r": 8, "p": 1, "dklen": 0},
        {"n": 16, "r": 8},
    ):
        told(hashlib.scrypt, b"pw", salt=b"s", **names)


class Evaluates:
    def __reduce__(self):
        return eval, ("1 + 1",)


class Careful(pickle.Unpickler):
    def find_class(self, module, name):
        if module == "builtins":
            raise pickle.UnpicklingError(f"{module}.{name} is forbidden")
        return super().find_class(module, name)


def pickles():
    told(pickle.loads, pickle.dumps(Evaluates()))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        told(Careful(io.BytesIO(pickle.dumps(Evaluates(), protocol))).load)
    told(Careful(io.BytesIO(pickle.dumps([array.array("b"), 1.5, {2}], 4))).load)


def numbers():
    print([math.cbrt(x) for x in (27, -8, 2, 0.0, math.inf, 1e-300, 10)], math.exp2(10))
    print(math.exp2(0.5), errno.ENOTSUP)
    gc.set_threshold(9, 8)
    print(gc.get_threshold(), gc.freeze(), gc.unfreeze(), gc.get_freeze_count())


def packages():
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        package = pathlib.Path(folder, "numbered")
        package.joinpath("sub").mkdir(parents=True)
        for name in ("__init__", "0001_first", "b-c", "d.e", "sub/__init__"):
            package.joinpath(name + ".py").write_text("x = 1")
        made = importlib.import_module("numbered")
        print([(each.name, each.ispkg) for each in pkgutil.iter_modules(made.__path__)])
        print([each.name for each in pkgutil.walk_packages(made.__path__, "numbered.")])
        print(importlib.import_module("numbered.0001_first").x)
        print(pkgutil.get_importer(str(package)).path == str(package))
        sys.path.remove(folder)


for each in (mails, binary_texts, addresses, arrays, copies, passwords, pickles, numbers, packages):
    print("#", each.__name__)
    each()
