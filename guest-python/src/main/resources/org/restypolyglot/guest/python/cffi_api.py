"""The module cffi, as the modules of lua-resty-ffi's Python loader use it.

The package of that name is a C extension around the process's memory. What such a module does with
it needs neither: pointers are to memory of this runtime (cffi_memory.py), and C's functions are
those in cffi_functions.py. All else is refused, and told by its name.
"""

from _resty_polyglot import cffi_data as data
from _resty_polyglot import cffi_memory as memory
from _resty_polyglot.cffi_data import Address, Array, CData, Number, Pointer
from _resty_polyglot.cffi_functions import Functions
from _resty_polyglot.cffi_parser import CDefError, Parser
from _resty_polyglot.cffi_types import (
    VOID_POINTER,
    ArrayType,
    CharType,
    CType,
    IntType,
    PointerType,
    PrimitiveType,
)

_PART = "the part of cffi that lua-resty-ffi's modules get"
_MORE = (
    "for more, the runtime needs the package cffi itself, and native access for it: "
    'permissions = {native = {"_cffi_backend"}}'
)
_HAS = (
    "cdef, dlopen(None), new, cast, string, unpack, buffer, from_buffer, memmove, sizeof, typeof, "
    "addressof, gc, release, NULL"
)


class FFIError(Exception):
    """cffi's name for what it cannot do."""


class FFI:
    """Declarations, and what is done with C values."""

    CData = CData
    CType = CType
    error = FFIError
    buffer_type = data.Buffer
    NULL = Pointer(VOID_POINTER, None, 0)

    def __init__(self):
        self._parser = Parser()

    def __getattr__(self, name):
        raise AttributeError(f"ffi.{name} is not in {_PART} (it has {_HAS}); {_MORE}")

    def cdef(self, csource: str, override: bool = False) -> None:
        """Takes declarations of functions and types."""
        if not isinstance(csource, str):
            raise TypeError(f"cdef() takes the text of declarations, not {type(csource).__name__}")
        self._parser.declare(csource)

    def dlopen(self, name, flags=0):
        """The functions that the process has: of those, the ones that are in cffi_functions.py."""
        if name is not None:
            raise OSError(f"ffi.dlopen({name!r}) is not in {_PART}, only ffi.dlopen(None); {_MORE}")
        return Library(self._parser)

    def typeof(self, cdecl) -> CType:
        """A type by its name, or the type of a cdata."""
        if isinstance(cdecl, CData):
            return cdecl.ctype
        return cdecl if isinstance(cdecl, CType) else self._parser.type_of(cdecl)

    def sizeof(self, cdecl) -> int:
        """The size of a type or a cdata, in bytes."""
        if isinstance(cdecl, Array):
            return cdecl.length * cdecl.item().size
        ctype = self.typeof(cdecl)
        if ctype.size is None:
            raise FFIError(f"ctype '{ctype.cname}' is of unknown size")
        return ctype.size

    def new(self, cdecl, init=None):
        """Memory that lives as long as what is returned."""
        ctype = self.typeof(cdecl)
        if isinstance(ctype, ArrayType):
            return _new_array(ctype, init)
        if not isinstance(ctype, PointerType):
            raise TypeError(f"expected a pointer or array ctype, got '{ctype.cname}'")
        size = self.sizeof(ctype.item)
        made = Pointer(ctype, memory.Block(size, b"", memory.OWNED), 0)
        if init is not None:
            made.put(0, init)
        return made

    def cast(self, cdecl, value) -> CData:
        """A C cast, between numbers and pointers."""
        return data.cast(self.typeof(cdecl), value)

    def string(self, cdata, maxlen: int = -1) -> bytes:
        """The bytes up to the first NUL."""
        if isinstance(cdata, Number) and isinstance(cdata.ctype, CharType):
            return cdata.value
        item = cdata.item() if isinstance(cdata, Address) else None
        if not isinstance(item, PrimitiveType) or not item.is_bytes():
            what = type(cdata).__name__
            if isinstance(cdata, CData):
                what = f"cdata type '{cdata.ctype.cname}'"
            raise TypeError(f"string(): unexpected {what}; a 'char *' or 'char[]' is expected")
        if not cdata:
            raise RuntimeError(f"cannot use string() on {cdata!r}")
        if isinstance(cdata, Array) and not 0 <= maxlen < cdata.length:
            maxlen = cdata.length
        return cdata.memory().string(cdata.at, maxlen)

    def unpack(self, cdata, length: int):
        """So many items: bytes of char, else a list."""
        if not isinstance(cdata, Address):
            raise TypeError(f"unpack() takes a pointer or an array, not {cdata!r}")
        if isinstance(cdata.item(), CharType):
            return cdata.memory().read(cdata.at, length)
        return [cdata.get(index) for index in range(length)]

    def buffer(self, cdata, size: int = -1) -> data.Buffer:
        """The memory behind a pointer or an array."""
        if not isinstance(cdata, Address):
            raise TypeError(f"buffer() takes a pointer or an array, not {cdata!r}")
        if size < 0:
            size = self.sizeof(cdata if isinstance(cdata, Array) else cdata.item())
        return data.Buffer(cdata.memory(), cdata.at, size)

    def from_buffer(self, cdecl, python_buffer=None, require_writable: bool = False):
        """The memory of a bytes, bytearray or memoryview, without a copy."""
        if python_buffer is None:
            cdecl, python_buffer = "char[]", cdecl
        ctype = self.typeof(cdecl)
        view = memoryview(python_buffer).cast("B")
        if require_writable and view.readonly:
            raise BufferError(f"{type(python_buffer).__name__} cannot be changed")
        block = memory.Block(len(view), view, memory.BORROWED)
        if isinstance(ctype, ArrayType):
            count = len(view) // self.sizeof(ctype.item)
            return Array(ctype, block, 0, count if ctype.length is None else ctype.length)
        return Pointer(ctype, block, 0)

    def memmove(self, dest, src, n: int) -> None:
        """Copies bytes between cdata, bytes and buffers."""
        moved = src.memory().read(src.at, n) if isinstance(src, Address) else _bytes_of(src, n)
        if isinstance(dest, Address):
            dest.memory().write(dest.at, moved)
        else:
            memoryview(dest).cast("B")[:n] = moved

    def addressof(self, cdata, *index):
        """The address of an array, or of one of its items."""
        if isinstance(cdata, Address) and len(index) == 1:
            return cdata + index[0]
        if isinstance(cdata, Array) and not index:
            return Pointer(PointerType(cdata.ctype), cdata.block, cdata.at)
        raise TypeError("addressof() takes an array, or an array or pointer and an index here")

    def gc(self, cdata, destructor, size: int = 0):
        """The same pointer, with what is called when nobody has it any more; None: not any more."""
        if not isinstance(cdata, Address):
            raise TypeError(f"gc() takes a pointer, not {cdata!r}")
        if destructor is None:
            if isinstance(cdata, data.Collected):
                cdata.destructor = None
            return None
        return data.Collected(cdata, destructor)

    def release(self, cdata) -> None:
        """Ends what new() or gc() gave, now."""
        data.release(cdata)


def _new_array(ctype, init):
    item = ctype.item
    if item.size is None:
        raise FFIError(f"ctype '{item.cname}' is of unknown size")
    length = ctype.length
    if length is None:
        if isinstance(init, (bytes, bytearray)):
            length = len(init) + 1
        elif isinstance(init, (list, tuple)):
            length = len(init)
        elif hasattr(init, "__index__"):
            length, init = init.__index__(), None
        else:
            raise TypeError(f"'{ctype.cname}' needs a length, bytes or a list, not {init!r}")
    if length < 0:
        raise ValueError(f"negative length {length} of '{ctype.cname}'")
    made = Array(ctype, memory.Block(length * item.size, b"", memory.OWNED), 0, length)
    if init is not None:
        made.fill(init)
    return made


def _bytes_of(source, count):
    view = memoryview(source).cast("B")
    if count > len(view):
        name = type(source).__name__
        raise ValueError(f"memmove(): {count} bytes of {name}, which has {len(view)}")
    return bytes(view[:count])


class Library:
    """What dlopen(None) returns: the functions that are declared, as attributes."""

    def __init__(self, parser):
        self._parser = parser

    def __getattr__(self, name):
        known = _functions.by_name.get(name)
        if known is None:
            if name.startswith("__"):
                raise AttributeError(name)
            names = ", ".join(_functions.by_name)
            raise AttributeError(
                f"C.{name} is not open to this runtime, which has {names}; {_MORE}"
            )
        declared = self._parser.functions.get(name)
        if declared is None:
            raise AttributeError(f"C.{name} is not declared: name it in ffi.cdef()")
        function = Function(name, declared, *known)
        self.__dict__[name] = function
        return function

    def __dir__(self):
        return [name for name in self._parser.functions if name in _functions.by_name]


class Function:
    """A C function, with the types that it was declared with."""

    def __init__(self, name, declared, body, kinds):
        result, _, params = kinds.partition(":")
        fits = (
            len(params) == len(declared.params)
            and not declared.variadic
            and all(_kind(param) == kind for param, kind in zip(declared.params, params))
            and (_kind(declared.result) == result or declared.result.kind == "void")
        )
        if not fits:
            raise CDefError(f"{name} is not declared as it is: {declared.cname}")
        self._name = name
        self._body = body
        self._converters = [_converter(ctype) for ctype in declared.params]
        self._result = declared.result
        self.__name__ = name

    def __call__(self, *args):
        converters = self._converters
        if len(args) != len(converters):
            raise TypeError(f"'{self._name}' expects {len(converters)} arguments, got {len(args)}")
        result = self._body(*[convert(value) for convert, value in zip(converters, args)])
        ctype = self._result
        if type(result) is tuple:
            return None if ctype.kind == "void" else Pointer(ctype, *result)
        return result if ctype.kind != "void" else None

    def __repr__(self):
        return f"<cffi function {self._name}>"


def _kind(ctype):
    if isinstance(ctype, PointerType):
        return "p"
    return "i" if isinstance(ctype, IntType) else "v" if ctype.kind == "void" else "?"


def _converter(ctype):
    """What makes a C argument of the type from a Python value."""
    if isinstance(ctype, PrimitiveType):
        return ctype.check
    takes_bytes = ctype.item.is_bytes()

    def convert(value):
        if takes_bytes:
            if isinstance(value, Address):
                return value
            if type(value) is bytes:
                return Pointer(ctype, memory.Block(len(value) + 1, value, memory.BORROWED), 0)
        if isinstance(value, (list, tuple)):
            return _new_array(ArrayType(ctype.item, None), value)
        return data.address_for(ctype, value)

    return convert


_functions: "Functions"


def fill(module, host) -> None:
    """Makes the module cffi."""
    global _functions
    _functions = Functions(host)
    module.FFI = FFI
    module.FFIError = FFIError
    module.CDefError = CDefError
    module.__version__ = "1.17.1"
    module.__doc__ = __doc__
