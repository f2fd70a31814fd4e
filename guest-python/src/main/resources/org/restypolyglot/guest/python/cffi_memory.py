"""The memory behind cffi's pointers: blocks of bytes of this runtime's own.

It is not the process's memory, so nothing that a module does with a pointer can harm more than the
module: each access is checked against its block, and freed blocks are known as such. A block gets
an address only when somebody asks for a number; until then a pointer is a block and an offset.
"""

import _thread
import _weakref

MALLOC, OWNED, REQUEST, CONFIG, BORROWED = range(5)

_SLOT_BITS = 24  # an address's upper bits are a slot: a block has as many as it needs
_FIRST_SLOT = 1 << (61 - _SLOT_BITS)  # no number that is an address in the process, or a handle
_MARGIN = 16  # so that a pointer just before a block's begin belongs to it

_lock = _thread.allocate_lock()
_slots: "dict[int, object]" = {}  # blocks, or weak references to those that end with their owner
_next_slot = _FIRST_SLOT


class Block:
    """Bytes that a pointer points to. Where `data` is shorter than `size`, the rest is zeros."""

    __slots__ = ("size", "data", "kind", "freed", "_base", "__weakref__")

    def __init__(self, size: int, data, kind: int):
        self.size = size
        self.data = data
        self.kind = kind
        self.freed = None  # what has freed it
        self._base = 0

    def check(self, offset: int, count: int) -> None:
        """Raises unless so many bytes are there."""
        if self.freed is not None:
            raise RuntimeError(f"this memory is freed: {self.freed}")
        if offset < 0 or count < 0 or offset + count > self.size:
            raise IndexError(
                f"{count} bytes at offset {offset} are not within the {self.size} bytes there"
            )

    def read(self, offset: int, count: int) -> bytes:
        """A copy of the bytes."""
        self.check(offset, count)
        data = self.data
        if offset == 0 and count == len(data):
            return bytes(data)
        found = bytes(data[offset : offset + count])
        return found if len(found) == count else found + bytes(count - len(found))

    def write(self, offset: int, data: bytes) -> None:
        """Puts bytes there."""
        self.check(offset, len(data))
        if len(data) == self.size and self.kind != BORROWED:
            self.data = data
        elif data:
            self.writable()[offset : offset + len(data)] = data

    def writable(self):
        """All bytes, to be changed in place."""
        data = self.data
        if type(data) is bytes:
            if self.kind == BORROWED:
                raise TypeError("this memory is Python's bytes, which cannot be changed")
            data = bytearray(data)
            data += bytes(self.size - len(data))
            self.data = data
        return data

    def string(self, offset: int, most: int = -1) -> bytes:
        """The bytes up to the first NUL, the block's end, or so many."""
        self.check(offset, 0)
        data = self.data if isinstance(self.data, (bytes, bytearray)) else bytes(self.data)
        end = data.find(b"\0", offset)
        if end < 0:
            end = max(offset, len(data))
        if 0 <= most < end - offset:
            end = offset + most
        return bytes(data) if offset == 0 and end == len(data) else bytes(data[offset:end])

    def free(self, by: str) -> None:
        """Ends the block."""
        self.freed = by
        self.data = b""
        if self._base:
            _forget(self._base >> _SLOT_BITS, self.size)

    def address(self) -> int:
        """The number that stands for the first byte."""
        global _next_slot
        if not self._base:
            with _lock:
                if not self._base:
                    slot = _next_slot
                    count = _count(self.size)
                    _next_slot += count
                    held = self
                    if self.kind in (OWNED, BORROWED):
                        size = self.size  # the block itself must not be kept
                        held = _weakref.ref(self, lambda gone: _forget(slot, size))
                    if self.freed is None:
                        for number in range(slot, slot + count):
                            _slots[number] = held
                    self._base = (slot << _SLOT_BITS) + _MARGIN
        return self._base


def _count(size):
    return ((size + _MARGIN) >> _SLOT_BITS) + 1


def _forget(slot, size):
    for number in range(slot, slot + _count(size)):
        _slots.pop(number, None)


def find(address: int) -> "tuple[Block | None, int]":
    """The block with that address and the offset in it; or None and the address."""
    held = _slots.get(address >> _SLOT_BITS)
    if held is None:
        return None, address
    block = held if isinstance(held, Block) else held()
    return (None, address) if block is None else (block, address - block._base)
