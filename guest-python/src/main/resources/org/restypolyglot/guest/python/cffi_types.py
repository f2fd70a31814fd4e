"""C's types, as far as the modules of lua-resty-ffi's Python loader name them."""

POINTER_SIZE = 8
_BITS = 8


class CType:
    """A C type; two are the same type when their names are."""

    kind = ""
    size = None  # in bytes; None: nothing of this type can be stored

    def __init__(self, cname: str):
        self.cname = cname

    def __eq__(self, other):
        return isinstance(other, CType) and self.cname == other.cname

    def __hash__(self):
        return hash(self.cname)

    def __repr__(self):
        return f"<ctype '{self.cname}'>"

    def is_bytes(self) -> bool:
        """Whether Python's bytes may be given for a pointer to this type."""
        return False


class VoidType(CType):
    """What malloc() returns a pointer to."""

    kind = "void"

    def is_bytes(self):
        return True


class OpaqueType(CType):
    """A struct, union or unknown thing: there are pointers to it, and no more."""

    kind = "struct"


class PrimitiveType(CType):
    """A number, a bool or a character."""

    kind = "primitive"

    def is_bytes(self):
        return self.size == 1 and not isinstance(self, BoolType)

    def unpack(self, data: bytes):
        """The Python value of what is in memory."""
        raise NotImplementedError

    def pack(self, value) -> bytes:
        """What is in memory for a Python value; TypeError or OverflowError if it does not fit."""
        raise NotImplementedError

    def cast(self, value):
        """The Python value that a C cast makes of a number."""
        raise NotImplementedError


class IntType(PrimitiveType):
    """An integer of any size."""

    def __init__(self, cname, size, signed):
        super().__init__(cname)
        self.size = size
        self.signed = signed
        bits = size * _BITS
        self._low, self._high = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)

    def unpack(self, data):
        return int.from_bytes(data, "little", signed=self.signed)

    def pack(self, value):
        return self.check(value).to_bytes(self.size, "little", signed=self.signed)

    def check(self, value) -> int:
        """The value as an int that fits."""
        if type(value) is int and self._low <= value < self._high:
            return value
        if isinstance(value, float):
            raise TypeError(f"an integer is required for '{self.cname}', not float")
        try:
            number = value.__index__() if hasattr(value, "__index__") else int(value.__int__())
        except AttributeError:
            raise TypeError(
                f"an integer is required for '{self.cname}', not {type(value).__name__}"
            ) from None
        if not self._low <= number < self._high:
            raise OverflowError(f"integer {number} does not fit '{self.cname}'")
        return number

    def cast(self, value):
        bits = self.size * _BITS
        number = int(value) & ((1 << bits) - 1)
        return number - (1 << bits) if self.signed and number >> (bits - 1) else number


class BoolType(IntType):
    """_Bool."""

    def __init__(self):
        super().__init__("_Bool", 1, False)

    def unpack(self, data):
        return data != b"\0"

    def pack(self, value):
        return bytes([self.check(value) != 0])

    def cast(self, value):
        return bool(value)


class CharType(PrimitiveType):
    """char: one byte, in Python bytes of length 1."""

    size = 1

    def __init__(self):
        super().__init__("char")

    def unpack(self, data):
        return data

    def pack(self, value):
        if isinstance(value, bytes) and len(value) == 1:
            return value
        shown = type(value).__name__
        if isinstance(value, (bytes, str)):
            shown += f" of length {len(value)}"
        raise TypeError(f"initializer for 'char' must be bytes of length 1, not {shown}")

    def cast(self, value):
        return bytes([int(value) & 0xFF])


class FloatType(PrimitiveType):
    """float, double."""

    def __init__(self, cname, size, code):
        super().__init__(cname)
        self.size = size
        self._code = code

    def unpack(self, data):
        from struct import unpack

        return unpack(self._code, data)[0]

    def pack(self, value):
        from struct import pack

        return pack(self._code, float(value))

    def cast(self, value):
        return self.unpack(self.pack(value))


class PointerType(CType):
    """A pointer."""

    kind = "pointer"
    size = POINTER_SIZE

    def __init__(self, item: CType):
        self.item = item
        if item.kind == "array":
            head, _, tail = item.cname.partition("[")
            super().__init__(f"{head}(*)[{tail}")
        elif item.kind == "function":
            super().__init__(item.cname.replace("(", "(*)(", 1))
        else:
            super().__init__(f"{item.cname} *")


class ArrayType(CType):
    """An array; of a length that is known, or of any."""

    kind = "array"

    def __init__(self, item: CType, length: "int | None"):
        self.item = item
        self.length = length
        head, bracket, tail = item.cname.partition("[")
        super().__init__(f"{head}[{'' if length is None else length}]{bracket}{tail}")
        if length is not None and item.size is not None:
            self.size = length * item.size


class FunctionType(CType):
    """A function; pointers to functions can be declared, but not made."""

    kind = "function"

    def __init__(self, result: CType, params: "list[CType]", variadic: bool):
        self.result = result
        self.params = params
        self.variadic = variadic
        names = [param.cname for param in params] + (["..."] if variadic else [])
        super().__init__(f"{result.cname}({', '.join(names)})")


VOID = VoidType("void")
CHAR = CharType()
VOID_POINTER = PointerType(VOID)
CHAR_POINTER = PointerType(CHAR)


def _ints():
    by_name = {}
    for name, size in (("char", 1), ("short", 2), ("int", 4), ("long", 8), ("long long", 8)):
        by_name[name if size > 1 else "signed char"] = (size, True)
        by_name[f"unsigned {name}"] = (size, False)
    for bits in (8, 16, 32, 64):
        by_name[f"int{bits}_t"] = (bits // _BITS, True)
        by_name[f"uint{bits}_t"] = (bits // _BITS, False)
    for name in ("ssize_t", "intptr_t", "ptrdiff_t"):
        by_name[name] = (POINTER_SIZE, True)
    for name in ("size_t", "uintptr_t"):
        by_name[name] = (POINTER_SIZE, False)
    return {name: IntType(name, size, signed) for name, (size, signed) in by_name.items()}


# By name, each word of a name in the order in which gcc's messages have it.
NAMED: "dict[str, CType]" = {
    "void": VOID,
    "char": CHAR,
    "_Bool": BoolType(),
    "float": FloatType("float", 4, "<f"),
    "double": FloatType("double", 8, "<d"),
    **_ints(),
}
NAMED["bool"] = NAMED["_Bool"]
