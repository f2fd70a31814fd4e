/*
 * The runtime's side of the host's ABI.
 *
 * The first block is lua-resty-ffi's ABI, word for word: a library written for that project runs
 * here, and our loader runs under that project's host. The second block is the extension, prefix
 * resty_ffi_: a library finds each name with dlsym() and does without the ones that are missing.
 *
 * Handles (task queue, task, poll group) are opaque: an index and a generation, never an address.
 * A stale or made-up handle is refused with a log line and harms nothing.
 *
 * Every function here may be called from any thread.
 */
#ifndef RESTY_FFI_H
#define RESTY_FFI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RESTY_FFI_API __attribute__((visibility("default")))

/* ---- lua-resty-ffi's ABI -------------------------------------------------------------------- */

/* Blocks until a task is there. NULL: the runtime is unloaded (each polling thread gets it). */
RESTY_FFI_API void *ngx_http_lua_ffi_task_poll(void *tq);

/*
 * The request's bytes, followed by one NUL that does not count; NULL: a nil request. Valid until
 * the library responds, also where the host has answered in its place (an ended runtime, a failed
 * load). `len` may be NULL.
 */
RESTY_FFI_API char *ngx_http_lua_ffi_get_req(void *task, int *len);

/*
 * Answers a task, once. `rsp` is from malloc() and belongs to the host from here on, whatever
 * happens; NULL is a nil reply. `len` 0 with a non-NULL `rsp`: NUL-terminated text, or the whole
 * allocation where no NUL is found in it. `rc` other than 0: the call failed, `rsp` says why.
 */
RESTY_FFI_API void ngx_http_lua_ffi_respond(void *task, int rc, char *rsp, int len);

/*
 * What a library exports. 0: loaded; anything else reaches Lua as `nil, rc, err`. Runs on a thread
 * of the host's own and may take its time, but nothing can end it from outside: while it does not
 * return, each load_ffi ends with its own time-out, and calls of init_worker's runtime with theirs.
 */
typedef int (*resty_ffi_init_pt)(char *cfg, void *tq);

/* ---- extension ------------------------------------------------------------------------------ */

#define RESTY_FFI_ABI_VERSION 1

/* RESTY_FFI_ABI_VERSION of the host. */
RESTY_FFI_API int resty_ffi_version(void);

enum resty_ffi_event_kind {
    RESTY_FFI_EVENT_TASK = 1,   /* a call: answer `task` exactly once */
    RESTY_FFI_EVENT_CANCEL = 2, /* nobody waits for `task` any more; it still has to be answered */
    RESTY_FFI_EVENT_UNLOAD = 3, /* no more tasks of this queue; drain, then resty_ffi_queue_done */
};

/* More may come: take one that is not known as CLIENT_GONE. */
enum resty_ffi_cancel_reason {
    RESTY_FFI_CANCEL_TIMEOUT = 1,
    RESTY_FFI_CANCEL_CLIENT_GONE = 2, /* or ngx.exit, ngx.thread.kill: the coroutine is no more */
    RESTY_FFI_CANCEL_ENDED = 3, /* of the worker, the caller's Lua VM, or the runtime itself */
};

typedef struct {
    uint64_t task;       /* handle; 0 for UNLOAD */
    int64_t tag;         /* as given to resty_ffi_group_add */
    const char *req;     /* TASK: see ngx_http_lua_ffi_get_req */
    uint64_t req_len;    /* bytes */
    const char *method;  /* TASK: not NUL-terminated; valid as req is */
    uint32_t method_len; /* bytes */
    uint16_t kind;       /* enum resty_ffi_event_kind */
    uint16_t reason;     /* CANCEL: enum resty_ffi_cancel_reason */
    int64_t deadline_ms; /* TASK: on CLOCK_MONOTONIC; 0: none */
} resty_ffi_event_t;

/*
 * A set of task queues that are polled together. Lives until the process ends. NULL: no memory, or
 * there are 64 already.
 */
RESTY_FFI_API void *resty_ffi_group_create(void);

/*
 * From here on the events of `tq` come out of `group` with `tag`; those that wait already come
 * first. 0, or -1: no such handle, or the queue is in a group.
 */
RESTY_FFI_API int resty_ffi_group_add(void *group, void *tq, int64_t tag);

/*
 * Waits at most `timeout_us` (negative: for ever; 0: not at all) and fills in up to `max` events,
 * each queue's in the order in which they happened. Returns how many; 0: time is up, or woken;
 * -1: no such group.
 */
RESTY_FFI_API int resty_ffi_group_poll(void *group, resty_ffi_event_t *events, int max,
                                       int64_t timeout_us);

/* Makes the poll that waits now, or else the next one, return at once. */
RESTY_FFI_API void resty_ffi_group_wake(void *group);

/* After UNLOAD: the runtime has answered its tasks and cleaned up. */
RESTY_FFI_API void resty_ffi_queue_done(void *tq);

/*
 * As ngx_http_lua_ffi_respond, but `len` is exact: a non-NULL `rsp` of 0 bytes is an empty reply.
 * 0, or -1: refused (`rsp` is freed all the same).
 */
RESTY_FFI_API int resty_ffi_respond(void *task, int rc, char *rsp, size_t len);

/* For a library that polls without a group; as in resty_ffi_event_t. NULL / 0: no such task. */
RESTY_FFI_API const char *resty_ffi_task_method(void *task, size_t *len);
RESTY_FFI_API int64_t resty_ffi_task_deadline_ms(void *task);

/*
 * The same for what a CANCEL event says: whether somebody still waits for a task that was polled.
 * 0: yes; an enum resty_ffi_cancel_reason: no, but it has to be answered all the same; -1: no such
 * task.
 */
RESTY_FFI_API int resty_ffi_task_cancelled(void *task);

/*
 * Queues lines for nginx's error.log; the bytes are copied, the caller never blocks. `level` is
 * nginx's: 4 error, 5 warn, 6 notice, 7 info, 8 debug. Each line of the text becomes a line of the
 * log; one that is longer than nginx's limit is split. 0, or -1: dropped, as too much is pending
 * (the log tells how much was dropped).
 */
RESTY_FFI_API int resty_ffi_log(int level, const char *text, size_t len);

/*
 * The runtime's options, one JSON object: what was given to load_ffi, with what setup{} says
 * beneath it, and "timeout" (seconds; 0: none), which bounds a load, too, where the runtime can do
 * that. Not NUL-terminated; valid until resty_ffi_queue_done. NULL: no such queue.
 */
RESTY_FFI_API const char *resty_ffi_options(void *tq, size_t *len);

/*
 * A string that setup{} gave ("java_home"; "jvm_options", one a line; "prefix", nginx's), NULL
 * where it gave none. Valid until the process ends.
 */
RESTY_FFI_API const char *resty_ffi_setting(const char *name);

/*
 * What Lua's runtime:__status() tells from now on: a JSON object, up to the next one. Copied. Also
 * from within libffi_init.
 */
RESTY_FFI_API void resty_ffi_set_status(void *tq, const char *json, size_t len);

/* From within libffi_init: the text that goes with its rc. Copied. */
RESTY_FFI_API void resty_ffi_load_failed(void *tq, const char *text, size_t len);

#ifdef __cplusplus
}
#endif

#endif
