/*
 * A list of events for the runtimes' pollers: a queue has its own, a poll group shares one.
 *
 * Events are embedded in tasks and queues, so that adding one cannot fail, and a cancelled task is
 * taken out again at once. All under one mutex; `pending` and `woken` may be read without it, for
 * spinning.
 *
 * A poller that finds nothing spins before it sleeps, as waking a thread on another CPU costs more
 * than the call itself. How long is learned: an event that comes while it spins, or soon after it
 * fell asleep, is worth spinning for; each spin in vain halves the next.
 */
#ifndef INBOX_H
#define INBOX_H

#include "host.h"

typedef struct event {
    struct event *next;
    struct event *prev;
    bool linked;
    uint16_t kind; /* enum resty_ffi_event_kind */
} event_t;

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    event_t head;
    _Atomic int pending;
    _Atomic bool woken; /* by inbox_wake: the next wait returns at once */
    int sleepers;
    int to_wake;   /* sleepers for whom there is an event since the lock was taken */
    bool spinning; /* one of the pollers at most */
    int spins;     /* pause instructions that the next wait may spend */
} inbox_t;

/* Any thread, before others see it. */
void inbox_init(inbox_t *inbox);

/* Any thread. */
void inbox_lock(inbox_t *inbox);
/* Any thread. Then wakes the pollers that sleep, if there are events for them. */
void inbox_unlock(inbox_t *inbox);

/* Any thread, under the lock. */
void inbox_push(inbox_t *inbox, event_t *event);
/* Any thread, under the lock. Does nothing with an event that is in no list. */
void inbox_remove(inbox_t *inbox, event_t *event);
/* Any thread, under the lock. The oldest event, taken out, or NULL. */
event_t *inbox_pop(inbox_t *inbox);
/* Any thread, under both locks. */
void inbox_move_all(inbox_t *from, inbox_t *to);

/*
 * A poller's thread, under the lock, which is released meanwhile: the caller has to look at
 * everything again. False: time is up. `spun` is false at the first wait of a poll: that one spins.
 */
bool inbox_wait(inbox_t *inbox, int64_t deadline_ns, bool *spun);

#endif
