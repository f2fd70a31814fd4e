/* lua-resty-ffi's ABI, and the extension's functions on tasks. All run on any thread. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "host.h"
#include "queue.h"
#include "task.h"

/* A poller's thread. */
void *ngx_http_lua_ffi_task_poll(void *tq)
{
    return (void *) (uintptr_t) queue_poll((uintptr_t) tq);
}

/* Any thread. NULL, and a log line: the handle is stale, or no task's. One that the host has failed
 * meanwhile is as good as before: the caller does not know yet. */
static task_t *polled_task(void *handle, const char *what)
{
    task_t *task = task_of((uintptr_t) handle);

    if (task == NULL || !task_is_with_runtime(task, (uintptr_t) handle)) {
        host_log(LOG_ERROR, "%s refused: 0x%llx is no task that awaits a reply", what,
                 (unsigned long long) (uintptr_t) handle);
        return NULL;
    }
    return task;
}

/* Any thread. */
char *ngx_http_lua_ffi_get_req(void *handle, int *len)
{
    task_t *task = polled_task(handle, "get_req()");

    if (len != NULL) {
        *len = task == NULL ? 0 : (int) task->req_len;
    }
    return task == NULL ? NULL : task->req;
}

/* Any thread. */
void ngx_http_lua_ffi_respond(void *handle, int rc, char *rsp, int len)
{
    size_t bytes = len > 0 ? (size_t) len : 0;

    if (rsp != NULL && len <= 0) {
        bytes = strnlen(rsp, malloc_usable_size(rsp));
    }
    (void) call_respond((uintptr_t) handle, rc, rsp, bytes);
}

/* Any thread. */
int resty_ffi_respond(void *handle, int rc, char *rsp, size_t len)
{
    return call_respond((uintptr_t) handle, rc, rsp, len) ? 0 : -1;
}

/* Any thread. */
const char *resty_ffi_task_method(void *handle, size_t *len)
{
    task_t *task = polled_task(handle, "resty_ffi_task_method()");

    if (len != NULL) {
        *len = task == NULL ? 0 : task->method_len;
    }
    return task == NULL ? NULL : task->method;
}

/* Any thread. */
int64_t resty_ffi_task_deadline_ms(void *handle)
{
    task_t *task = polled_task(handle, "resty_ffi_task_deadline_ms()");

    return task == NULL ? 0 : task->deadline_ms;
}

/* Any thread. Looks at the handle again, as the slot may have become another task's meanwhile. */
int resty_ffi_task_cancelled(void *handle)
{
    task_t *task = polled_task(handle, "resty_ffi_task_cancelled()");
    int reason = task == NULL ? -1 : atomic_load(&task->cancel_reason);

    return task != NULL && task_is_with_runtime(task, (uintptr_t) handle) ? reason : -1;
}

/* Any thread. */
int resty_ffi_version(void)
{
    return RESTY_FFI_ABI_VERSION;
}
