/* The list of messages to nginx's thread. */
#include "messages.h"

#include <sched.h>

#include "hook.h"
#include "watch.h"

static struct {
    pthread_mutex_t lock;
    pthread_cond_t added; /* for messages_wait */
    message_t *first;
    message_t *last;
    int64_t oldest_ns; /* when the list became non-empty */
    bool waking;       /* a wake-up is under way */
    bool waited_for;   /* nginx's thread sleeps in messages_wait */
    _Atomic bool closed;
    _Atomic int inside_notify;
} messages = {.lock = PTHREAD_MUTEX_INITIALIZER, .waking = true};

/* nginx's thread. */
void messages_init(void)
{
    ON_NGINX_THREAD();
    cond_init(&messages.added);
}

/* Any thread. */
bool messages_push(message_t *message)
{
    message->next = NULL;
    return messages_push_all(message, message);
}

/* Any thread. */
bool messages_push_all(message_t *first, message_t *last)
{
    bool wake = false, was_empty;

    pthread_mutex_lock(&messages.lock);
    if (messages.closed) {
        pthread_mutex_unlock(&messages.lock);
        return false;
    }
    was_empty = messages.first == NULL;
    if (was_empty) {
        messages.first = first;
        messages.oldest_ns = now_ns();
    } else {
        messages.last->next = first;
    }
    messages.last = last;
    if (messages.waited_for) {
        pthread_cond_signal(&messages.added);
    } else if (!messages.waking) {
        wake = messages.waking = true;
        atomic_fetch_add(&messages.inside_notify, 1);
    }
    pthread_mutex_unlock(&messages.lock);

    if (wake) {
        hook_notify();
        atomic_fetch_sub(&messages.inside_notify, 1);
    }
    if (was_empty) {
        watch_arm();
    }
    return true;
}

/* Any thread. */
void messages_wake(void)
{
    pthread_mutex_lock(&messages.lock);
    if (messages.closed) {
        pthread_mutex_unlock(&messages.lock);
        return;
    }
    messages.waking = true;
    atomic_fetch_add(&messages.inside_notify, 1);
    pthread_mutex_unlock(&messages.lock);
    hook_notify();
    atomic_fetch_sub(&messages.inside_notify, 1);
}

/* nginx's thread. */
message_t *messages_take(void)
{
    message_t *first;

    ON_NGINX_THREAD();
    pthread_mutex_lock(&messages.lock);
    first = messages.first;
    messages.first = messages.last = NULL;
    messages.waking = false;
    pthread_mutex_unlock(&messages.lock);
    return first;
}

/* Any thread. */
int64_t messages_age_ns(void)
{
    int64_t age = -1;

    pthread_mutex_lock(&messages.lock);
    if (messages.first != NULL) {
        age = now_ns() - messages.oldest_ns;
    }
    pthread_mutex_unlock(&messages.lock);
    return age;
}

/* nginx's thread. */
bool messages_wait(int64_t deadline_ns)
{
    bool in_time = true;

    ON_NGINX_THREAD();
    pthread_mutex_lock(&messages.lock);
    messages.waited_for = true;
    while (messages.first == NULL && in_time) {
        in_time = cond_wait_until(&messages.added, &messages.lock, deadline_ns);
    }
    messages.waited_for = false;
    in_time = messages.first != NULL;
    pthread_mutex_unlock(&messages.lock);
    return in_time;
}

/* nginx's thread. */
void messages_close(void)
{
    ON_NGINX_THREAD();
    pthread_mutex_lock(&messages.lock);
    messages.closed = true;
    pthread_mutex_unlock(&messages.lock);
    while (atomic_load(&messages.inside_notify) != 0) {
        sched_yield();
    }
}

/* Any thread. */
bool messages_closed(void)
{
    return atomic_load(&messages.closed);
}
