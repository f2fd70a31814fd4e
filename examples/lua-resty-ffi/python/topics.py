"""A message queue in memory, in the form of lua-resty-ffi's Python loader: who consumes waits until
somebody produces, as with Kafka's clients. One thread polls for tasks and hands each to one of two
others through a queue.Queue.

    local topics = ngx.load_ffi("ffi_python3", 'lua-resty-ffi/python/topics,init,{"topic": "news"}',
                                {is_global = true})
    topics:produce('{"type": "produce", "msg": "hello"}')
    local ok, res = topics:consume('{"type": "consume"}')   -- {"topic": "news", "offset": 0, …
"""

import json
import queue
import threading
import traceback
from typing import Any

from cffi import FFI

ffi = FFI()
ffi.cdef("""
char *strdup(const char *s);
void *malloc(size_t);
void *memcpy(void *dest, const void *src, size_t n);
void *ngx_http_lua_ffi_task_poll(void *tq);
char *ngx_http_lua_ffi_get_req(void *task, int *len);
void ngx_http_lua_ffi_respond(void *task, int rc, char *rsp, int rsp_len);
""")
C = ffi.dlopen(None)


class Topic:
    """The messages of one topic, and who waits for them."""

    def __init__(self, config: dict[str, str]) -> None:
        self.name = config["topic"]
        self.messages: queue.Queue[tuple[int, str]] = queue.Queue()
        self.producers: queue.Queue[tuple[Any, dict[str, str]]] = queue.Queue()
        self.consumers: queue.Queue[tuple[Any, dict[str, str]]] = queue.Queue()
        self.produced = 0
        for loop in self.produce_loop, self.consume_loop:
            threading.Thread(target=loop, daemon=True).start()

    def respond(self, task: Any, value: dict[str, Any]) -> None:
        data = json.dumps(value).encode()
        reply = C.malloc(len(data))
        C.memcpy(reply, data, len(data))
        C.ngx_http_lua_ffi_respond(task, 0, reply, len(data))

    def fail(self, task: Any, rc: int, text: str) -> None:
        # A length of 0 means: up to the NUL, which strdup copies too.
        C.ngx_http_lua_ffi_respond(task, rc, C.strdup(text.encode()), 0)

    def produce_loop(self) -> None:
        while True:
            task, req = self.producers.get()
            try:
                self.messages.put((self.produced, req["msg"]))
                self.produced += 1
                C.ngx_http_lua_ffi_respond(task, 0, ffi.NULL, 0)
            except Exception:
                self.fail(task, 1, traceback.format_exc())

    def consume_loop(self) -> None:
        while True:
            task, _ = self.consumers.get()
            offset, value = self.messages.get()
            self.respond(task, {"topic": self.name, "offset": offset, "value": value})

    def take(self, task: Any) -> None:
        try:
            req = json.loads(ffi.string(C.ngx_http_lua_ffi_get_req(task, ffi.NULL)))
            queues = {"produce": self.producers, "consume": self.consumers}
            chosen = queues.get(req["type"])
            if chosen is None:
                self.fail(task, -1, f"type {req['type']!r} is neither produce nor consume")
            else:
                chosen.put((task, req))
        except Exception as error:
            self.fail(task, 2, f"{type(error).__name__}: {error}")

    def poll(self, tq: int) -> None:
        while True:
            task = C.ngx_http_lua_ffi_task_poll(ffi.cast("void*", tq))
            if task == ffi.NULL:
                break
            self.take(task)
        print(f"topic {self.name} ends, with {self.messages.qsize()} messages left")


def init(cfg: int, tq: int) -> int:
    config = json.loads(ffi.string(ffi.cast("char*", cfg)))
    topic = Topic(config)
    threading.Thread(target=topic.poll, args=(tq,), daemon=True).start()
    return 0
