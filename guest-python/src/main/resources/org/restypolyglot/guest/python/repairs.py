"""Gives modules what GraalPy 25.0.3 lacks; listed, with reasons, in docs/python-packages.md."""

import _thread
import sys

_UNICODE_DATA = ("decimal", "decomposition", "digit", "mirrored", "numeric")
_NAME = "name '"


def hooks() -> dict:
    """What to do after which import of a package's module."""
    return {
        "h11._util": _after_h11_util,
        "pydantic.errors": _after_pydantic_errors,
        "pyexpat": _after_pyexpat,
    }


def mend(builtins) -> None:
    """anext(iterator, default) gives what cannot be awaited."""
    plain = builtins.anext
    none_given = object()

    def anext(async_iterator, default=none_given, /):
        """Return the next item from the async iterator; default where there is none."""
        if default is none_given:
            return plain(async_iterator)
        return next_or(plain(async_iterator), default)

    async def next_or(item, default):
        try:
            return await item
        except StopAsyncIteration:
            return default

    builtins.anext = anext


def after_time(time):
    """A sleep of a float can be broken off by nothing, and computes from the first try on."""
    plain = time.sleep

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

    time.sleep = sleep


class _Unicode320:
    """unicodedata as of Unicode 3.2, which names of hosts are made with; newer characters count."""

    unidata_version = "3.2.0"

    def __init__(self, unicodedata):
        self._now = unicodedata

    def __getattr__(self, name):
        return getattr(self._now, name)


def after_unicodedata(unicodedata, host):
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


def after_json_scanner(scanner, host):
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


def _after_pydantic_errors(errors):
    """NameError has no attribute `name`; the text has the name."""
    undefined = errors.PydanticUndefinedAnnotation

    def from_name_error(cls, name_error):
        """The error for an annotation that cannot be resolved yet."""
        text = str(name_error)
        name = getattr(name_error, "name", None)
        if name is None and text.startswith(_NAME):
            name = text[len(_NAME) :].partition("'")[0]
        return cls(name=name, message=text)

    undefined.from_name_error = classmethod(from_name_error)


def _after_pyexpat(pyexpat):
    """The class's name ends up with half of its module's."""
    module, _, name = "xml.parsers.expat.ExpatError".rpartition(".")
    pyexpat.error.__module__ = module
    pyexpat.error.__name__ = pyexpat.error.__qualname__ = name


def _after_h11_util(util):
    """A sentinel there is its own class, which cannot be; here Sentinel stays its class."""

    def __new__(cls, name, bases, namespace, **keywords):
        return type.__new__(cls, name, bases, namespace, **keywords)

    util.Sentinel.__new__ = __new__


def after_zlib(zlib):
    """A decompressor that is asked for more after the end reads freed memory."""
    from _resty_polyglot import zlib_decompressor

    zlib_decompressor.replace(zlib)
