/*
 * A set of this process's threads, and whether any of them still runs.
 *
 * As the kernel tells it, since a thread that has just got its NULL, or its join, is still in the
 * code of the library that started it. An id that is used again is told apart by its start time.
 * Where something cannot be known (no memory, no /proc), the threads count as running.
 *
 * No locks: its owner's.
 */
#ifndef THREADS_H
#define THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct {
    pid_t id;
    unsigned long long started; /* in clock ticks since the system's boot */
} thread_id_t;

/* All zero is an empty set. */
typedef struct {
    thread_id_t *items;
    size_t count;
    size_t size;
    bool unknown; /* there may be more */
} threads_t;

/* Any thread. The one that calls, once. */
void threads_add_self(threads_t *threads);
/* Any thread. All of this process. */
void threads_add_all(threads_t *threads);
/* Any thread. Those of `more`, too. */
void threads_add(threads_t *threads, const threads_t *more);
/* Any thread. All but those. */
void threads_remove(threads_t *threads, const threads_t *those);

/* Any thread. Whether one of them runs, the caller apart. Forgets those that have ended. */
bool threads_are_running(threads_t *threads);

/* Any thread. */
void threads_free(threads_t *threads);

#endif
