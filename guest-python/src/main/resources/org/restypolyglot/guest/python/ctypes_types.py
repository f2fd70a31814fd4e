"""The module ctypes where native access is not open: its types, and nothing that touches memory.

Many packages import it, and few of those who import them need it. Simple types have values;
Structure, Array, POINTER and CFUNCTYPE make types, of which there are no objects.
"""

import struct

_CODES = {
    "c_bool": "?",
    "c_byte": "b",
    "c_ubyte": "B",
    "c_short": "h",
    "c_ushort": "H",
    "c_int": "i",
    "c_uint": "I",
    "c_long": "l",
    "c_ulong": "L",
    "c_float": "f",
    "c_double": "d",
    "c_char": "c",
}
_POINTERS = ("c_char_p", "c_wchar_p", "c_void_p", "py_object")
_SAME = {  # on Linux, 64 bits
    "c_longlong": "c_long",
    "c_ulonglong": "c_ulong",
    "c_ssize_t": "c_long",
    "c_size_t": "c_ulong",
    "c_time_t": "c_long",
    "c_int8": "c_byte",
    "c_uint8": "c_ubyte",
    "c_int16": "c_short",
    "c_uint16": "c_ushort",
    "c_int32": "c_int",
    "c_uint32": "c_uint",
    "c_int64": "c_long",
    "c_uint64": "c_ulong",
    "c_voidp": "c_void_p",
}
_REFUSED = (
    "addressof",
    "byref",
    "cast",
    "create_string_buffer",
    "create_unicode_buffer",
    "memmove",
    "memset",
    "pointer",
    "resize",
    "string_at",
    "wstring_at",
)


def refusal(name: str, package: str = "ctypes") -> str:
    """What is said of what needs native access."""
    return (
        f"{name} needs native access, which is not open to this runtime; add it to "
        f'load_ffi\'s options: permissions = {{native = {{"{package}"}}}}'
    )


def fill(module, host) -> None:
    """Gives ctypes, or ctypes.util, what it has without native access."""
    if module.__name__ == "ctypes.util":
        module.find_library = find_library
        return
    module.__doc__ = __doc__
    module.__path__ = []
    names = {"DEFAULT_MODE": 0, "RTLD_LOCAL": 0, "RTLD_GLOBAL": 256}
    for name, code in _CODES.items():
        names[name] = type(name, (Simple,), {"_type_": code, "_size_": struct.calcsize(code)})
    for name in _POINTERS:
        names[name] = type(name, (Pointer,), {"_size_": 8})
    names["c_wchar"] = type("c_wchar", (Pointer,), {"_size_": 4})
    names["c_longdouble"] = type("c_longdouble", (Pointer,), {"_size_": 16})
    for name, other in _SAME.items():
        names[name] = names[other]
    for name in _REFUSED:
        names[name] = _refused(name)
    for name in ("CDLL", "PyDLL"):
        names[name] = type(name, (), {"__init__": _refused(name)})
    for name in ("cdll", "pydll", "pythonapi"):
        names[name] = Library(name)
    for value in (Array, Structure, Union, BigEndianStructure, LittleEndianStructure):
        names[value.__name__] = value
    for value in (ARRAY, CFUNCTYPE, POINTER, alignment, get_errno, set_errno, sizeof):
        names[value.__name__] = value
    names["PYFUNCTYPE"] = CFUNCTYPE
    names["ArgumentError"] = type("ArgumentError", (Exception,), {})
    for value in names.values():
        if isinstance(value, type) and value.__module__ == __name__:
            value.__module__ = "ctypes"
    vars(module).update(names)


class Type(type):
    """The class of all types; multiplied, one makes an array's."""

    def __mul__(cls, length):
        if not isinstance(length, int):
            raise TypeError(f"can't multiply sequence by non-int of type '{type(length).__name__}'")
        if length < 0:
            raise ValueError("Array length must be >= 0, not " + str(length))
        return Type(f"{cls.__name__}_Array_{length}", (Array,), {"_type_": cls, "_length_": length})

    __rmul__ = __mul__


class Data(metaclass=Type):
    """What has no objects here."""

    def __init__(self, *args, **kwargs):
        raise PermissionError(refusal(f"ctypes.{type(self).__name__}"))

    @classmethod
    def _no_memory(cls, *args):
        raise PermissionError(refusal(f"a method of ctypes.{cls.__name__}"))

    from_address = from_buffer = from_buffer_copy = in_dll = from_param = _no_memory


class Simple(Data):
    """A value of the size of its type."""

    def __init__(self, value=None):
        self.value = value if value is not None else b"\0" if self._type_ == "c" else 0

    @property
    def value(self):
        """The value, cut to the type's size."""
        return struct.unpack(self._type_, self._bytes)[0]

    @value.setter
    def value(self, value):
        if self._type_ == "c" and isinstance(value, int):
            value = bytes((value,))
        elif self._type_ not in "c?fd":
            if not isinstance(value, int):
                raise TypeError(f"an integer is required (got type {type(value).__name__})")
            value &= (1 << 8 * self._size_) - 1
            if self._type_.islower() and value >> 8 * self._size_ - 1:
                value -= 1 << 8 * self._size_
        try:
            self._bytes = struct.pack(self._type_, value)
        except struct.error as error:
            raise TypeError(str(error)) from None

    def __bool__(self):
        return bool(self.value) if self._type_ != "c" else self.value != b"\0"

    def __repr__(self):
        return f"{type(self).__name__}({self.value!r})"


class Pointer(Data):
    """Points to memory."""


class Array(Data):
    """So many of one type; so is `type * length`."""


class Structure(Data):
    """Has fields, given as _fields_."""


class Union(Data):
    """Has fields in one place, given as _fields_."""


class BigEndianStructure(Structure):
    """Has fields of the other order of bytes."""


class LittleEndianStructure(Structure):
    """Has fields of this machine's order of bytes."""


class Library:
    """Has functions, which cannot be had."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise PermissionError(refusal(f"ctypes.{self._name}.{name}"))

    def LoadLibrary(self, name):
        """Refuses to."""
        raise PermissionError(refusal(f"ctypes.{self._name}.LoadLibrary"))


def sizeof(value) -> int:
    """The size in bytes of a type or of an object of it."""
    return _measured(value)[0]


def alignment(value) -> int:
    """The alignment in bytes of a type or of an object of it."""
    return _measured(value)[1]


def _measured(value):
    cls = value if isinstance(value, type) else type(value)
    if not issubclass(cls, Data):
        raise TypeError("this type has no size")
    if issubclass(cls, Array):
        size, aligned = _measured(cls._type_)
        return size * cls._length_, aligned
    if not issubclass(cls, (Structure, Union)):
        return cls._size_, cls._size_
    if any(len(field) > 2 for field in _fields(cls)):
        raise PermissionError(refusal("the size of bit fields"))
    most = getattr(cls, "_pack_", 0) or 16
    end, widest = 0, 1
    for _, kind in _fields(cls):
        size, aligned = _measured(kind)
        aligned = min(aligned, most)
        start = 0 if issubclass(cls, Union) else -(-end // aligned) * aligned
        end, widest = max(end, start + size), max(widest, aligned)
    return -(-end // widest) * widest, widest


def _fields(cls):
    """Those of the base classes come first."""
    return [field for base in reversed(cls.__mro__) for field in vars(base).get("_fields_", ())]


def POINTER(cls):
    """The type of pointers to a type."""
    name = "c_void_p" if cls is None else f"LP_{cls if isinstance(cls, str) else cls.__name__}"
    return Type(name, (Pointer,), {"_size_": 8, "_type_": cls})


def CFUNCTYPE(restype, *argtypes, use_errno=False, use_last_error=False):
    """The type of functions of C."""
    return Type("CFunctionType", (Pointer,), {"_size_": 8})


def ARRAY(cls, length):
    """The type of arrays of a type."""
    return cls * length


def find_library(name) -> None:
    """None: there are no libraries to be found."""
    return None


def get_errno() -> int:
    """0, as nothing has been called."""
    return 0


def set_errno(value) -> int:
    """0, as nothing has been called."""
    return 0


def _refused(name):
    def refused(*args, **kwargs):
        """Needs native access."""
        raise PermissionError(refusal(f"ctypes.{name}"))

    refused.__name__ = refused.__qualname__ = name
    refused.__module__ = "ctypes"
    return refused
