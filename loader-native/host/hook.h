/*
 * How the host gets onto nginx's thread: nginx's own notify().
 *
 * notify(handler) of ngx_event_actions writes nginx's eventfd and makes the event loop call
 * handler. nginx remembers one handler only, the last, and its thread pools (aio threads) use the
 * same call. So the entry is replaced: whoever calls notify comes here, his handler is remembered,
 * and nginx is always given one handler, which takes our messages and then calls the remembered
 * one.
 *
 * What must not be lost while the entry is being replaced:
 *
 * - A thread pool's wake-up that is under way. Its handler stands in nginx's one place for it, and
 * a notify of ours would overwrite it. So the first one is held back until the event loop has gone
 *   round a few times: everything that was pending at the replacement has then been handled. To see
 *   the loop go round, its process_events entry is replaced too, for just that long (nginx's thread
 *   alone uses it).
 * - A thread pool's wake-up of a thread that was inside the old notify at the replacement. That is
 * a store and a write(); the first notify of ours comes FIRST_NOTIFY_NS later.
 * - A wake-up of ours, overwritten by such a thread. The watch thread repeats the first one until
 * it has arrived, and later every one that leaves a message waiting.
 */
#ifndef HOOK_H
#define HOOK_H

#include <stdbool.h>
#include <stddef.h>

/* nginx's thread, once. False: `err` says why this nginx has no notify. */
bool hook_install(char *err, size_t size);

/* Any thread, through messages.c alone. */
void hook_notify(void);

/* The watch thread. The first notify is due, or has to be repeated. */
bool hook_needs_first_notify(void);
/* Any thread. Our handler has run at least once. */
bool hook_is_settled(void);

#endif
