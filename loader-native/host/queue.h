/*
 * Task queues and poll groups.
 *
 * A queue belongs to one load of one runtime. Its events are in its own inbox until a runtime adds
 * it to a group; from then on in the group's. Slots are never freed; a handle holds a generation.
 *
 *     open --- queue_finish ---> finishing --- queue_try_close ---> free
 *
 * While it finishes, the tasks that wait are still polled; then every poller gets its NULL, or the
 * group an UNLOAD. It is free when no task refers to it and no poller is inside (a group's: when
 * the runtime has called resty_ffi_queue_done, too).
 */
#ifndef QUEUE_H
#define QUEUE_H

#include "inbox.h"
#include "messages.h"
#include "task.h"
#include "threads.h"

typedef struct group {
    inbox_t inbox;
} group_t;

typedef struct queue {
    uint32_t index;
    inbox_t own;

    /* own.lock */
    uint64_t gen;
    bool open; /* the slot is in use */
    bool finishing;
    bool grouped;
    bool done; /* resty_ffi_queue_done */
    int pollers;
    bool check_pending;   /* `check` is on its way to nginx's thread */
    bool keeps_pollers;   /* constant while the queue is open */
    threads_t has_polled; /* all that ever have, if keeps_pollers */
    char *load_error;     /* malloc; from resty_ffi_load_failed */
    char *status;         /* malloc; from resty_ffi_set_status */
    char *options;        /* malloc; constant while the queue is open */
    size_t options_len;

    /* Changes once, under own.lock and the group's: see queue_lock_inbox. */
    _Atomic(inbox_t *) inbox;
    int64_t tag;      /* the lock of `inbox` */
    event_t unloaded; /* the lock of `inbox` */

    /* Posted and not yet answered. Grows on nginx's thread only. */
    _Atomic int outstanding;

    /* nginx's thread. */
    int max_queue;
    int tasks; /* slots that refer to the queue */
    struct runtime *runtime;
    struct library *library; /* whose code polls the queue; released with it */
    bool loading;            /* a load thread uses the queue */
    struct queue *next_free;
    message_t check;
} queue_t;

/*
 * nginx's thread. `options`: a malloc'ed copy is made. `keeps_pollers`: its library is told, at the
 * end, which threads have polled. NULL: no memory, or too many.
 */
queue_t *queue_new(struct runtime *runtime, int max_queue, const char *options, bool keeps_pollers);
/* nginx's thread. */
uint64_t queue_handle(queue_t *queue);

/* nginx's thread. Adds the event of a task that was just made. */
void queue_post(queue_t *queue, task_t *task);
/* Any thread. Takes an event of the queue out of its inbox, if it is in one. */
void queue_remove(queue_t *queue, event_t *event);
/* nginx's thread. Takes a task out before anybody polls it. False: somebody has. */
bool queue_withdraw(queue_t *queue, task_t *task);
/* nginx's thread. Nobody waits for a task that was polled: notes it, and tells the group. */
void queue_cancel(queue_t *queue, task_t *task, enum resty_ffi_cancel_reason reason);

/* nginx's thread. No more tasks. */
void queue_finish(queue_t *queue);
/* nginx's thread. Nobody has to be told, nor waited for but pollers that are inside: a failed load.
 */
void queue_discard(queue_t *queue);
/* nginx's thread. Frees the queue if that is due, and tells its runtime. */
void queue_try_close(queue_t *queue);
/* nginx's thread, on MESSAGE_QUEUE: answers what a runtime that is done has left unanswered. */
void queue_checked(queue_t *queue);

/* nginx's thread. What resty_ffi_load_failed gave, to be freed; NULL: nothing. */
char *queue_take_load_error(queue_t *queue);

/* nginx's thread. What resty_ffi_set_status gave, a copy to be freed; NULL: nothing, or no memory.
 */
char *queue_status(queue_t *queue);

/* A poller's thread. What ngx_http_lua_ffi_task_poll does. 0: NULL. */
uint64_t queue_poll(uint64_t handle);

#endif
