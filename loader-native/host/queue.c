/* Task queues and poll groups. */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "library.h"
#include "runtime.h"

#define QUEUES_MAX 4096
#define GROUPS_MAX 64
#define LONGEST_US (366LL * 24 * 3600 * 1000 * 1000) /* more is for ever */

/* Slots are added on nginx's thread and never freed. */
static _Atomic(queue_t *) queues[QUEUES_MAX];
static uint32_t queue_count;
static queue_t *free_queues;

static pthread_mutex_t groups_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(group_t *) groups[GROUPS_MAX];
static uint32_t group_count;

/* ---- handles -------------------------------------------------------------------------------- */

/* Any thread. The slot; only under own.lock is it known whether the handle is the present one. */
static queue_t *queue_of(uint64_t handle)
{
    uint32_t index = handle_index(handle);

    return handle_is(handle, HANDLE_QUEUE) && index < QUEUES_MAX ? atomic_load(&queues[index])
                                                                 : NULL;
}

/* Any thread, under own.lock. */
static bool queue_is(const queue_t *queue, uint64_t handle)
{
    return queue->open && queue->gen == handle_gen(handle);
}

/* Any thread. Locks own.lock; NULL, and nothing is locked: no such queue. */
static queue_t *queue_lock(uint64_t handle)
{
    queue_t *queue = queue_of(handle);

    if (queue == NULL) {
        return NULL;
    }
    inbox_lock(&queue->own);
    if (!queue_is(queue, handle)) {
        inbox_unlock(&queue->own);
        return NULL;
    }
    return queue;
}

/* Any thread. A group's slot is never used again, so that it has one generation. */
static uint64_t group_handle_of(uint32_t index)
{
    return handle_make(HANDLE_GROUP, 1, index);
}

/* Any thread. */
static group_t *group_of(uint64_t handle)
{
    uint32_t index = handle_index(handle);

    return index < GROUPS_MAX && handle == group_handle_of(index) ? atomic_load(&groups[index])
                                                                  : NULL;
}

/* nginx's thread. */
uint64_t queue_handle(queue_t *queue)
{
    uint64_t gen;

    inbox_lock(&queue->own);
    gen = queue->gen;
    inbox_unlock(&queue->own);
    return handle_make(HANDLE_QUEUE, gen, queue->index);
}

/* ---- life ----------------------------------------------------------------------------------- */

/* nginx's thread. */
static queue_t *queue_slot(void)
{
    queue_t *queue = free_queues;

    if (queue != NULL) {
        free_queues = queue->next_free;
        return queue;
    }
    if (queue_count == QUEUES_MAX || (queue = calloc(1, sizeof(*queue))) == NULL) {
        return NULL;
    }
    inbox_init(&queue->own);
    queue->index = queue_count;
    queue->unloaded.kind = RESTY_FFI_EVENT_UNLOAD;
    queue->check.kind = MESSAGE_QUEUE;
    atomic_init(&queue->inbox, &queue->own);
    atomic_store(&queues[queue_count++], queue);
    return queue;
}

/* nginx's thread. */
queue_t *queue_new(struct runtime *runtime, int max_queue, const char *options, bool keeps_pollers)
{
    queue_t *queue;
    char *copy;

    ON_NGINX_THREAD();
    copy = strdup(options);
    queue = copy == NULL ? NULL : queue_slot();
    if (queue == NULL) {
        free(copy);
        return NULL;
    }
    queue->max_queue = max_queue;
    queue->tasks = 0;
    queue->runtime = runtime;
    queue->library = NULL;
    queue->loading = false;
    atomic_store(&queue->outstanding, 0);
    atomic_store(&queue->inbox, &queue->own);

    inbox_lock(&queue->own);
    queue->gen++;
    queue->open = true;
    queue->finishing = queue->grouped = queue->done = false;
    queue->load_error = queue->status = NULL;
    queue->options = copy;
    queue->options_len = strlen(copy);
    queue->keeps_pollers = keeps_pollers;
    inbox_unlock(&queue->own);
    return queue;
}

/* Any thread, under own.lock: an end may have come nearer. True: push `check` after unlocking. */
static bool queue_needs_check(queue_t *queue)
{
    if (!queue->finishing || queue->check_pending) {
        return false;
    }
    queue->check_pending = true;
    return true;
}

/* nginx's thread. */
void queue_finish(queue_t *queue)
{
    ON_NGINX_THREAD();
    inbox_lock(&queue->own);
    queue->finishing = true;
    if (queue->grouped) {
        inbox_t *inbox = atomic_load(&queue->inbox);

        inbox_lock(inbox);
        inbox_push(inbox, &queue->unloaded);
        inbox_unlock(inbox);
    }
    pthread_cond_broadcast(&queue->own.cond);
    inbox_unlock(&queue->own);
    queue_try_close(queue);
}

/* nginx's thread. */
void queue_discard(queue_t *queue)
{
    ON_NGINX_THREAD();
    inbox_lock(&queue->own);
    queue->finishing = queue->done = true;
    pthread_cond_broadcast(&queue->own.cond);
    inbox_unlock(&queue->own);
    queue_try_close(queue);
}

/* nginx's thread. */
void queue_try_close(queue_t *queue)
{
    struct runtime *runtime = queue->runtime;
    library_t *library = queue->library;
    threads_t has_polled;
    bool grouped;

    ON_NGINX_THREAD();
    if (queue->tasks > 0 || queue->loading) {
        return;
    }
    inbox_lock(&queue->own);
    if (!queue->open || !queue->finishing || queue->pollers > 0 || queue->check_pending ||
        (queue->grouped && !queue->done)) {
        inbox_unlock(&queue->own);
        return;
    }
    if (queue->grouped) {
        inbox_t *inbox = atomic_load(&queue->inbox);

        inbox_lock(inbox);
        inbox_remove(inbox, &queue->unloaded);
        inbox_unlock(inbox);
    }
    queue->open = false;
    free(queue->options);
    free(queue->load_error);
    free(queue->status);
    queue->options = queue->load_error = queue->status = NULL;
    has_polled = queue->has_polled;
    queue->has_polled = (threads_t){0};
    grouped = queue->grouped;
    inbox_unlock(&queue->own);

    queue->runtime = NULL;
    queue->library = NULL;
    queue->next_free = free_queues;
    free_queues = queue;
    if (library != NULL) {
        library_release(library, &has_polled, grouped);
    }
    runtime_queue_closed(runtime, queue);
}

/* nginx's thread. */
void queue_checked(queue_t *queue)
{
    bool done;

    ON_NGINX_THREAD();
    inbox_lock(&queue->own);
    queue->check_pending = false;
    done = queue->done;
    inbox_unlock(&queue->own);
    if (done) {
        calls_fail(queue, "the runtime ended without an answer");
    }
    queue_try_close(queue);
}

/* nginx's thread. */
char *queue_take_load_error(queue_t *queue)
{
    char *error;

    ON_NGINX_THREAD();
    inbox_lock(&queue->own);
    error = queue->load_error;
    queue->load_error = NULL;
    inbox_unlock(&queue->own);
    return error;
}

/* nginx's thread. */
char *queue_status(queue_t *queue)
{
    char *copy;

    ON_NGINX_THREAD();
    inbox_lock(&queue->own);
    copy = queue->status == NULL ? NULL : strdup(queue->status);
    inbox_unlock(&queue->own);
    return copy;
}

/* ---- events --------------------------------------------------------------------------------- */

/* Any thread. The inbox in which the queue's events are, locked. */
static inbox_t *queue_lock_inbox(queue_t *queue)
{
    for (;;) {
        inbox_t *inbox = atomic_load(&queue->inbox);

        inbox_lock(inbox);
        if (inbox == atomic_load(&queue->inbox)) {
            return inbox;
        }
        inbox_unlock(inbox); /* it was added to a group in between */
    }
}

/* nginx's thread. */
void queue_post(queue_t *queue, task_t *task)
{
    inbox_t *inbox;

    ON_NGINX_THREAD();
    atomic_fetch_add(&queue->outstanding, 1);
    inbox = queue_lock_inbox(queue);
    inbox_push(inbox, &task->posted);
    inbox_unlock(inbox);
}

/* Any thread. */
void queue_remove(queue_t *queue, event_t *event)
{
    inbox_t *inbox = queue_lock_inbox(queue);

    inbox_remove(inbox, event);
    inbox_unlock(inbox);
}

/* nginx's thread. */
bool queue_withdraw(queue_t *queue, task_t *task)
{
    inbox_t *inbox;
    bool waited;

    ON_NGINX_THREAD();
    inbox = queue_lock_inbox(queue);
    waited = task->posted.linked;
    inbox_remove(inbox, &task->posted);
    inbox_unlock(inbox);
    if (waited) {
        atomic_fetch_sub(&queue->outstanding, 1);
    }
    return waited;
}

/* nginx's thread. Without a group the runtime has to ask (resty_ffi_task_cancelled). */
void queue_cancel(queue_t *queue, task_t *task, enum resty_ffi_cancel_reason reason)
{
    inbox_t *inbox;

    ON_NGINX_THREAD();
    atomic_store(&task->cancel_reason, (uint16_t) reason);
    inbox = queue_lock_inbox(queue);
    if (inbox != &queue->own && !task->cancelled.linked) {
        task->cancel_sent = true;
        inbox_push(inbox, &task->cancelled);
    }
    inbox_unlock(inbox);
}

/* A poller's thread, under the inbox's lock, which orders it with queue_withdraw. */
static uint64_t hand_over(task_t *task)
{
    uint64_t handle = task_handle(task);
    bool moved = task_move(task, handle, TASK_QUEUED, TASK_POLLED);

    assert(moved);
    (void) moved;
    return handle;
}

/* A poller's thread, under own.lock. */
static void keep_poller(queue_t *queue, uint64_t handle)
{
    static __thread uint64_t kept_for; /* looking a thread up takes as long as a call */

    if (queue->keeps_pollers && kept_for != handle) {
        threads_add_self(&queue->has_polled);
        kept_for = handle;
    }
}

/* A poller's thread. */
uint64_t queue_poll(uint64_t handle)
{
    queue_t *queue = queue_lock(handle);
    uint64_t polled = 0;
    bool spun = false, check;
    event_t *event = NULL;

    if (queue == NULL) {
        return 0; /* unloaded, perhaps long ago */
    }
    keep_poller(queue, handle);
    queue->pollers++;
    while (!queue->grouped && (event = inbox_pop(&queue->own)) == NULL && !queue->finishing) {
        (void) inbox_wait(&queue->own, -1, &spun);
    }
    queue->pollers--;
    if (event != NULL) {
        polled = hand_over(CONTAINER_OF(event, task_t, posted));
    }
    check = event == NULL && queue_needs_check(queue);
    inbox_unlock(&queue->own);
    if (check) {
        (void) messages_push(&queue->check);
    }
    return polled;
}

/* ---- groups --------------------------------------------------------------------------------- */

/* Any thread. */
void *resty_ffi_group_create(void)
{
    group_t *group = calloc(1, sizeof(*group));
    uint32_t index = GROUPS_MAX;

    if (group == NULL) {
        return NULL;
    }
    inbox_init(&group->inbox);
    pthread_mutex_lock(&groups_lock);
    if (group_count < GROUPS_MAX) {
        index = group_count++;
        atomic_store(&groups[index], group);
    }
    pthread_mutex_unlock(&groups_lock);
    if (index == GROUPS_MAX) {
        free(group);
        return NULL;
    }
    return (void *) (uintptr_t) group_handle_of(index);
}

/* Any thread. */
int resty_ffi_group_add(void *group_handle, void *tq, int64_t tag)
{
    group_t *group = group_of((uintptr_t) group_handle);
    queue_t *queue = group == NULL ? NULL : queue_lock((uintptr_t) tq);

    if (queue == NULL) {
        return -1;
    }
    if (queue->grouped) {
        inbox_unlock(&queue->own);
        return -1;
    }
    inbox_lock(&group->inbox);
    inbox_move_all(&queue->own, &group->inbox);
    queue->grouped = true;
    queue->tag = tag;
    atomic_store(&queue->inbox, &group->inbox);
    if (queue->finishing) {
        inbox_push(&group->inbox, &queue->unloaded);
    }
    inbox_unlock(&group->inbox);
    pthread_cond_broadcast(&queue->own.cond); /* nothing comes out of task_poll any more */
    inbox_unlock(&queue->own);
    return 0;
}

/* The polling thread, under the group's lock. */
static void fill_in(resty_ffi_event_t *to, event_t *event)
{
    task_t *task;

    *to = (resty_ffi_event_t){.kind = event->kind};
    switch ((enum resty_ffi_event_kind) event->kind) {
    case RESTY_FFI_EVENT_TASK:
        task = CONTAINER_OF(event, task_t, posted);
        to->task = hand_over(task);
        to->tag = task->queue->tag;
        to->req = task->req;
        to->req_len = task->req_len;
        to->method = task->method;
        to->method_len = task->method_len;
        to->deadline_ms = task->deadline_ms;
        break;
    case RESTY_FFI_EVENT_CANCEL:
        task = CONTAINER_OF(event, task_t, cancelled);
        to->task = task_handle(task);
        to->tag = task->queue->tag;
        to->reason = atomic_load(&task->cancel_reason);
        break;
    case RESTY_FFI_EVENT_UNLOAD:
        to->tag = CONTAINER_OF(event, queue_t, unloaded)->tag;
        break;
    }
}

/* The polling thread. */
int resty_ffi_group_poll(void *group_handle, resty_ffi_event_t *events, int max, int64_t timeout_us)
{
    group_t *group = group_of((uintptr_t) group_handle);
    int64_t deadline_ns;
    bool spun = false, in_time = true;
    event_t *event;
    int n = 0;

    if (group == NULL || events == NULL || max <= 0) {
        return -1;
    }
    deadline_ns =
        timeout_us < 0 || timeout_us > LONGEST_US ? -1 : now_ns() + timeout_us * NS_PER_US;
    inbox_lock(&group->inbox);
    while (in_time && timeout_us != 0 && group->inbox.pending == 0 && !group->inbox.woken) {
        in_time = inbox_wait(&group->inbox, deadline_ns, &spun);
    }
    atomic_store(&group->inbox.woken, false);
    while (n < max && (event = inbox_pop(&group->inbox)) != NULL) {
        fill_in(&events[n++], event);
    }
    inbox_unlock(&group->inbox);
    return n;
}

/* Any thread. */
void resty_ffi_group_wake(void *group_handle)
{
    group_t *group = group_of((uintptr_t) group_handle);

    if (group == NULL) {
        return;
    }
    pthread_mutex_lock(&group->inbox.lock);
    atomic_store(&group->inbox.woken, true);
    pthread_cond_broadcast(&group->inbox.cond);
    pthread_mutex_unlock(&group->inbox.lock);
}

/* ---- what a runtime says of, and asks about, its queue -------------------------------------- */

/* Any thread. */
void resty_ffi_queue_done(void *tq)
{
    queue_t *queue = queue_lock((uintptr_t) tq);
    bool check;

    if (queue == NULL) {
        return;
    }
    if (!queue->finishing) {
        inbox_unlock(&queue->own);
        host_log(LOG_ERROR, "resty_ffi_queue_done() refused: the task queue is not unloaded");
        return;
    }
    queue->done = true;
    check = queue_needs_check(queue);
    inbox_unlock(&queue->own);
    if (check) {
        (void) messages_push(&queue->check);
    }
}

/* Any thread. */
const char *resty_ffi_options(void *tq, size_t *len)
{
    queue_t *queue = queue_lock((uintptr_t) tq);
    const char *options;

    if (queue == NULL) {
        return NULL;
    }
    options = queue->options;
    if (len != NULL) {
        *len = queue->options_len;
    }
    inbox_unlock(&queue->own);
    return options;
}

/* Any thread, under own.lock. */
static void replace_text(char **text, const char *fresh, size_t len)
{
    free(*text);
    *text = fresh == NULL ? NULL : strndup(fresh, len);
}

/* The load thread, from within libffi_init. */
void resty_ffi_load_failed(void *tq, const char *text, size_t len)
{
    queue_t *queue = queue_lock((uintptr_t) tq);

    if (queue != NULL) {
        replace_text(&queue->load_error, text, len);
        inbox_unlock(&queue->own);
    }
}

/* Any thread. */
void resty_ffi_set_status(void *tq, const char *json, size_t len)
{
    queue_t *queue = queue_lock((uintptr_t) tq);

    if (queue != NULL) {
        replace_text(&queue->status, json, len);
        inbox_unlock(&queue->own);
    }
}
