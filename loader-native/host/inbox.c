/* Lists of events, and waiting for them. */
#include "inbox.h"

#include <sched.h>

#define SPINS_MAX 3000
#define SPINS_MIN 100
/* A sleep that ended within this time would better have been spun through. */
#define SHORT_SLEEP_NS (60 * NS_PER_US)

/* Any thread. */
static void cpu_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#else
    atomic_signal_fence(memory_order_seq_cst);
#endif
}

/* Any thread. On one CPU (worker_cpu_affinity) spinning only delays what it waits for. */
static bool may_spin(void)
{
    cpu_set_t cpus;

    return sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) > 1;
}

/* Any thread. */
void inbox_init(inbox_t *inbox)
{
    pthread_mutex_init(&inbox->lock, NULL);
    cond_init(&inbox->cond);
    inbox->head.next = inbox->head.prev = &inbox->head;
}

/* Any thread. */
void inbox_lock(inbox_t *inbox)
{
    pthread_mutex_lock(&inbox->lock);
}

/* Any thread. After unlocking, so that who wakes finds the lock free. */
void inbox_unlock(inbox_t *inbox)
{
    int to_wake = inbox->to_wake;

    inbox->to_wake = 0;
    pthread_mutex_unlock(&inbox->lock);
    if (to_wake == 1) {
        pthread_cond_signal(&inbox->cond);
    } else if (to_wake > 1) {
        pthread_cond_broadcast(&inbox->cond);
    }
}

/* Any thread. */
void inbox_push(inbox_t *inbox, event_t *event)
{
    event->next = &inbox->head;
    event->prev = inbox->head.prev;
    event->prev->next = event;
    inbox->head.prev = event;
    event->linked = true;
    atomic_fetch_add(&inbox->pending, 1);
    if (inbox->to_wake < inbox->sleepers) {
        inbox->to_wake++;
    }
}

/* Any thread. */
void inbox_remove(inbox_t *inbox, event_t *event)
{
    if (!event->linked) {
        return;
    }
    event->prev->next = event->next;
    event->next->prev = event->prev;
    event->linked = false;
    atomic_fetch_sub(&inbox->pending, 1);
}

/* Any thread. */
event_t *inbox_pop(inbox_t *inbox)
{
    event_t *event = inbox->head.next;

    if (event == &inbox->head) {
        return NULL;
    }
    inbox_remove(inbox, event);
    return event;
}

/* Any thread. */
void inbox_move_all(inbox_t *from, inbox_t *to)
{
    event_t *event;

    while ((event = inbox_pop(from)) != NULL) {
        inbox_push(to, event);
    }
}

/* A poller's thread. */
static bool inbox_has_news(inbox_t *inbox)
{
    return atomic_load_explicit(&inbox->pending, memory_order_relaxed) > 0 ||
           atomic_load_explicit(&inbox->woken, memory_order_relaxed);
}

/* A poller's thread, under the lock. */
static void inbox_spin(inbox_t *inbox)
{
    int spins = inbox->spins;

    inbox->spinning = true;
    inbox_unlock(inbox);
    while (spins-- > 0 && !inbox_has_news(inbox)) {
        cpu_pause();
    }
    inbox_lock(inbox);
    inbox->spinning = false;
    if (inbox_has_news(inbox)) {
        inbox->spins = inbox->spins * 2 > SPINS_MAX ? SPINS_MAX : inbox->spins * 2;
    } else {
        inbox->spins = inbox->spins / 2 < SPINS_MIN ? 0 : inbox->spins / 2;
    }
}

/* A poller's thread, under the lock. */
bool inbox_wait(inbox_t *inbox, int64_t deadline_ns, bool *spun)
{
    int64_t slept_ns;
    bool in_time;

    if (!*spun && inbox->spins > 0 && !inbox->spinning) {
        *spun = true;
        inbox_spin(inbox);
        return true; /* the lock was open: anything may have happened */
    }
    slept_ns = now_ns();
    inbox->sleepers++;
    in_time = cond_wait_until(&inbox->cond, &inbox->lock, deadline_ns);
    inbox->sleepers--;
    if (in_time && inbox->spins == 0 && now_ns() - slept_ns < SHORT_SLEEP_NS && may_spin()) {
        inbox->spins = SPINS_MAX;
    }
    return in_time;
}
