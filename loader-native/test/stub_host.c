#include "stub_host.h"

#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "resty_ffi.h"

typedef struct stub_task {
    struct stub_task *next;
    stub_queue_t *queue;
    char *req;
    int req_len;
    stub_reply_t reply;
    bool answered;
} stub_task_t;

struct stub_queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    stub_task_t *first;
    stub_task_t **last;
    bool finished;
};

/* Any thread. */
stub_queue_t *stub_queue_new(void)
{
    stub_queue_t *queue = calloc(1, sizeof(*queue));
    if (queue == NULL) {
        abort();
    }
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->changed, NULL);
    queue->last = &queue->first;
    return queue;
}

/* A thread of the guest. */
RESTY_FFI_API void *ngx_http_lua_ffi_task_poll(void *tq)
{
    stub_queue_t *queue = tq;
    pthread_mutex_lock(&queue->lock);
    while (queue->first == NULL && !queue->finished) {
        pthread_cond_wait(&queue->changed, &queue->lock);
    }
    stub_task_t *task = queue->first;
    if (task != NULL) {
        queue->first = task->next;
        queue->last = queue->first == NULL ? &queue->first : queue->last;
    }
    pthread_mutex_unlock(&queue->lock);
    return task;
}

/* A thread of the guest. */
RESTY_FFI_API char *ngx_http_lua_ffi_get_req(void *tsk, int *len)
{
    stub_task_t *task = tsk;
    if (len != NULL) {
        *len = task->req_len;
    }
    return task->req;
}

/* A thread of the guest. */
RESTY_FFI_API void ngx_http_lua_ffi_respond(void *tsk, int rc, char *rsp, int len)
{
    stub_task_t *task = tsk;
    size_t size = (size_t) len;
    if (len == 0 && rsp != NULL) {
        size = strnlen(rsp, malloc_usable_size(rsp));
    }
    pthread_mutex_lock(&task->queue->lock);
    if (task->answered) {
        abort();
    }
    task->reply = (stub_reply_t){.rc = rc, .bytes = rsp, .len = size};
    task->answered = true;
    pthread_cond_broadcast(&task->queue->changed);
    pthread_mutex_unlock(&task->queue->lock);
}

/* Any thread. */
stub_reply_t stub_call(stub_queue_t *queue, const char *req, size_t len)
{
    stub_task_t task = {.queue = queue, .req_len = (int) len};
    if (req != NULL) {
        task.req = malloc(len + 1);
        if (task.req == NULL) {
            abort();
        }
        memcpy(task.req, req, len);
        task.req[len] = '\0';
    }
    pthread_mutex_lock(&queue->lock);
    *queue->last = &task;
    queue->last = &task.next;
    pthread_cond_broadcast(&queue->changed);
    while (!task.answered) {
        pthread_cond_wait(&queue->changed, &queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    free(task.req);
    return task.reply;
}

/* Any thread. */
void stub_unload(stub_queue_t *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->finished = true;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}
