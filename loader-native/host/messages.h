/*
 * Messages from any thread to nginx's: replies, log lines, finished loads, and what comes later.
 *
 * A list under a mutex, and one flag beside it: a wake-up is under way. Who adds a message while
 * the flag is down raises it, and wakes nginx after unlocking. Taking the list lowers the flag in
 * the same critical section, so that a message is either in the list that was taken, or its sender
 * sees the flag down.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "host.h"

enum message_kind {
    MESSAGE_REPLY,  /* task.message */
    MESSAGE_LOG,    /* log.c's line */
    MESSAGE_LOADED, /* load.message */
    MESSAGE_QUEUE,  /* queue.check: a queue may have come to its end */
    MESSAGE_REAP,   /* the watch thread's: look for calls whose caller died */
};

/* Embedded in what the kind says; in at most one list at a time. */
typedef struct message {
    struct message *next;
    enum message_kind kind;
} message_t;

/* nginx's thread, once. No wake-up is sent before the first take: the hook's watch sends that. */
void messages_init(void);

/* Any thread. False: nginx is gone, and nobody will take the message. */
bool messages_push(message_t *message);
/* Any thread. A chain of messages, which stay together. */
bool messages_push_all(message_t *first, message_t *last);

/* Any thread. Wakes nginx's thread, whether or not a wake-up is under way; nothing after the end.
 */
void messages_wake(void);

/* nginx's thread. All that wait, in order, or NULL. */
message_t *messages_take(void);

/* Any thread. How long the oldest message has waited, in ns; -1: there is none. */
int64_t messages_age_ns(void);

/* nginx's thread, at its end: waits until a message is there. False: time is up. */
bool messages_wait(int64_t deadline_ns);

/* nginx's thread. Returns when no thread is inside, or will enter, nginx's notify for our sake. */
void messages_close(void);
/* Any thread. */
bool messages_closed(void);

#endif
