/* What nginx's thread does with the messages. */
#include "dispatch.h"

#include "call.h"
#include "load.h"
#include "log.h"
#include "queue.h"
#include "semaphore.h"
#include "watch.h"

#define REAP_NS (10 * NS_PER_MS)

static int64_t reaped_ns;

/* nginx's thread. */
static void reap(void)
{
    calls_reap();
    reaped_ns = now_ns();
}

/* nginx's thread. The message may be gone when it returns. */
static void dispatch(message_t *message)
{
    switch (message->kind) {
    case MESSAGE_REPLY:
        call_replied(CONTAINER_OF(message, task_t, message));
        break;
    case MESSAGE_LOG:
        log_take(message);
        break;
    case MESSAGE_LOADED:
        load_finished(message);
        break;
    case MESSAGE_QUEUE:
        queue_checked(CONTAINER_OF(message, queue_t, check));
        break;
    case MESSAGE_REAP:
        watch_reaped();
        reap();
        break;
    }
}

/* nginx's thread. */
static void dispatch_all(void)
{
    message_t *next;

    for (message_t *message = messages_take(); message != NULL; message = next) {
        next = message->next;
        dispatch(message);
    }
}

/* nginx's thread. */
void dispatch_messages(void)
{
    ON_NGINX_THREAD();
    semaphore_next_turn();
    dispatch_all();
    if (now_ns() - reaped_ns >= REAP_NS) {
        reap(); /* so that a dead caller's task is not started, where others keep nginx busy */
    }
    if (log_print_some()) {
        messages_wake();
    }
}

/* nginx's thread. */
void dispatch_messages_at_end(bool print)
{
    ON_NGINX_THREAD();
    dispatch_all();
    log_print_all(print);
}
