"""ctypes as programs use it that call nothing."""

import ctypes
import ctypes.util
from ctypes import Structure, Union, c_byte, c_char, c_double, c_int, c_long, c_ubyte, sizeof


class Pair(Structure):
    _fields_ = [("a", c_byte), ("b", c_int)]


class Triple(Pair):
    _fields_ = [("c", c_byte), ("d", c_double), ("e", c_byte * 3)]


class Packed(Structure):
    _pack_ = 1
    _fields_ = [("a", c_byte), ("b", c_int)]


class Either(Union):
    _fields_ = [("a", c_byte * 5), ("b", c_int)]


def tell(name, function):
    try:
        print(name, function())
    except Exception as e:
        print(name, type(e).__name__)


tell("sizes", lambda: [sizeof(each) for each in (c_int, c_long, c_long(5), c_int * 7, c_char)])
tell("pointers", lambda: [sizeof(ctypes.POINTER(c_int)), sizeof(ctypes.c_void_p)])
tell("structures", lambda: [sizeof(each) for each in (Pair, Triple, Packed, Either, Pair * 2)])
tell("alignments", lambda: [ctypes.alignment(each) for each in (Pair, Triple, Packed, Either)])
tell("others", lambda: [sizeof(ctypes.c_size_t), sizeof(ctypes.c_wchar), sizeof(ctypes.c_int64)])
tell("no type", lambda: sizeof(int))
tell("values", lambda: (c_int(5), c_ubyte(-1), c_byte(200), c_long(2**64 + 3), c_double(1.5)))
tell("value", lambda: (c_int(2**31).value, c_int().value, bool(c_int()), bool(c_int(1))))
tell("bytes", lambda: (c_char(b"x"), c_char().value, ctypes.c_bool(5)))
tell("no integer", lambda: c_int("5"))
tell("no length", lambda: c_int * -1)
tell("function", lambda: ctypes.CFUNCTYPE(c_int, c_int).__name__)
tell("library", lambda: ctypes.util.find_library("there is none of that name"))
tell("errno", lambda: ctypes.get_errno())
