/*
 * nginx's side of tasks: a coroutine posts one, waits, and takes the answer; or it does not come
 * back, and somebody has to notice.
 *
 * A task whose caller is gone (semaphore NULL) is freed as soon as nothing else points to it: at
 * once while it is queued, when its reply arrives once it was polled.
 *
 * All on nginx's thread, unless marked.
 */
#ifndef CALL_H
#define CALL_H

#include "semaphore.h"
#include "task.h"

struct runtime;

enum call_status {
    CALL_REPLIED,    /* text: the reply, or NULL */
    CALL_FAILED,     /* rc, text: the guest's */
    CALL_HOST_ERROR, /* text */
    CALL_TIMED_OUT,
    CALL_LOADED, /* a load, which the runtime's state describes */
    CALL_WAITS,  /* neither: the caller has to yield again */
};

typedef struct {
    enum call_status status;
    int rc;
    char *text; /* malloc, the taker's */
    size_t len;
    struct runtime *runtime; /* of a load: the taker releases it */
} call_answer_t;

typedef struct {
    void *r; /* the caller's request */
    uint64_t vm;
    double timeout_ms; /* 0: none */
} caller_t;

/*
 * Posts a call and makes the caller wait for it: he has to yield. 0: `err` says why not; else the
 * task's reference.
 */
double call_post(const caller_t *caller, struct runtime *runtime, const char *req, size_t req_len,
                 const char *method, size_t method_len, char *err, size_t size);

/* As call_post: waits until the runtime's load has finished. */
double call_wait_for_load(const caller_t *caller, struct runtime *runtime, char *err, size_t size);

/* The caller is back. `woken`: by a post, not by his time-out. */
call_answer_t call_take(double ref, bool woken);

/* The reply of a task has arrived (MESSAGE_REPLY). */
void call_replied(task_t *task);

/* Answers all calls of a queue that are not answered yet. */
void calls_fail(struct queue *queue, const char *text);
/* Wakes all that wait for the load of a runtime. */
void calls_loaded(struct runtime *runtime);

/* Finds callers that died, of so many tasks that nginx's thread is not held up. */
void calls_reap(void);
/* The callers of a Lua VM (0: of all) are gone. `at_end`: nginx ends, its semaphores are void. */
void calls_abandon(uint64_t vm, bool at_end);

/* Any thread. What ngx_http_lua_ffi_respond does; `len` is exact. False: refused, `rsp` is freed.
 */
bool call_respond(uint64_t handle, int rc, char *rsp, size_t len);

#endif
