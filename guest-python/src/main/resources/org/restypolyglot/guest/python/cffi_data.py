"""The values that cffi hands out: numbers, pointers and arrays of C."""

from _resty_polyglot import cffi_memory as memory
from _resty_polyglot.cffi_types import (
    VOID,
    ArrayType,
    BoolType,
    CharType,
    CType,
    IntType,
    PointerType,
    PrimitiveType,
)


class CData:
    """A C value. What a C value of another kind could do, this one refuses."""

    __slots__ = ("ctype", "__weakref__")

    def __init__(self, ctype: CType):
        self.ctype = ctype

    def _refuse(self, what):
        return TypeError(f"cdata of type '{self.ctype.cname}' {what}")

    def __len__(self):
        raise self._refuse("has no len()")

    def __iter__(self):
        raise self._refuse("does not support iteration")

    def __getitem__(self, index):
        raise self._refuse("cannot be indexed")

    def __setitem__(self, index, value):
        raise self._refuse("does not support item assignment")

    def __int__(self):
        raise TypeError(f"int() not supported on cdata '{self.ctype.cname}'; ffi.cast() it first")

    def __call__(self, *args):
        raise self._refuse("is not callable")

    def __getattr__(self, name):
        raise AttributeError(f"cdata '{self.ctype.cname}' has no field '{name}': {_NO_STRUCTS}")


_ADDRESSES = 1 << 64
_NO_STRUCTS = "the fields of structs are not in the part of cffi that is here"


class Number(CData):
    """What ffi.cast() makes of a number."""

    __slots__ = ("value",)

    def __init__(self, ctype, value):
        super().__init__(ctype)
        self.value = value

    def __bool__(self):
        return self.value not in (0, b"\0")

    def __int__(self):
        return ord(self.value) if isinstance(self.value, bytes) else int(self.value)

    def __float__(self):
        return float(self.value)

    def __eq__(self, other):
        return self.value == (other.value if isinstance(other, Number) else other)

    def __lt__(self, other):
        return self.value < (other.value if isinstance(other, Number) else other)

    def __gt__(self, other):
        return self.value > (other.value if isinstance(other, Number) else other)

    def __le__(self, other):
        return not self > other

    def __ge__(self, other):
        return not self < other

    def __hash__(self):
        return hash(self.value)

    def __repr__(self):
        return f"<cdata '{self.ctype.cname}' {self.value}>"


class Address(CData):
    """A place in memory: a block and an offset; or no block, and a number (NULL is 0).

    A number without a block is what the host gave (a task, a task queue) or what somebody made up:
    it can be compared and handed on, and nothing can be read there.
    """

    __slots__ = ("block", "at")

    def __init__(self, ctype, block, at):
        self.ctype = ctype
        self.block = block
        self.at = at

    def number(self) -> int:
        """The address as a number."""
        return self.at if self.block is None else self.block.address() + self.at

    def item(self) -> CType:
        """What it points to."""
        return self.ctype.item

    def memory(self):
        """The block, if there is something to read or write."""
        if self.block is None:
            if self.at == 0:
                name = self.ctype.cname
                raise RuntimeError(f"cannot dereference null pointer from cdata '{name}'")
            raise RuntimeError(f"{self!r} does not point to memory of this runtime")
        return self.block

    def _place(self, index):
        """The offset of an item in the block."""
        return self.at + index * self._step()

    def _step(self):
        item = self.item()
        return 1 if item is VOID else self._size_of(item)

    def _size_of(self, item):
        if item.size is None:
            more = f": {_NO_STRUCTS}" if item.kind == "struct" else ""
            raise TypeError(f"cdata of type '{self.ctype.cname}' points to items of no size{more}")
        return item.size

    def get(self, index: int):
        """The Python value of an item."""
        item = self.item()
        size = self._size_of(item)
        place = self.at + index * size
        block = self.memory()
        if isinstance(item, ArrayType):
            return Array(item, block, place, item.length)
        data = block.read(place, size)
        if isinstance(item, PointerType):
            return pointer_to(item, int.from_bytes(data, "little"))
        return item.unpack(data)

    def put(self, index: int, value) -> None:
        """Changes an item."""
        item = self.item()
        place = self.at + index * self._size_of(item)
        if isinstance(item, ArrayType):
            Array(item, self.memory(), place, item.length).fill(value)
        else:
            self.memory().write(place, packed(item, value))

    def __bool__(self):
        return self.block is not None or self.at != 0

    def __eq__(self, other):
        if not isinstance(other, Address):
            return NotImplemented
        return self.block is other.block and self.at == other.at

    def __hash__(self):
        return hash((None if self.block is None else id(self.block), self.at))

    def __lt__(self, other):
        return self._number_beside(other) < other.number()

    def __le__(self, other):
        return self._number_beside(other) <= other.number()

    def __gt__(self, other):
        return self._number_beside(other) > other.number()

    def __ge__(self, other):
        return self._number_beside(other) >= other.number()

    def _number_beside(self, other):
        if not isinstance(other, Address):
            raise TypeError(f"{self!r} cannot be compared with {type(other).__name__}")
        return self.number()

    def __add__(self, count):
        if not hasattr(count, "__index__"):
            return NotImplemented
        return Pointer(_pointer_type(self), self.block, self._place(count.__index__()))

    __radd__ = __add__

    def __sub__(self, other):
        if not isinstance(other, Address):
            return self + -other if hasattr(other, "__index__") else NotImplemented
        if _pointer_type(other) != _pointer_type(self):
            names = f"'{other.ctype.cname}' from '{self.ctype.cname}'"
            raise TypeError(f"cannot subtract cdata {names}")
        apart = self.at - other.at if self.block is other.block else self.number() - other.number()
        return apart // self._step()

    def __getitem__(self, index):
        if isinstance(index, slice):
            return self._slice(index)
        return self.get(self._checked(index))

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            self._slice(index).fill(value, exact=True)
        else:
            self.put(self._checked(index), value)

    def _checked(self, index):
        if not hasattr(index, "__index__"):
            raise TypeError(f"an index is an integer, not {type(index).__name__}")
        return index.__index__()

    def _slice(self, index):
        if index.start is None or index.stop is None or index.step is not None:
            raise IndexError("a slice of a cdata has a start, a stop and no step: p[0:5]")
        start, count = self._checked(index.start), index.stop - index.start
        if count < 0:
            raise IndexError(f"slice start {index.start} > stop {index.stop}")
        ctype = ArrayType(self.item(), None)
        return Array(ctype, self.memory(), self._place(start), count)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        release(self)


class Pointer(Address):
    """A pointer."""

    __slots__ = ()

    def __repr__(self):
        return f"<cdata '{self.ctype.cname}' {hex(self.number()) if self else 'NULL'}>"


class Array(Address):
    """An array of a length that is known."""

    __slots__ = ("length",)

    def __init__(self, ctype, block, at, length):
        super().__init__(ctype, block, at)
        self.length = length

    def __len__(self):
        return self.length

    def __iter__(self):
        return (self.get(index) for index in range(self.length))

    def _checked(self, index):
        index = super()._checked(index)
        if not 0 <= index < self.length:
            raise IndexError(
                f"index {index} is not within cdata '{self.ctype.cname}' of {self.length} items"
            )
        return index

    def _slice(self, index):
        part = super()._slice(index)
        if index.stop > self.length:
            raise IndexError(f"slice stop {index.stop} is beyond the {self.length} items")
        return part

    def fill(self, value, exact=False) -> None:
        """Takes items from bytes or a sequence."""
        if isinstance(value, (bytes, bytearray)) and self.item().size == 1:
            count = len(value)
            if count == self.length or count < self.length and not exact:
                self.memory().write(self.at, bytes(value))
                return
        elif isinstance(value, (list, tuple)) or exact and hasattr(value, "__iter__"):
            value = list(value)
            count = len(value)
            if count == self.length or count < self.length and not exact:
                for index, item in enumerate(value):
                    self.put(index, item)
                return
        else:
            raise TypeError(
                f"initializer for '{self.ctype.cname}' must be bytes, a list or a tuple, "
                f"not {type(value).__name__}"
            )
        raise ValueError(f"{count} items do not fill cdata '{self.ctype.cname}' of {self.length}")

    def __repr__(self):
        size = self.length * self._step()
        if self.block.kind == memory.OWNED and self.at == 0:
            return f"<cdata '{self.ctype.cname}' owning {size} bytes>"
        return f"<cdata '{self.ctype.cname}' of {size} bytes at {self.number():#x}>"


def _pointer_type(address):
    if isinstance(address.ctype, PointerType):
        return address.ctype
    return PointerType(address.ctype.item)


def pointer_to(ctype: PointerType, number: int) -> Pointer:
    """The pointer with that number for its address."""
    return Pointer(ctype, *memory.find(number))


def packed(ctype: CType, value) -> bytes:
    """What is in memory for a Python value."""
    if isinstance(ctype, PrimitiveType):
        return ctype.pack(value.value if isinstance(value, Number) else value)
    if isinstance(ctype, PointerType):
        return address_for(ctype, value).number().to_bytes(ctype.size, "little")
    raise TypeError(f"nothing can be stored as '{ctype.cname}'")


def address_for(ctype: PointerType, value) -> Address:
    """A cdata that is given where a pointer is expected, as C would convert it."""
    if isinstance(value, Address):
        given = value.item()
        if given == ctype.item or given is VOID or ctype.item.is_bytes():
            return value
    shown = f"cdata '{value.ctype.cname}'" if isinstance(value, CData) else type(value).__name__
    raise TypeError(f"a cdata '{ctype.cname}' is expected, not {shown}{_hint(value, ctype)}")


def _hint(value, ctype):
    if value is None:
        return "; use ffi.NULL"
    if isinstance(value, Address):
        return f'; use ffi.cast("{ctype.cname}", …)'
    if isinstance(value, int):
        return f'; use ffi.cast("{ctype.cname}", …)'
    if isinstance(value, str):
        return "; encode() it first"
    if isinstance(value, (bytearray, memoryview)):
        return "; use ffi.from_buffer(…)"
    return ""


def cast(ctype: CType, value) -> CData:
    """A C cast."""
    if isinstance(ctype, PointerType):
        if isinstance(value, Address):
            return Pointer(ctype, value.block, value.at)
        return pointer_to(ctype, _as_int(ctype, value) % _ADDRESSES)
    if not isinstance(ctype, PrimitiveType):
        raise TypeError(f"cannot cast to '{ctype.cname}'")
    if isinstance(value, Address):
        if not isinstance(ctype, IntType) or isinstance(ctype, BoolType) or ctype.size < 8:
            raise TypeError(f"cannot cast {value!r} to '{ctype.cname}'; use \"uintptr_t\"")
        return Number(ctype, ctype.cast(value.number()))
    if isinstance(ctype, (IntType, CharType)):
        return Number(ctype, ctype.cast(_as_int(ctype, value)))
    return Number(ctype, ctype.cast(value.value if isinstance(value, Number) else value))


def _as_int(ctype, value):
    if isinstance(value, Number):
        return int(value)
    if isinstance(value, bytes) and len(value) == 1:
        return ord(value)
    if isinstance(value, float) and not isinstance(ctype, PointerType):
        return int(value)
    if not hasattr(value, "__index__"):
        raise TypeError(f"cannot cast {type(value).__name__} to '{ctype.cname}'")
    return value.__index__()


def release(cdata: CData) -> None:
    """Ends what ffi.new() or ffi.gc() gave, now."""
    if isinstance(cdata, Collected):
        cdata.destroy()
    elif isinstance(cdata, Address) and cdata.block is not None and cdata.at == 0:
        if cdata.block.kind == memory.OWNED:
            cdata.block.free("by ffi.release()")


class Collected(Pointer):
    """What ffi.gc() returns: a pointer whose destructor is called when nobody has it any more."""

    __slots__ = ("destructor", "_origin")

    def __init__(self, pointer, destructor):
        super().__init__(_pointer_type(pointer), pointer.block, pointer.at)
        self.destructor = destructor
        self._origin = pointer  # may have a destructor of its own, which comes later

    def destroy(self):
        """Calls the destructor, once."""
        destructor, self.destructor = self.destructor, None
        if destructor is not None:
            destructor(Pointer(self.ctype, self.block, self.at))

    def __del__(self):
        self.destroy()


class Buffer:
    """What ffi.buffer() returns: the bytes behind a pointer, to be read and changed."""

    __slots__ = ("_block", "_at", "_size", "__weakref__")

    def __init__(self, block, at, size):
        block.check(at, size)
        self._block = block
        self._at = at
        self._size = size

    def __len__(self):
        return self._size

    def __bytes__(self):
        return self._block.read(self._at, self._size)

    def __buffer__(self, flags):
        self._block.check(self._at, self._size)
        return memoryview(self._block.writable())[self._at : self._at + self._size]

    def __getitem__(self, index):
        if isinstance(index, slice):
            start, stop, step = index.indices(self._size)
            if step == 1:
                return self._block.read(self._at + start, max(0, stop - start))
            return bytes(self)[index]
        return self._block.read(self._at + self._index(index), 1)

    def __setitem__(self, index, value):
        if not isinstance(index, slice):
            if not isinstance(value, bytes) or len(value) != 1:
                raise TypeError(f"bytes of length 1 are expected, not {value!r}")
            self._block.write(self._at + self._index(index), value)
            return
        start, stop, step = index.indices(self._size)
        value = bytes(value)
        if step != 1 or len(value) != max(0, stop - start):
            raise ValueError(f"{len(value)} bytes do not fill {max(0, stop - start)} of the buffer")
        self._block.write(self._at + start, value)

    def _index(self, index):
        number = index.__index__()
        if not -self._size <= number < self._size:
            raise IndexError(f"index {number} is not within the buffer's {self._size} bytes")
        return number % self._size

    def __iter__(self):
        return (self[index] for index in range(self._size))

    def __eq__(self, other):
        try:
            view = other if isinstance(other, Buffer) else memoryview(other)
            return bytes(self) == bytes(view)
        except TypeError:
            return NotImplemented

    __hash__ = None

    def __repr__(self):
        return f"<buffer of {self._size} bytes>"
