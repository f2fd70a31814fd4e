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

/* nginx's thread, on MESSAGE_LOG. */
void log_take(message_t *message);

/*
 * nginx's thread. Prints what was taken, but no more than is bearable in one turn of the event
 * loop. True: there is more.
 */
bool log_print_some(void);
/* Any thread. There was more, and still is. */
bool log_is_behind(void);
/* nginx's thread, at nginx's end. `print` false: its log is gone, forget the lines. */
void log_print_all(bool print);

#endif
