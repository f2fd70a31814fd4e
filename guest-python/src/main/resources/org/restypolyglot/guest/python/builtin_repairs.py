"""Gives built-in functions and types what GraalPy 25.0.3 lacks; listed in docs/python-packages.md."""

import _codecs
import _io
import codecs
import sys

_NONE = object()
_OURS = "<resty-polyglot>/"


def mend(builtins, host) -> None:
    """Done once, before anything else is imported."""
    builtins.anext = _anext(builtins.anext)
    builtins.sum = _sum(builtins.sum)
    _take_texts()
    _codecs.lookup = codecs.lookup = _lookup(codecs.lookup)
    _getsizeof.__name__ = _getsizeof.__qualname__ = "getsizeof"
    sys.getsizeof = _getsizeof
    _mend_coroutines(host.set_type_attribute)
    _mend_code(host)
    _explain_unicode_errors()
    host.set_type_attribute(BaseExceptionGroup, "derive", _derive)
    host.set_type_attribute(NameError, "name", property(_name_of, _set_name))
    frame_type = type(sys._getframe())
    host.set_type_attribute(frame_type, "f_back", property(_f_back(frame_type.f_back.__get__)))
    host.set_type_attribute(str, "format", _format(str.format))
    host.set_type_attribute(str, "isascii", _isascii(str.isascii))
    host.set_type_attribute(_io.TextIOWrapper, "newlines", _newlines(_io.TextIOWrapper.newlines))


def _f_back(plain):
    """Who walks up the stack, for a log or a traceback of more than was raised, meets none of ours."""

    def f_back(frame):
        """The frame of the caller."""
        back = plain(frame)
        while back is not None and back.f_code.co_filename.startswith(_OURS):
            back = plain(back)
        return back

    return f_back


def _anext(plain):
    """anext(iterator, default) gives what cannot be awaited."""

    def anext(async_iterator, default=_NONE, /):
        """Return the next item from the async iterator; default where there is none."""
        if default is _NONE:
            return plain(async_iterator)
        return next_or(plain(async_iterator), default)

    async def next_or(item, default):
        try:
            return await item
        except StopAsyncIteration:
            return default

    return anext


def _sum(plain):
    """Floats are summed up as in Python 3.12: what rounding loses is added at the end."""

    def sum(iterable, /, start=0):
        """Return the sum of a 'start' value (default: 0) plus an iterable of numbers"""
        if type(start) is not int and type(start) is not float:
            return plain(iterable, start)
        if type(iterable) is list or type(iterable) is tuple:
            total = plain(iterable, start)
            if type(total) is not float:
                return total
        total, lost = start, 0.0
        values = iter(iterable)
        for value in values:
            if type(total) is not float:
                total = total + value
            elif type(value) is float:
                old, total = total, total + value
                if abs(old) >= abs(value):
                    lost += (old - total) + value
                else:
                    lost += (value - total) + old
            elif isinstance(value, int):
                total += value
            else:
                total = _with(total, lost) + value
                lost = 0.0
        return _with(total, lost) if type(total) is float else total

    sum.__qualname__ = "sum"
    return sum


def _with(total, lost):
    """What is lost is no number after an infinity."""
    return total + lost if lost and lost - lost == 0.0 else total


def _take_texts():
    """Escapes are decoded in a str, too; the codec charmap is that of Latin 1 without a table."""
    for name in ("unicode_escape_decode", "raw_unicode_escape_decode", "escape_decode"):
        setattr(_codecs, name, _taking_text(getattr(_codecs, name)))
        setattr(codecs, name, getattr(_codecs, name))
    _codecs.decode = codecs.decode = _decode(codecs.decode)
    for name in ("charmap_encode", "charmap_decode"):
        latin_1 = getattr(_codecs, "latin_1" + name.removeprefix("charmap"))
        setattr(_codecs, name, _with_table(getattr(_codecs, name), latin_1))
        setattr(codecs, name, getattr(_codecs, name))


def _taking_text(plain):
    def decode(data, *options):
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogatepass")
        return plain(data, *options)

    decode.__name__ = decode.__qualname__ = plain.__name__
    return decode


def _decode(plain):
    def decode(obj, encoding="utf-8", errors="strict"):
        """Decodes obj using the codec registered for encoding."""
        if isinstance(obj, str) and encoding.lower().replace("-", "_").endswith("unicode_escape"):
            obj = obj.encode("utf-8", "surrogatepass")
        return plain(obj, encoding, errors)

    return decode


def _with_table(plain, latin_1):
    def code(data, errors=None, mapping=None, /):
        if mapping is None:
            return latin_1(data, errors)
        return plain(data, errors, mapping)

    code.__name__ = code.__qualname__ = plain.__name__
    return code


def _lookup(plain):
    """The name of a codec is the one that it was asked for by, instead of its own."""
    names = {"utf_8": "utf-8", "latin_1": "iso8859-1", "ascii": "ascii"}

    def own_name(name):
        from encodings import aliases, normalize_encoding

        module = normalize_encoding(name).lower()
        module = aliases.aliases.get(module, module)
        if module not in names:
            names[module] = __import__("encodings." + module, None, None, ["*"]).getregentry().name
        return names[module]

    def lookup(encoding, /):
        """Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."""
        info = plain(encoding)
        try:
            info.name = own_name(encoding)
        except Exception:
            pass  # one that a package has registered
        return info

    return lookup


def _explain_unicode_errors():
    """The reasons are those of Java's coders; all handlers of errors go through the registry."""

    def strict_errors(exception, /):
        """Implements the 'strict' error handling, which raises a UnicodeError on coding errors."""
        _explain(exception)
        raise exception

    def explains(plain):
        def handler(exception, /):
            try:
                return plain(exception)
            except UnicodeError as error:
                _explain(error)
                raise

        handler.__name__, handler.__doc__ = plain.__name__, plain.__doc__
        return handler

    codecs.register_error("strict", strict_errors)
    codecs.strict_errors = strict_errors
    for name in ("surrogatepass", "surrogateescape"):
        codecs.register_error(name, explains(codecs.lookup_error(name)))


def _explain(error):
    if isinstance(error, UnicodeError):
        from _resty_polyglot import unicode_errors

        unicode_errors.explain(error)


def _derive(self, exceptions, /):
    """A group of some of its exceptions; GraalPy gives them as a tuple, which repr() shows."""
    return BaseExceptionGroup(self.message, list(exceptions))


def _name_of(error):
    """The name that was looked up; GraalPy has it in the text only."""
    name = error.__dict__.get("_name")
    text = str(error)
    if name is None and text.startswith("name '"):
        name = text.split("'")[1]
    return name


def _set_name(error, name):
    error.__dict__["_name"] = name


def _format(plain):
    """An attribute that is not there is None."""

    def format(self, /, *args, **kwargs):
        """Return a formatted version of the string, using substitutions from args and kwargs."""
        text = plain(self, *args, **kwargs)
        if "None" in text and "." in self:
            from _resty_polyglot import formatting

            formatting.check_attributes(self, args, kwargs)
        return text

    return format


def _isascii(plain):
    """The empty text has no character that is not."""

    def isascii(self, /):
        """Return True if all characters in the string are ASCII, False otherwise."""
        return plain(self) or not len(self)

    return isascii


def _newlines(plain):
    """A file whose ends of lines are given has a decoder that does not tell of them."""

    def newlines(self):
        try:
            return plain.__get__(self)
        except AttributeError:
            return None

    return property(newlines)


def _mend_coroutines(set_type_attribute):
    """Coroutines and asynchronous generators have no names.

    And aclose() goes on at once where a finally clause waits for something.
    """

    async def coroutine():
        pass

    async def generator():
        yield

    made = coroutine()
    for kind, code in ((type(made), "cr_code"), (type(generator()), "ag_code")):
        for attribute, name in (("__name__", "co_name"), ("__qualname__", "co_qualname")):
            set_type_attribute(kind, attribute, _name_in(code, name))
    made.close()
    set_type_attribute(type(generator()), "aclose", _aclose)


def _aclose(self):
    """aclose() -> raise GeneratorExit inside generator."""
    return _close_asynchronously(self)


async def _close_asynchronously(generator):
    if generator.ag_frame is None:  # at its end
        return
    if generator.ag_running:
        raise RuntimeError("aclose(): asynchronous generator is already running")
    try:
        await generator.athrow(GeneratorExit)
    except (GeneratorExit, StopAsyncIteration):
        return
    raise RuntimeError("async generator ignored GeneratorExit")


def _mend_code(host):
    """What replace() makes says in tracebacks neither its file nor its name."""
    kind = type(_mend_code.__code__)
    plain = kind.replace

    def replace(self, /, **changes):
        """Return a copy of the code object with new values for the specified fields."""
        return host.mend_replaced_code(plain(self, **changes))

    host.set_type_attribute(kind, "replace", replace)


def _name_in(code, name):
    return property(lambda self: getattr(getattr(self, code), name))


def _getsizeof(object, default=_NONE):
    """getsizeof(object [, default]) -> int: the size of object in bytes."""
    from _resty_polyglot import sizes  # hardly anybody asks

    try:
        return sizes.size_of(object)
    except TypeError:
        if default is _NONE:
            raise
        return default
