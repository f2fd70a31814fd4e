"""hashlib's BLAKE2, SHAKE and scrypt, made by Digests.java.

GraalPy has one length of each hash, and no key; and it has no scrypt.
"""

from operator import index

_MOST_OF_SHAKE = 1 << 29  # CPython's limit
_MOST_OF_SCRYPT = (1 << 30) - 1  # of r * p
_MEMORY_OF_SCRYPT = 32 << 20  # OpenSSL's limit where none is given
_MOST_INT = (1 << 31) - 1
_TREE = {
    "fanout": 1,
    "depth": 1,
    "leaf_size": 0,
    "node_offset": 0,
    "node_depth": 0,
    "inner_size": 0,
    "last_node": False,
}


def replace_blake2(module, host):
    """Gives the module _blake2 its two classes."""
    for name, new, longest, block, salt in (
        ("blake2b", host.new_blake2b, 64, 128, 16),
        ("blake2s", host.new_blake2s, 32, 64, 8),
    ):
        setattr(module, name, _blake2(host, name, new, longest, block, salt))


def replace_shake(module, host):
    """Gives the module _sha3 its two classes of any length."""
    for bits, block in ((128, 168), (256, 136)):
        setattr(module, f"shake_{bits}", _shake(host, bits, block))


def add_scrypt(hashlib, host):
    """Gives hashlib the function that OpenSSL has for CPython's."""

    def scrypt(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64):
        """scrypt password-based key derivation function."""
        for name, value in (("salt", salt), ("n", n), ("r", r), ("p", p)):
            if value is None:
                kind = "a bytes-like object" if name == "salt" else "an unsigned int"
                raise TypeError(f"{name} is required and must be {kind}")
        n, r, p, maxmem, dklen = map(index, (n, r, p, maxmem, dklen))
        if n < 2 or n & (n - 1):
            raise ValueError("n must be a power of 2.")
        if not 0 <= maxmem <= _MOST_INT:
            raise ValueError(f"maxmem must be positive and smaller than {_MOST_INT}")
        if not 0 < dklen <= _MOST_INT:
            raise ValueError(f"dklen must be greater than 0 and smaller than {_MOST_INT}")
        if r < 1 or p < 1 or r * p > _MOST_OF_SCRYPT:
            raise ValueError("Invalid parameter combination for n, r, p, maxmem.")
        if 128 * r * p + 128 * r * (n + 2) > (maxmem or _MEMORY_OF_SCRYPT):
            raise ValueError("[digital envelope routines] memory limit exceeded")
        made = host.scrypt(_bytes_of(password), _bytes_of(salt), n, r, p, dklen)
        return made.encode("latin-1")

    scrypt.__module__ = "_hashlib"
    hashlib.scrypt = scrypt


def _blake2(host, name, new, longest, block, most_salt):
    class Blake2(_hash(host, "_blake2", name, block)):
        """A hash object of BLAKE2, with the parameters of hashlib's documentation."""

        __slots__ = ("digest_size",)

        MAX_DIGEST_SIZE = MAX_KEY_SIZE = longest
        SALT_SIZE = PERSON_SIZE = most_salt

        def __new__(
            cls,
            data=b"",
            /,
            *,
            digest_size=longest,
            key=b"",
            salt=b"",
            person=b"",
            usedforsecurity=True,
            **tree,
        ):
            digest_size = index(digest_size)
            if not 1 <= digest_size <= longest:
                raise ValueError(f"digest_size must be between 1 and {longest} bytes")
            for what, value in tree.items():
                if what not in _TREE:
                    raise TypeError(f"{what!r} is an invalid keyword argument for {name}()")
                if value != _TREE[what]:
                    raise NotImplementedError(f"{name}: trees are not supported ({what}={value!r})")
            texts = []
            for what, text, most in (
                ("key", key, longest),
                ("salt", salt, most_salt),
                ("person", person, most_salt),
            ):
                texts.append(_bytes_of(text))
                if len(texts[-1]) > most:
                    raise ValueError(f"maximum {what} length is {most} bytes")
            made = cls._of(new(digest_size, *texts))
            made.digest_size = digest_size
            made.update(data)
            return made

        def copy(self):
            """Return a copy of the hash object."""
            made = super().copy()
            made.digest_size = self.digest_size
            return made

        def digest(self):
            """Return the digest value as a bytes object."""
            return self._end(self.digest_size)

        def hexdigest(self):
            """Return the digest value as a string of hexadecimal digits."""
            return self.digest().hex()

    Blake2.__name__ = Blake2.__qualname__ = name
    return Blake2


def _shake(host, bits, block):
    class Shake(_hash(host, "_sha3", f"shake_{bits}", block)):
        """A hash object of SHAKE."""

        __slots__ = ()

        digest_size = 0

        def __new__(cls, string=b"", *, usedforsecurity=True):
            made = cls._of(host.new_shake(bits))
            made.update(string)
            return made

        def digest(self, length):
            """Return the digest value, of that many bytes."""
            length = index(length)
            if not 0 <= length < _MOST_OF_SHAKE:
                raise ValueError(f"the length is {length}, not within 0 and {_MOST_OF_SHAKE - 1}")
            return self._end(length)

        def hexdigest(self, length):
            """Return the digest value as a string of twice as many hexadecimal digits."""
            return self.digest(length).hex()

    Shake.__name__ = Shake.__qualname__ = f"shake_{bits}"
    return Shake


def _hash(host, module, kind, block):
    class Hash:
        __slots__ = ("_state",)

        name = kind
        block_size = block

        @classmethod
        def _of(cls, state):
            made = object.__new__(cls)
            made._state = state
            return made

        def update(self, data, /):
            """Update this hash object's state with the provided bytes-like object."""
            host.update_digest(self._state, _bytes_of(data))

        def copy(self):
            """Return a copy of the hash object."""
            return self._of(host.copy_digest(self._state))

        def _end(self, length):
            return host.digest(self._state, length).encode("latin-1")

        def __reduce__(self):
            raise TypeError(f"cannot pickle '{module}.{kind}' object")

        def __repr__(self):
            return f"<{module}.{kind} object at {id(self):#x}>"

    Hash.__module__ = module
    return Hash


def _bytes_of(data):
    if isinstance(data, str):
        raise TypeError("Strings must be encoded before hashing")
    try:
        return data if type(data) is bytes else bytes(memoryview(data))
    except TypeError:
        raise TypeError("object supporting the buffer API required") from None
