/* The replaced notify entry of nginx's event loop. */
#include "hook.h"

#include <stdio.h>

#include "dispatch.h"
#include "host.h"
#include "nginx_api.h"
#include "watch.h"

#define ROUNDS 4
#define FIRST_NOTIFY_NS (10 * NS_PER_MS)

static struct {
    nginx_notify_pt notify; /* nginx's own; constant once installed */
    nginx_process_events_pt process_events;
    int rounds;                 /* nginx's thread: of the loop, since the replacement */
    _Atomic int64_t rounded_ns; /* when these were enough; 0: not yet */
    _Atomic bool settled;
    /* Of a thread pool. */
    _Atomic(nginx_event_handler_pt) foreign;
    _Atomic bool foreign_pending;
} hook;

/* nginx's thread, called by the event loop: nginx's one handler for notify. */
static void hook_run(nginx_event_t *ev)
{
    nginx_event_handler_pt foreign;

    atomic_store(&hook.settled, true);
    dispatch_messages();

    /* The flag first: a completion that comes while the handler runs raises it again. */
    if (atomic_exchange(&hook.foreign_pending, false)) {
        foreign = atomic_load(&hook.foreign);
        foreign(ev);
    }
}

/* Any thread: the entry of nginx's thread pools. */
static intptr_t hook_foreign_notify(nginx_event_handler_pt handler)
{
    if (handler != hook_run) {
        atomic_store(&hook.foreign, handler);
        atomic_store(&hook.foreign_pending, true);
    }
    return hook.notify(hook_run);
}

/* nginx's thread, called by the event loop a few times after the replacement. */
static intptr_t hook_process_events(void *cycle, uintptr_t timer_ms, uintptr_t flags)
{
    void **entry = &nginx.event_actions[ACTION_PROCESS_EVENTS];

    if (hook.rounds < ROUNDS) {
        hook.rounds++;
        return hook.process_events(cycle, 0, flags); /* do not sleep: just handle what waits */
    }
    if (atomic_load(&hook.rounded_ns) == 0) {
        atomic_store(&hook.rounded_ns, now_ns());
    }
    if (*entry == (void *) hook_process_events) { /* else somebody wrapped it: stay transparent */
        *entry = (void *) hook.process_events;
    }
    return hook.process_events(cycle, timer_ms, flags);
}

/* nginx's thread. */
bool hook_install(char *err, size_t size)
{
    void **actions = nginx.event_actions;

    ON_NGINX_THREAD();
    if (actions[ACTION_NOTIFY] == NULL || actions[ACTION_PROCESS_EVENTS] == NULL) {
        snprintf(err, size,
                 "nginx's event loop has no notify(): it does not run yet (init_by_lua: load in "
                 "init_worker_by_lua, or in a request), or does not use epoll with eventfd");
        return false;
    }
    hook.notify = (nginx_notify_pt) actions[ACTION_NOTIFY];
    hook.process_events = (nginx_process_events_pt) actions[ACTION_PROCESS_EVENTS];
    actions[ACTION_PROCESS_EVENTS] = (void *) hook_process_events;
    /* Pool threads read this entry without a lock. */
    __atomic_store_n(&actions[ACTION_NOTIFY], (void *) hook_foreign_notify, __ATOMIC_SEQ_CST);
    return true;
}

/* Any thread. */
void hook_notify(void)
{
    (void) hook.notify(hook_run); /* a failure has been logged by nginx, and the watch repeats it */
}

/* The watch thread. */
bool hook_needs_first_notify(void)
{
    int64_t rounded = atomic_load(&hook.rounded_ns);

    return !atomic_load(&hook.settled) && rounded != 0 && now_ns() - rounded >= FIRST_NOTIFY_NS;
}

/* Any thread. */
bool hook_is_settled(void)
{
    return atomic_load(&hook.settled);
}
