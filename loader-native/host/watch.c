/* The watch thread. */
#include "watch.h"

#include "hook.h"
#include "host.h"
#include "log.h"
#include "messages.h"
#include "task.h"

#define TICK_NS (50 * NS_PER_MS)
#define FIRST_TICK_NS (5 * NS_PER_MS) /* until the hook has settled: a first load waits for it */
#define TICKS_UNTIL_SLEEP 20
#define STACK_BYTES (256 * 1024)

static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    _Atomic bool armed;
    _Atomic bool active; /* armed again since the last tick */
} watch = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Atomic bool reap_pending;
static message_t reap_message = {.kind = MESSAGE_REAP};

/* The watch thread. */
static bool watch_is_needed(void)
{
    return !hook_is_settled() || tasks_in_flight() > 0 || messages_age_ns() >= 0 || log_is_behind();
}

/* The watch thread. */
static void watch_tick(void)
{
    if (!hook_is_settled()) {
        if (hook_needs_first_notify()) {
            messages_wake();
        }
        return;
    }
    if (messages_age_ns() >= TICK_NS || log_is_behind()) {
        messages_wake();
    }
    if (tasks_in_flight() > 0 && !atomic_exchange(&reap_pending, true)) {
        (void) messages_push(&reap_message);
    }
}

/* nginx's thread. */
void watch_reaped(void)
{
    atomic_store(&reap_pending, false);
}

/* The watch thread. Lowers the flag first, then looks: who adds something looks at it afterwards.
 */
static void watch_sleep(void)
{
    atomic_store(&watch.armed, false);
    if (watch_is_needed()) {
        atomic_store(&watch.armed, true);
        return;
    }
    pthread_mutex_lock(&watch.lock);
    while (!atomic_load(&watch.armed)) {
        pthread_cond_wait(&watch.wake, &watch.lock);
    }
    pthread_mutex_unlock(&watch.lock);
}

/* The watch thread. */
static void *watch_run(void *arg)
{
    int idle = 0;

    (void) arg;
    while (!messages_closed()) {
        int64_t until = now_ns() + (hook_is_settled() ? TICK_NS : FIRST_TICK_NS);

        pthread_mutex_lock(&watch.lock);
        while (cond_wait_until(&watch.wake, &watch.lock, until)) {
            /* a wake-up that came while it was awake */
        }
        pthread_mutex_unlock(&watch.lock);

        watch_tick();
        if (atomic_exchange(&watch.active, false) || watch_is_needed()) {
            idle = 0;
        } else if (++idle >= TICKS_UNTIL_SLEEP) {
            watch_sleep();
            idle = 0;
        }
    }
    return NULL;
}

/* nginx's thread. */
int watch_start(void)
{
    ON_NGINX_THREAD();
    cond_init(&watch.wake);
    atomic_store(&watch.armed, true);
    return thread_start(watch_run, NULL, STACK_BYTES);
}

/* Any thread. */
void watch_arm(void)
{
    if (!atomic_load_explicit(&watch.active, memory_order_relaxed)) {
        atomic_store_explicit(&watch.active, true, memory_order_relaxed);
    }
    if (!atomic_load(&watch.armed)) {
        pthread_mutex_lock(&watch.lock);
        atomic_store(&watch.armed, true);
        pthread_cond_signal(&watch.wake);
        pthread_mutex_unlock(&watch.lock);
    }
}
