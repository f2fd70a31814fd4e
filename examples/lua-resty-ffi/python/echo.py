"""Echo in the form of lua-resty-ffi's Python loader: a thread polls for tasks and answers them.

    local demo = ngx.load_ffi("ffi_python3", "lua-resty-ffi/python/echo,init", {is_global = true})
    local ok, res = demo:echo("hello")

In our own form it is demo/echo.py.
"""

import threading
from typing import Any

from cffi import FFI

ffi = FFI()
ffi.cdef("""
void *malloc(size_t size);
void *memcpy(void *dest, const void *src, size_t n);
void *ngx_http_lua_ffi_task_poll(void *tq);
char *ngx_http_lua_ffi_get_req(void *task, int *len);
void ngx_http_lua_ffi_respond(void *task, int rc, char *rsp, int rsp_len);
""")
C = ffi.dlopen(None)


def answer(task: Any) -> None:
    """The reply is memory of its own, which nginx frees, as it does with the request's."""
    size = ffi.new("int *")
    request = C.ngx_http_lua_ffi_get_req(task, size)
    if request == ffi.NULL:  # a call without a request
        C.ngx_http_lua_ffi_respond(task, 0, ffi.NULL, 0)
        return
    reply = C.malloc(size[0])
    C.memcpy(reply, request, size[0])
    C.ngx_http_lua_ffi_respond(task, 0, reply, size[0])


def poll(tq: int) -> None:
    """Until NULL comes: the runtime is unloaded."""
    queue = ffi.cast("void *", tq)
    while True:
        task = C.ngx_http_lua_ffi_task_poll(queue)
        if task == ffi.NULL:
            break
        answer(task)
    print("the poller ends")


def init(cfg: int, tq: int) -> int:
    threading.Thread(target=poll, args=(tq,), daemon=True).start()
    return 0
