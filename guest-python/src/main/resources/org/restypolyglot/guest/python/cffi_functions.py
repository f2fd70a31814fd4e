"""The C functions that ffi.dlopen(None) has: the host's, and what goes with them.

Each takes numbers as int and pointers as cdata; it returns an int, a block and an offset, or None.
"""

from _resty_polyglot import cffi_memory as memory
from _resty_polyglot import offered
from _resty_polyglot.cffi_memory import Block

NULL = (None, 0)
_ABI = "ngx_http_lua_ffi_"
_HANDLE = 1 << 64
_FAILED = 1
_MOST = 1 << 31  # bytes of one block: Java's arrays have no more


class Functions:
    """By name, what a C function does, and how many parameters it has."""

    def __init__(self, host):
        self._host = host
        self._requests: "dict[int, tuple]" = {}
        self._queue = host.queue_handle() % _HANDLE
        self.by_name = {
            f"{_ABI}task_poll": (self._task_poll, "p:p"),
            f"{_ABI}get_req": (self._get_req, "p:pp"),
            f"{_ABI}respond": (self._respond, "v:pipi"),
            "malloc": (lambda size: (_new(size), 0), "p:i"),
            "calloc": (lambda count, size: (_new(count * size), 0), "p:ii"),
            "realloc": (_realloc, "p:pi"),
            "free": (_free, "v:p"),
            "memcpy": (_copy, "p:ppi"),
            "memmove": (_copy, "p:ppi"),
            "memset": (_memset, "p:pii"),
            "memcmp": (lambda a, b, count: _compare(_read(a, count), _read(b, count)), "i:ppi"),
            "memchr": (_memchr, "p:pii"),
            "strlen": (lambda text: len(_string(text)), "i:p"),
            "strnlen": (lambda text, most: len(_string(text, most)), "i:pi"),
            "strdup": (lambda text: _duplicate(_string(text)), "p:p"),
            "strndup": (lambda text, most: _duplicate(_string(text, most)), "p:pi"),
            "strcmp": (lambda a, b: _compare(_string(a), _string(b)), "i:pp"),
            "strncmp": (lambda a, b, most: _compare(_string(a, most), _string(b, most)), "i:ppi"),
            "strcpy": (_strcpy, "p:pp"),
            "strncpy": (_strncpy, "p:ppi"),
        }

    def _task_poll(self, queue):
        """Blocks until there is a task; NULL when there will be none any more."""
        if self._host.is_home_thread():
            raise RuntimeError(
                f"{_ABI}task_poll() blocks, so it is for threads that the module starts, "
                "not for the one that runs its init"
            )
        if queue.number() != self._queue:
            self._host.log("ERROR", f"task_poll() refused: {queue!r} is not this runtime's queue")
            return NULL
        return None, self._host.poll_task() % _HANDLE

    def _get_req(self, task, length):
        """The request, followed by NUL; NULL for a nil one. It ends when the task is answered."""
        handle = task.number()
        known = self._requests.get(handle)
        if known is None:
            known = self._read_request(handle)
        block, size = known
        if length:
            length.memory().write(length.at, size.to_bytes(4, "little"))
        return NULL if block is None else (block, 0)

    def _read_request(self, handle):
        size = self._host.request_of_task(_signed(handle))
        if size < 0:
            return None, 0
        known = Block(size + 1, offered.read(self._host, size), memory.REQUEST), size
        return self._requests.setdefault(handle, known)

    def _respond(self, task, rc, reply, length):
        """Answers the task, frees the reply; a task that awaits no reply is a line in the log."""
        handle = task.number()
        problem = _unfit(reply, length)
        if problem is not None:
            # The caller must not wait, and a second answer is the host's to refuse.
            text = problem.encode()
            if self._answer(handle, _FAILED, text, len(text)):
                raise ValueError(problem)
            return
        data, size = None, 0
        if reply:
            data = reply.block.data if length > 0 else reply.block.string(0)
            size = length if length > 0 else len(data)
            reply.block.free(f"{_ABI}respond() has taken it")
        self._answer(handle, rc, data, size)

    def _answer(self, handle, rc, data, size):
        taken = self._host.respond_to_task(_signed(handle), rc, data, size)
        if taken:
            self._forget(handle)
        return taken

    def _forget(self, handle):
        block, _ = self._requests.pop(handle, NULL)
        if block is not None:
            block.free(f"{_ABI}respond() has answered its task")


def _signed(handle):
    return handle - _HANDLE if handle >= _HANDLE // 2 else handle


def _unfit(reply, length):
    """Why the host could not take the memory as its own; None where it can."""
    if not reply:
        return None
    block = reply.block
    if block is None or block.kind != memory.MALLOC or reply.at != 0:
        return f"{_ABI}respond(): nginx frees {reply!r}, which is not from C.malloc() or C.strdup()"
    if block.freed is not None:
        return f"{_ABI}respond(): {reply!r} is freed already: {block.freed}"
    if length > block.size:
        return f"{_ABI}respond(): {length} bytes of {reply!r}, which has {block.size}"
    return None


def _new(size, data=b""):
    if size >= _MOST:
        raise MemoryError(f"{size} bytes asked for; one block has less than {_MOST}")
    return Block(size, data, memory.MALLOC)


def _realloc(old, size):
    if not old:
        return _new(size), 0
    _check_free(old, "realloc()")
    new = _new(size, bytes(old.block.data[:size]))
    old.block.free("by realloc()")
    return new, 0


def _free(pointer):
    if pointer:
        _check_free(pointer, "free()")
        pointer.block.free("by free()")


def _check_free(pointer, what):
    block = pointer.block
    if block is None or block.kind != memory.MALLOC or pointer.at != 0:
        raise ValueError(f"{what}: {pointer!r} is not from C.malloc() or C.strdup()")
    if block.freed is not None:
        raise ValueError(f"{what}: {pointer!r} is freed already: {block.freed}")


def _read(pointer, count):
    return pointer.memory().read(pointer.at, count) if count else b""


def _string(pointer, most=-1):
    return pointer.memory().string(pointer.at, most)


def _copy(target, source, count):
    if count:
        target.memory().write(target.at, _read(source, count))
    return target.block, target.at


def _memset(target, value, count):
    if count:
        target.memory().write(target.at, bytes([value & 0xFF]) * count)
    return target.block, target.at


def _memchr(pointer, value, count):
    found = _read(pointer, count).find(bytes([value & 0xFF]))
    return NULL if found < 0 else (pointer.block, pointer.at + found)


def _duplicate(text):
    return _new(len(text) + 1, text), 0


def _strcpy(target, source):
    target.memory().write(target.at, _string(source) + b"\0")
    return target.block, target.at


def _strncpy(target, source, count):
    text = _string(source, count)
    target.memory().write(target.at, text + bytes(count - len(text)))
    return target.block, target.at


def _compare(a, b):
    return (a > b) - (a < b)
