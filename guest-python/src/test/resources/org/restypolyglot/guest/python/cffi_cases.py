"""What a module may do with cffi and no task: run by CffiTest; and by the package itself:

    python3 cffi_cases.py

Functions that start with "ours_" are about what the package does not promise.
"""

import queue
import threading

from cffi import FFI

ffi = FFI()
ffi.cdef("""
// comments /* of both kinds */
typedef unsigned char byte_t;
typedef struct opaque_s opaque_t;
struct opaque_s;
void *malloc(size_t);
void *calloc(size_t count, size_t size);
void *realloc(void *p, size_t size);
void free(void *ptr);
void *memcpy(void *dest, const void *src, size_t n), *memmove(void *, const void *src, size_t);
void *memset(void *s, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
extern size_t strlen(const char *s);  size_t strnlen(const char *s, size_t max);
char *strdup(const char *s);
char *strndup(const char *s, size_t n);
int strcmp(const char *a, const char *b); int strncmp(const char *a, const char *b, size_t n);
char *strcpy(char *dest, const char *src); char *strncpy(char *dest, const char *src, size_t n);
int printf(const char *format, ...);
void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *));
opaque_t *unused(opaque_t **, char names[8][16], unsigned long long int, enum { A, B } kind);
""")
C = ffi.dlopen(None)


def raises(kind, function, *words):
    try:
        function()
    except kind as error:
        for word in words:
            assert word in str(error), f"{word!r} is not in {error!r}"
        return
    raise AssertionError(f"no {kind.__name__}")


def case_new_and_string():
    text = ffi.new("char[]", b"hello")
    assert len(text) == 6 and ffi.string(text) == b"hello" and text[4] == b"o" and text[5] == b"\0"
    assert ffi.string(text, 2) == b"he" and ffi.string(ffi.cast("char *", text) + 1) == b"ello"
    assert ffi.unpack(text, 3) == b"hel" and list(text[0:2]) == [b"h", b"e"]
    text[0] = b"j"
    text[1:3] = b"el"
    assert ffi.string(text) == b"jello"
    assert ffi.string(ffi.new("unsigned char[3]", b"ab")) == b"ab"
    assert ffi.string(ffi.new("char[3]", b"abc")) == b"abc"
    assert len(ffi.new("char[]", 7)) == 7 and len(ffi.new("int[]", [1, 2])) == 2


def case_numbers():
    number = ffi.new("int *")
    assert number[0] == 0
    number[0] = -5
    assert number[0] == -5 and ffi.new("size_t *", 7)[0] == 7
    raises(OverflowError, lambda: ffi.new("unsigned char *", 256))
    raises(OverflowError, lambda: number.__setitem__(0, 1 << 31))
    raises(TypeError, lambda: ffi.new("int *", "1"))
    raises(TypeError, lambda: ffi.new("int *", 1.5))
    assert int(ffi.cast("unsigned char", 257)) == 1 and int(ffi.cast("signed char", 255)) == -1
    assert ffi.cast("int", 5) == 5 and int(ffi.cast("int", 2.9)) == 2
    assert int(ffi.cast("char", b"a")) == 97 and bool(ffi.cast("_Bool", 3)) is True
    assert float(ffi.cast("double", 0.5)) == 0.5 and ffi.new("double *", 0.25)[0] == 0.25
    items = ffi.new("short[3]", [1, -2])
    assert list(items) == [1, -2, 0] and ffi.unpack(items, 2) == [1, -2]
    assert ffi.sizeof("unsigned long int") == 8 and ffi.sizeof(items) == 6
    assert ffi.sizeof("void *") == 8 and ffi.sizeof("byte_t") == 1
    assert ffi.sizeof("char[3][4]") == 12


def case_pointers():
    assert ffi.NULL == ffi.cast("char *", 0) and not ffi.NULL and ffi.NULL == FFI().NULL
    assert ffi.NULL is not None and not ffi.NULL == None and ffi.NULL != 0  # noqa: E711
    task = ffi.cast("void *", 0x4000000000000123)
    assert task and task != ffi.NULL and task == ffi.cast("char *", 0x4000000000000123)
    assert int(ffi.cast("uintptr_t", task)) == 0x4000000000000123
    assert {task: 1}[ffi.cast("void *", 0x4000000000000123)] == 1
    waiting = queue.Queue()
    thread = threading.Thread(target=lambda: waiting.put((task, "x")), daemon=True)
    thread.start()
    assert waiting.get(timeout=60)[0] == task
    items = ffi.new("int[4]", [1, 2, 3, 4])
    first = ffi.cast("int *", items)
    assert first == items and first + 2 == ffi.addressof(items, 2) and (first + 3) - first == 3
    assert first < first + 1 and not first > first + 1 and first <= first and (first + 2)[-1] == 2
    assert (first + 1)[0] == 2 and hash(first + 1) == hash(ffi.addressof(items, 1))
    where = int(ffi.cast("uintptr_t", first))
    again = ffi.cast("int *", where)
    assert again == first and again[3] == 4 and ffi.cast("int *", where + 4)[0] == 2
    pointers = ffi.new("void *[2]", [first, ffi.NULL])
    assert pointers[0] == first and pointers[1] == ffi.NULL
    assert ffi.cast("int *", pointers[0])[1] == 2
    assert repr(ffi.NULL) == "<cdata 'void *' NULL>"
    assert repr(task) == "<cdata 'void *' 0x4000000000000123>"
    assert repr(ffi.new("char[]", b"ab")) == "<cdata 'char[]' owning 3 bytes>"
    assert isinstance(task, ffi.CData) and ffi.typeof(task) == ffi.typeof("void*")
    assert ffi.typeof("byte_t*").cname == "unsigned char *" and ffi.typeof("int[3]").length == 3
    raises(RuntimeError, lambda: ffi.NULL == ffi.cast("int *", 0)[0], "null pointer")
    raises(TypeError, lambda: len(task))
    raises(TypeError, lambda: task[0])
    raises(TypeError, lambda: task())
    raises(IndexError, lambda: items[4])


def case_string_of_wrong_things():
    none = ffi.cast("char *", 0)
    raises(RuntimeError, lambda: ffi.string(none), "cannot use string() on <cdata 'char *' NULL>")
    raises(TypeError, lambda: ffi.string(ffi.cast("void *", 8)), "void *")
    raises(TypeError, lambda: ffi.string(b"bytes"))


def case_buffers():
    text = ffi.new("char[]", b"hello")
    view = ffi.buffer(text)
    assert len(view) == 6 and view[:] == b"hello\0" and view[1:3] == b"el" and view[0] == b"h"
    assert bytes(view) == b"hello\0" and view[-2:] == b"o\0"
    view[0:2] = b"HE"
    view[2] = b"L"
    assert ffi.string(text) == b"HELlo"
    number = ffi.new("int *", 1)
    assert ffi.buffer(number)[:] == b"\1\0\0\0" and len(ffi.buffer(text, 3)) == 3
    raises(ValueError, lambda: view.__setitem__(slice(0, 2), b"abc"))
    shared = bytearray(b"12345")
    window = ffi.from_buffer(shared)
    assert len(window) == 5 and ffi.string(window, 3) == b"123"
    window[0] = b"x"
    assert shared == b"x2345" and ffi.unpack(ffi.from_buffer("int[]", bytes(8)), 2) == [0, 0]
    ffi.memmove(text, b"abc", 3)
    assert ffi.string(text) == b"abclo"
    out = bytearray(4)
    ffi.memmove(out, text, 4)
    assert out == b"abcl"


def case_functions():
    block = C.malloc(8)
    assert C.memcpy(block, b"abcdefg", 8) == block  # with the NUL that bytes have
    text = ffi.cast("char *", block)
    assert ffi.string(text) == b"abcdefg" and C.strlen(text) == 7
    copy = C.strdup(text)
    assert ffi.string(copy) == b"abcdefg" and copy != block and C.strcmp(copy, b"abcdefg") == 0
    assert C.strcmp(b"a", b"b") < 0 and C.strncmp(b"abc", b"abd", 2) == 0
    assert C.memcmp(b"b", b"a", 1) > 0
    C.memset(block, ord("z"), 3)
    assert C.memcmp(block, b"zzzd", 4) == 0 and C.strnlen(copy, 3) == 3
    C.memmove(ffi.cast("char *", block) + 1, block, 4)
    assert ffi.buffer(block, 6)[:] == b"zzzzdf"
    assert ffi.string(C.strndup(b"abcdef", 2)) == b"ab" and C.strlen(C.strcpy(copy, b"xy")) == 2
    assert ffi.buffer(C.strncpy(copy, b"q", 4), 5)[:] == b"q\0\0\0e"
    assert C.memchr(block, ord("d"), 8) == block + 4
    more = C.realloc(block, 1000)
    assert ffi.buffer(more, 6)[:] == b"zzzzdf" and C.memchr(more, 1, 5) == ffi.NULL
    assert ffi.buffer(C.calloc(2, 4), 8)[:] == bytes(8)
    C.free(more)
    C.free(ffi.NULL)
    kept = ffi.gc(C.malloc(3), C.free)
    assert kept != ffi.NULL
    ffi.release(kept)
    ended = []
    with ffi.gc(C.malloc(3), ended.append):
        pass
    assert len(ended) == 1
    ffi.gc(ffi.gc(C.malloc(3), ended.append), None)


def case_arguments():
    raises(TypeError, lambda: C.strlen("text"))
    raises(TypeError, lambda: C.strlen(None))
    raises(TypeError, lambda: C.strlen(5))
    raises(TypeError, lambda: C.malloc(b"5"))
    raises(TypeError, lambda: C.malloc())
    raises(TypeError, lambda: C.malloc(1, 2))
    raises(OverflowError, lambda: C.malloc(-1))
    raises(TypeError, lambda: C.memcpy(C.malloc(3), bytearray(3), 3))
    raises(AttributeError, lambda: C.strchr, "strchr")
    raises(AttributeError, lambda: C.no_such_function, "no_such_function")
    raises(Exception, lambda: ffi.cdef("int f(unknown_t x);"), "unknown_t")
    raises(Exception, lambda: ffi.cdef("int f(int"))
    raises(Exception, lambda: ffi.cdef("int f(int);;;;}"))
    raises(Exception, lambda: ffi.typeof("int x y"))
    raises(TypeError, lambda: ffi.new("int"))
    raises(TypeError, lambda: ffi.new("char[]"))


def ours_refusals():
    raises(AttributeError, lambda: C.system, "C.system is not open to", "malloc", "native access")
    raises(AttributeError, lambda: C.printf, "C.printf")
    raises(AttributeError, lambda: ffi.callback, "ffi.callback is not in the part of cffi")
    assert not hasattr(ffi, "verify")
    raises(OSError, lambda: ffi.dlopen("libc.so.6"), "ffi.dlopen('libc.so.6')", "native access")
    other = FFI()
    raises(AttributeError, lambda: other.dlopen(None).malloc, "not declared", "ffi.cdef()")
    other.cdef("int malloc(int, int);")
    raises(Exception, lambda: other.dlopen(None).malloc, "not declared as it is: int(int, int)")
    raises(Exception, lambda: ffi.cdef("int count;"), "'count' is a global variable")
    raises(Exception, lambda: ffi.cdef("#define X 5"), "#define X 5")
    raises(Exception, lambda: ffi.new("opaque_t *"), "unknown size")
    raises(AttributeError, lambda: ffi.cast("opaque_t *", 8).field, "'field'", "structs")
    raises(TypeError, lambda: C.strlen(bytearray(1)), "ffi.from_buffer")
    raises(TypeError, lambda: C.strlen("x"), "encode()")
    raises(TypeError, lambda: C.strlen(None), "ffi.NULL")


def ours_bounds():
    block = C.malloc(4)
    raises(IndexError, lambda: C.memcpy(block, b"12345", 5), "5 bytes at offset 0", "the 4 bytes")
    raises(IndexError, lambda: C.memcpy(block, b"12", 4))
    raises(IndexError, lambda: ffi.cast("char *", block)[4])
    raises(IndexError, lambda: ffi.cast("char *", block)[-1])
    raises(IndexError, lambda: ffi.buffer(block, 5))
    raises(TypeError, lambda: ffi.memmove(ffi.from_buffer(b"abc"), b"x", 1), "read-only")
    made_up = ffi.cast("char *", 4096)
    raises(RuntimeError, lambda: ffi.string(made_up), "does not point to memory of this runtime")
    raises(RuntimeError, lambda: C.memcpy(ffi.cast("void *", 1 << 62), b"x", 1))
    raises(RuntimeError, lambda: C.memcpy(ffi.NULL, b"x", 1), "null pointer")
    C.memset(block, ord("x"), 4)
    assert ffi.string(ffi.cast("char *", block)) == b"xxxx"  # no NUL in it
    raises(ValueError, lambda: C.free(ffi.cast("char *", block) + 1), "not from C.malloc()")
    raises(ValueError, lambda: C.free(ffi.new("char[3]")), "not from C.malloc()")
    C.free(block)
    raises(ValueError, lambda: C.free(block), "freed already: by free()")
    raises(RuntimeError, lambda: ffi.buffer(block, 1), "freed: by free()")
    raises(MemoryError, lambda: C.malloc(1 << 40))
    assert repr(block).startswith("<cdata 'void *' 0x")


def ours_addresses_end_with_their_memory():
    """A number that stood for a block stands for nothing when the block is gone."""
    import gc

    block = C.malloc(1 << 25)  # more than one slot of addresses
    number = int(ffi.cast("uintptr_t", block))
    ffi.cast("char *", number + (1 << 25) - 1)[0] = b"z"
    assert ffi.buffer(block, 1 << 25)[-1] == b"z"
    C.free(block)
    raises(RuntimeError, lambda: ffi.cast("char *", number)[0], "does not point to memory")
    owned = ffi.new("char[]", b"x")
    number = int(ffi.cast("uintptr_t", owned))
    assert ffi.cast("char *", number)[0] == b"x"
    del owned
    gc.collect()


def ours_sharing_is_never_seen():
    """Memory that is copied as a whole is shared until somebody writes."""
    source = b"0123456789"
    first, second = C.malloc(10), C.malloc(10)
    C.memcpy(first, source, 10)
    C.memcpy(second, first, 10)
    ffi.buffer(second, 10)[0:1] = b"x"
    assert source == b"0123456789" and ffi.buffer(first, 10)[:] == source
    assert ffi.buffer(second, 10)[:] == b"x123456789"


def failures(own: bool) -> "list[str]":
    """Runs the cases; what fails, and why."""
    found = []
    for name, case in sorted(globals().items()):
        if name.startswith("case_") or own and name.startswith("ours_"):
            try:
                case()
            except BaseException as error:
                tb = error.__traceback__
                while tb.tb_next is not None and tb.tb_next.tb_frame.f_code.co_filename == __file__:
                    tb = tb.tb_next
                found.append(f"{name}, line {tb.tb_lineno}: {type(error).__name__}: {error}")
    return found


def init(cfg):
    return lambda req, task: "\n".join(failures(own=True)) or "all fine"


if __name__ == "__main__":
    print("\n".join(failures(own=False)) or "all fine")
