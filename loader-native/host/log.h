/*
 * Log lines of any thread on their way to nginx's error.log.
 *
 * The bytes are copied, cut into lines below nginx's limit and cleaned of control characters where
 * they come from; nginx's thread prints them. What waits is bounded: a guest that logs faster than
 * nginx writes loses lines, and the log tells how many.
 */
#ifndef LOG_H
#define LOG_H

#include "messages.h"

/* nginx's thread, on MESSAGE_LOG. `print` false: nginx's log is gone, drop it. */
void log_print(message_t *message, bool print);
/* nginx's thread. Says how many lines were dropped since the last time, if any. */
void log_print_dropped(void);

#endif
