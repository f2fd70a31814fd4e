"""Gives modules what GraalPy 25.0.3 lacks; listed, with reasons, in docs/python-packages.md."""

import _thread
import posix
import sys

from _resty_polyglot import system_calls

_UNICODE_DATA = ("decimal", "decomposition", "digit", "mirrored", "numeric")
_FLAGS_OF_SSL = {
    "VERIFY_ALLOW_PROXY_CERTS": 0x40,
    "VERIFY_X509_PARTIAL_CHAIN": 0x80000,
    "OP_ENABLE_MIDDLEBOX_COMPAT": 0x100000,
    "OP_IGNORE_UNEXPECTED_EOF": 0x80,
    "OP_NO_RENEGOTIATION": 0x40000000,
}


def library_hooks(host) -> dict:
    """What to do after which import of a module of the library."""
    return {
        "_blake2": lambda module: _after_blake2(module, host),
        "_hashlib": _after_raw_hashlib,
        "_sha3": lambda module: _after_sha3(module, host),
        "_sre": _after_sre,
        "_ssl": _after_raw_ssl,
        "_typing": lambda module: host.inherit_new(module.Generic),
        "array": lambda module: _after_array(module, host.set_type_attribute),
        "binascii": _after_binascii,
        "copy": _after_copy,
        "datetime": _after_datetime,
        "decimal": _after_decimal,
        "errno": _after_errno,
        "gc": _after_gc,
        "hashlib": lambda module: _after_hashlib(module, host),
        "json.scanner": lambda module: _after_json_scanner(module, host),
        "math": lambda module: _after_math(module, host),
        "operator": _after_operator,
        "pickle": _after_pickle,
        "ssl": _after_ssl,
        "time": lambda module: _after_time(module, host),
        "unicodedata": lambda module: _after_unicodedata(module, host),
        "zlib": _after_zlib,
    }


def hooks() -> dict:
    """What to do after which import of a package's module."""
    return {
        "h11._util": _after_h11_util,
        "pyexpat": _after_pyexpat,
    }


def _after_time(time, host):
    """sleep() of a float can be broken off by nothing; strftime() knows half of the directives.

    Clocks have no numbers.
    """
    system_calls.after_time(time, host)
    time.sleep = _sleep(time.sleep)
    time.strftime = _strftime(time, host.strftime)


def _sleep(plain):

    def sleep(seconds, /):
        """Delay execution for a given number of seconds; it may be a float."""
        if isinstance(seconds, int) or not hasattr(seconds, "__float__"):
            return plain(seconds)
        seconds = float(seconds)
        if not seconds > 0:
            return plain(seconds)
        alarm = _thread.allocate_lock()
        alarm.acquire()
        alarm.acquire(True, min(seconds, _thread.TIMEOUT_MAX))

    return sleep


def _strftime(time, format_bytes):
    plain = time.strftime

    def strftime(format, t=None, /):
        """Convert a time tuple to a string according to a format specification."""
        if t is None:
            t = time.localtime()
        plain(format if not isinstance(format, str) else "", t)  # refuses what is no time
        if "\0" in format:
            raise ValueError("embedded null character")
        year, month, day, hour, minute, second, weekday, yearday, dst = t[:9]
        fields = (second, minute, hour, max(day, 1), max(month, 1) - 1, year - 1900)
        fields += ((weekday + 1) % 7, max(yearday, 1) - 1, max(-1, min(dst, 1)))
        zone = offset = None
        if isinstance(t, time.struct_time):
            zone, offset = t.tm_zone, t.tm_gmtoff
        zone = None if zone is None else _bytes_of(zone)
        text = format_bytes(_bytes_of(format), fields, offset or 0, zone)
        return text.encode("latin-1").decode("utf-8", "surrogatepass")

    return strftime


def _bytes_of(text):
    """A str with a character for each byte, as the host takes them."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _after_sre(sre):
    """Its classes are those of re, and say so; what is refused is told by its type."""

    def __repr__(self):
        return f"<re.Match object; span={self.span()!r}, match={self.group()!r}>"

    sre.Match.__repr__ = __repr__
    sre.Match.__module__ = sre.Pattern.__module__ = "re"

    plain_check = sre.Pattern._Pattern__check_input_type
    refusal = "expected string or bytes-like object"

    def check_input_type(self, string):
        try:
            return plain_check(self, string)
        except TypeError as error:
            if str(error) != refusal:
                raise
        raise TypeError(f"{refusal}, got {type(string).__name__!r}")

    sre.Pattern._Pattern__check_input_type = check_input_type


def _after_copy(copy):
    """object.__reduce_ex__ asks objects, not their classes, for __getnewargs__ and the like.

    So their __getattr__ would be asked, which has something for every name in dicts by attribute.
    """
    from copyreg import __newobj__

    plain = getattr

    def reduce(self, protocol):
        arguments = type(self).__getnewargs__(self) if hasattr(type(self), "__getnewargs__") else ()
        items = iter(self) if isinstance(self, list) else None
        pairs = iter(self.items()) if isinstance(self, dict) else None
        return __newobj__, (type(self), *arguments), self.__getstate__(), items, pairs

    def reductor(asked, name, *default):
        if name == "__reduce_ex__":
            cls = asked if isinstance(asked, type) else type(asked)
            if hasattr(cls, "__getattr__") and _reduces_as_usual(cls):
                return reduce if cls is asked else lambda protocol: reduce(asked, protocol)
        return plain(asked, name, *default)

    copy.getattr = reductor


def _reduces_as_usual(cls):
    if hasattr(cls, "__getnewargs_ex__") or cls.__reduce__ is not object.__reduce__:
        return False
    return cls.__reduce_ex__ is object.__reduce_ex__


def _after_operator(operator):
    """In CPython they are built-in, so that none is a method of the class that it is put into.

    That is how lark's grammars calculate. Pickles name them as CPython's do.
    """
    import _operator
    from _functools import partial

    function = type(_after_operator)
    for name, value in list(vars(operator).items()):
        if type(value) is function and (name in operator.__all__ or name.startswith("__")):
            plain = partial(value)
            plain.__name__, plain.__qualname__ = value.__name__, value.__qualname__
            plain.__doc__, plain.__module__ = value.__doc__, "_operator"
            plain.__reduce_ex__ = _named(name)
            setattr(operator, name, plain)
            setattr(_operator, name, plain)


def _named(name):
    return lambda protocol: name


def _after_array(array, set_type_attribute):
    """They have none of their own, and multidict, and so yarl and aiohttp, take them from there."""

    def __copy__(self, /):
        """Return a copy of the array."""
        return array.array(self.typecode, self)

    def __deepcopy__(self, unused, /):
        """Return a copy of the array."""
        return array.array(self.typecode, self)

    plain = array.array.buffer_info

    def buffer_info(self, /):
        """Return a tuple (address, length); no address where there is no ctypes to use it."""
        if "_ctypes" in sys.modules:
            return plain(self)  # moves the array, so that Python's C interface is needed
        return 0, len(self)

    set_type_attribute(array.array, "buffer_info", buffer_info)
    set_type_attribute(array.array, "__copy__", __copy__)
    set_type_attribute(array.array, "__deepcopy__", __deepcopy__)


def _after_pickle(pickle):
    """The compiled one never calls find_class(), by which programs refuse what is dangerous."""
    pickle.Unpickler = pickle._Unpickler


def _after_math(math, host):
    """Python 3.11's."""

    def cbrt(x, /):
        """Return the cube root of x."""
        return host.cbrt(math.copysign(math.fabs(x), x))

    def exp2(x, /):
        """Return 2 raised to the power of x."""
        return math.pow(2.0, x)

    math.cbrt, math.exp2 = cbrt, exp2


def _after_errno(errno):
    """Linux's other name of EOPNOTSUPP."""
    errno.ENOTSUP = errno.EOPNOTSUPP


def _after_gc(gc):
    """What programs say about generations, when they start; Java's collector has its own."""
    threshold = (700, 10, 10)

    def get_threshold():
        """Return the current collection thresholds, which are without effect."""
        return threshold

    def set_threshold(threshold0, threshold1=None, threshold2=None, /):
        """Set the collection thresholds; without effect."""
        nonlocal threshold
        given = (threshold0, threshold1, threshold2)
        threshold = tuple(old if new is None else new for old, new in zip(threshold, given))

    def freeze():
        """Without effect."""

    def get_freeze_count():
        """Return the number of objects in the permanent generation: there is none."""
        return 0

    gc.get_threshold, gc.set_threshold = get_threshold, set_threshold
    gc.freeze = gc.unfreeze = freeze
    gc.get_freeze_count = get_freeze_count


def _after_datetime(datetime):
    """Its classes are those of _pydatetime, and tell it: in pickles, which CPython then misreads."""
    for name in ("date", "datetime", "time", "timedelta", "timezone", "tzinfo"):
        getattr(datetime, name).__module__ = "datetime"
    for cls in (datetime.date, datetime.datetime, datetime.time, datetime.timedelta):
        cls.__repr__ = _short_repr(cls.__repr__)
        cls.__getstate__ = _state_of
    datetime.timezone.__getstate__ = _state_of


def _after_decimal(decimal):
    """It is written in Python, too."""
    decimal.Decimal.__getstate__ = _state_of


def _state_of(self):
    """What a class has that is written in C: slots are no state."""
    return getattr(self, "__dict__", None) or None


def _short_repr(plain):
    """Of a subclass it has the name only."""

    def __repr__(self):
        """Return repr(self)."""
        cls = type(self)
        if cls.__module__ == "datetime":
            return plain(self)
        return plain(self).replace(f"{cls.__module__}.{cls.__qualname__}(", f"{cls.__name__}(", 1)

    return __repr__


class _Unicode320:
    """unicodedata as of Unicode 3.2, which names of hosts are made with; newer characters count."""

    unidata_version = "3.2.0"

    def __init__(self, unicodedata):
        self._now = unicodedata

    def __getattr__(self, name):
        return getattr(self._now, name)


def _after_unicodedata(unicodedata, host):
    """What GraalPy has in the module's compiled half only.

    Some of it comes from Java, see UnicodeTables.java; for some GraalPy does not ask that half.
    """
    delegate = unicodedata.__dict__["__getattr__"]

    def __getattr__(name):
        if name in _UNICODE_DATA:
            return getattr(__import__("_cpython_unicodedata"), name)
        return delegate(name)

    def east_asian_width(chr, /):
        """Returns the east asian width assigned to the character chr as string."""
        return host.east_asian_width(ord(chr))

    def combining(chr, /):
        """Returns the canonical combining class assigned to the character chr as integer."""
        return host.combining(ord(chr))

    def lookup(name, /):
        """Look up character by name."""
        found = host.character_named(name)
        if found is None:
            raise KeyError(f"undefined character name '{name}'")
        return found

    unicodedata.__getattr__ = __getattr__
    unicodedata.east_asian_width = east_asian_width
    unicodedata.combining = combining
    unicodedata.lookup = lookup
    unicodedata.ucd_3_2_0 = _Unicode320(unicodedata)


def _after_json_scanner(scanner, host):
    """Numbers are made without a call of float or int for each.

    The compiled scanner would not call them either, but it asks whether parse_float is *a* float,
    where it means *the type*. Each of these calls walks the whole stack for a caught exception, so
    that loads was sixty times slower than it is without them.
    """
    make = scanner.make_scanner
    limit_of_digits = sys.get_int_max_str_digits

    class Options:
        """What the compiled scanner reads from a decoder."""

        def __init__(self, decoder):
            self.strict = decoder.strict
            self.object_hook = decoder.object_hook
            self.object_pairs_hook = decoder.object_pairs_hook
            self.parse_constant = decoder.parse_constant
            self.parse_float = 0.0 if decoder.parse_float is float else decoder.parse_float
            self.parse_int = 0 if decoder.parse_int is int else decoder.parse_int

    def make_scanner(decoder):
        """A function (string, idx) -> (value, end) for a JSONDecoder."""
        quick = make(Options(decoder))
        if decoder.parse_int is not int:
            return quick

        def scan_once(string, idx=0):
            limit = limit_of_digits()
            if 0 < limit < len(string) and host.has_digits(string, limit + 1):
                return make(decoder)(string, idx)  # heeds the limit of an int's digits
            return quick(string, idx)

        return scan_once

    make_scanner.__module__ = make.__module__
    scanner.make_scanner = make_scanner


def _after_ssl(ssl):
    """urllib3 sets what cannot be set; it looks at names by itself then, and never at common ones.

    About sockets see tls_turns.py.
    """

    def checks(self):
        """Whether the common name counts where a certificate has no other name."""
        return self.__dict__.get("_checks_common_name", True)

    def set_checks(self, value):
        self.__dict__["_checks_common_name"] = bool(value)

    ssl.SSLContext.hostname_checks_common_name = property(checks, set_checks)

    def _wrap_socket(self, sock, server_side, server_hostname=None, **kwargs):
        from _resty_polyglot.tls_turns import Turns

        return Turns(self, sock, server_side=server_side, server_hostname=server_hostname, **kwargs)

    ssl.SSLContext._wrap_socket = _wrap_socket


def _after_raw_ssl(_ssl):
    """Libraries import the flags by name, and have no TLS without them.

    Java takes each trusted certificate for an anchor, and never renegotiates by itself. Its random
    numbers are the system's, as os.urandom's are.
    """
    for name, value in _FLAGS_OF_SSL.items():
        if not hasattr(_ssl, name):
            setattr(_ssl, name, value)

    def RAND_bytes(n, /):
        """Generate n cryptographically strong pseudo-random bytes."""
        if n < 0:
            raise ValueError("num must be positive")
        return posix.urandom(n)

    def RAND_status():
        """True: there is always enough of them."""
        return True

    _ssl.RAND_bytes, _ssl.RAND_status = RAND_bytes, RAND_status


def _after_raw_hashlib(_hashlib):
    """Java refuses an empty key, which is as good as one of zeros."""
    _hashlib.hmac_new = _with_key(_hashlib.hmac_new)
    _hashlib.hmac_digest = _with_key(_hashlib.hmac_digest)


def _with_key(plain):
    def hmac(key, *args, **kwargs):
        return plain(key if len(key) else b"\0", *args, **kwargs)

    hmac.__name__ = hmac.__qualname__ = plain.__name__
    return hmac


def _after_hashlib(hashlib, host):
    """werkzeug's passwords, and so Flask's, need scrypt; new() has SHAKE of one length."""
    from _resty_polyglot import digests

    digests.add_scrypt(hashlib, host)
    plain = hashlib.new

    def new(name, data=b"", **kwargs):
        """Return a new hash object that implements the named algorithm."""
        if name in ("shake_128", "shake_256"):
            return getattr(hashlib, name)(data, **kwargs)
        return plain(name, data, **kwargs)

    hashlib.new = new


def _after_binascii(binascii):
    """Half of its functions."""
    from _resty_polyglot import binary_texts

    binary_texts.add_to(binascii)


def _after_blake2(blake2, host):
    """GraalPy's take one length of digest, and no key, salt or person."""
    from _resty_polyglot import digests

    digests.replace_blake2(blake2, host)


def _after_sha3(sha3, host):
    """GraalPy's SHAKE takes one length of digest."""
    from _resty_polyglot import digests

    digests.replace_shake(sha3, host)


def _after_pyexpat(pyexpat):
    """The class's name ends up with half of its module's."""
    module, _, name = "xml.parsers.expat.ExpatError".rpartition(".")
    pyexpat.error.__module__ = module
    pyexpat.error.__name__ = pyexpat.error.__qualname__ = name


def _after_h11_util(util):
    """A sentinel there is its own class, which cannot be; here Sentinel stays its class."""
    if not hasattr(util, "Sentinel"):  # h11 before 0.13
        return

    def __new__(cls, name, bases, namespace, **keywords):
        return type.__new__(cls, name, bases, namespace, **keywords)

    util.Sentinel.__new__ = __new__


def _after_zlib(zlib):
    """A decompressor that is asked for more after the end reads freed memory."""
    from _resty_polyglot import zlib_decompressor

    zlib_decompressor.replace(zlib)
