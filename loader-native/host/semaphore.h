/*
 * A pool of lua-nginx-module's semaphores: what a coroutine waits on for its answer.
 *
 * A semaphore belongs to one task at a time, never to a Lua object: a killed coroutine runs no Lua,
 * and its late reply must not wake somebody else. It is posted at most once for a task, and only
 * while somebody waits. Posting queues nginx's event, which runs later in the same turn of the
 * loop; a semaphore is not destroyed while that event may be queued. One whose waiter died after
 * the post keeps a count of 1; it is taken off at the next use.
 *
 * A semaphore belongs to the configuration cycle in which it was made (its memory is the cycle's);
 * with master_process off a HUP starts another one in the same process.
 *
 * All on nginx's thread.
 */
#ifndef SEMAPHORE_H
#define SEMAPHORE_H

#include "host.h"

typedef struct semaphore {
    struct semaphore *next; /* in the pool */
    size_t at;              /* in the list of all */
    void *sema;             /* ngx_http_lua_sema_t */
    void *cycle;            /* of its birth */
    bool posted;            /* for the present task */
    uint64_t posted_turn;   /* the event may be queued until the next turn; 0: it is not */
} semaphore_t;

/* With a count of 0 for a coroutine of request `r`. NULL: `err` says why it cannot wait. */
semaphore_t *semaphore_take(void *r, char *err, size_t size);
/* The coroutine waits from here on, and has to yield. False: `err` says why it does not. */
bool semaphore_wait(semaphore_t *semaphore, void *r, double timeout_ms, char *err, size_t size);
/* Whether it still does. */
bool semaphore_is_waited_for(const semaphore_t *semaphore);
void semaphore_post(semaphore_t *semaphore);

/* Back to the pool. `woken`: by the post, whose event is gone from nginx's queue with that. */
void semaphore_give_back(semaphore_t *semaphore, bool woken);

/* nginx has come round to our handler: what was posted before has run. */
void semaphore_next_turn(void);

/*
 * A Lua VM of `cycle` closes. Destroys what is of that cycle and in the pool, if no VM is left or
 * the cycle is over.
 */
void semaphore_vm_closed(void *cycle, bool is_last);
/* nginx ends, and runs no event any more. Destroys all of `cycle`, waited for or not. */
void semaphore_end(void *cycle);

#endif
