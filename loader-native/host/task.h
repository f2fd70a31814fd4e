/*
 * Task slots: one request that awaits one reply (a call), or one coroutine that waits for a load.
 *
 * Slots live in chunks that are never freed, so that a stale handle can always be looked at. One
 * atomic word holds a slot's generation and state; every transition is a compare-and-set on it
 * (task_move), so that of two that compete one loses and knows it:
 *
 *              post             poll               respond
 *     FREE ---------> QUEUED ---------> POLLED ------------> ANSWERING -----> ANSWERED
 *      |                 |                 |                                   ^ ^ ^
 *      |                 |                 +-----------> FAILED ---------------+ | |
 *      |                 |              the host answers         late respond    | |
 *      |                 +-------------------------------------------------------+ |
 *      |                               the host answers                            |
 *      +--------------> WAITING ---------------------------------------------------+
 *            a load                the load has finished
 *
 *     and from ANSWERED, QUEUED, WAITING to FREE: task_free, when the caller has taken the answer,
 *     or is gone, and no message or event points to the slot any more.
 *
 * A FAILED task keeps its request, as a thread of its runtime may be reading it, until the runtime
 * responds, if it ever does; its caller and its queue do not wait for that (task_leave).
 *
 * Threads: nginx's takes and frees slots, and owns what is marked so. Owns: the request until it is
 * answered, the reply until the caller takes it.
 */
#ifndef TASK_H
#define TASK_H

#include "inbox.h"
#include "messages.h"

enum task_state {
    TASK_FREE,
    TASK_WAITING,
    TASK_QUEUED,
    TASK_POLLED,
    TASK_ANSWERING,
    TASK_ANSWERED,
    TASK_FAILED,
};

struct queue;
struct runtime;
struct semaphore;

#define TASK_METHOD_INLINE 48

typedef struct task {
    _Atomic uint64_t word; /* generation << TASK_STATE_BITS | enum task_state */
    uint32_t index;

    /* nginx's thread. */
    struct task *next; /* in flight, or free */
    struct task *prev;
    struct semaphore *semaphore; /* the caller's; NULL once he is gone */
    uint64_t vm;                 /* the Lua VM of the caller */
    void *endless;               /* the request of a caller who waits without a time-out, or NULL */
    struct runtime *runtime;     /* the one whose load it waits for; else NULL */
    bool delivered;              /* the answer has reached nginx's thread */
    bool cancel_sent;            /* `cancelled` was put into an inbox */
    bool host_failed;            /* the host has answered, with `failure` */
    char *failure;               /* malloc; why */
    bool awaits_respond;         /* FAILED, or the message of a late respond is on its way */
    bool left;                   /* task_leave */

    /* Constant from post to free. */
    struct queue *queue; /* NULL: waits for a load */
    char *req;           /* malloc; NULL: a nil request, or answered */
    size_t req_len;
    char *method; /* method_inline, or malloc */
    uint32_t method_len;
    char method_inline[TASK_METHOD_INLINE];
    int64_t deadline_ms; /* 0: none */

    /* The lock of the inbox in which they are. */
    event_t posted;
    event_t cancelled;

    /* Written on nginx's thread. */
    _Atomic uint16_t cancel_reason; /* enum resty_ffi_cancel_reason; 0: not cancelled */

    /* Who moved the task to ANSWERING writes it; who sees ANSWERED reads it. */
    int rc;
    char *rsp; /* malloc; NULL: nil */
    size_t rsp_len;
    message_t message;
} task_t;

/* Any thread. The slot of a handle or NULL. What it says may be stale: task_move will tell. */
task_t *task_of(uint64_t handle);

/* Any thread. */
uint64_t task_handle(const task_t *task);
/* Any thread. Valid for a moment, unless the caller owns the task's next transition. */
enum task_state task_state(const task_t *task);
/* Any thread. Whether the handle is the slot's present one, and its runtime has it: POLLED, FAILED.
 */
bool task_is_with_runtime(const task_t *task, uint64_t handle);

/* Any thread. Of the generation of `handle`; false: it is another one by now, or another state. */
bool task_move(task_t *task, uint64_t handle, enum task_state from, enum task_state to);

/*
 * nginx's thread. A slot in QUEUED (with a queue) or WAITING state, that nobody knows yet, with
 * copies of what is given. `req` NULL: nil. NULL: no memory.
 */
task_t *task_new(struct queue *queue, const char *req, size_t req_len, const char *method,
                 size_t method_len);
/* nginx's thread. Not in QUEUED state: queue_withdraw comes first. */
void task_free(task_t *task);
/*
 * nginx's thread. Its caller is done with it, but not its runtime: neither its queue nor anybody
 * who looks at the tasks in flight sees it any more. task_free follows, if the runtime responds.
 */
void task_leave(task_t *task);

/* nginx's thread. All slots that are not free, newest first; `next` leads on. */
task_t *tasks_first(void);
/* nginx's thread. One of these after the other, round and round; NULL: there is none. */
task_t *tasks_next_in_round(void);
/* Any thread. How many these are. */
int tasks_in_flight(void);

/* nginx's thread. A handle that fits a Lua number (53 bits, not 0), and back; NULL: no such task.
 */
double task_ref(const task_t *task);
task_t *task_of_ref(double ref);

#endif
