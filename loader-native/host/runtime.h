/*
 * Runtimes: what is loaded, or being loaded, under a key (library and config).
 *
 *     LOADING --> READY --> UNLOADED
 *        |  ^                  ^
 *        |  | a second later   |
 *        v  |                  |
 *       FAILED ----------------+
 *
 * They belong to the worker, not to a Lua VM, and are found again from any VM. A runtime whose load
 * failed keeps its key, so that the next load of it knows when the last one failed. An unloaded one
 * has no key any more, and lives until its queue is closed and its load has returned.
 *
 * All on nginx's thread.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include "host.h"
#include "queue.h"

enum runtime_state { RUNTIME_LOADING, RUNTIME_READY, RUNTIME_FAILED, RUNTIME_UNLOADED };

typedef struct {
    const char *key;
    const char *lib;
    const char *cfg;     /* NULL: none */
    const char *options; /* JSON */
    int max_queue;
    double timeout_ms; /* of a call, where nobody says another one */
    bool is_global;
    bool unpin;
} runtime_spec_t;

typedef struct runtime {
    struct runtime *next; /* all that have a key */
    struct runtime *prev;
    uint32_t index;
    int refs; /* key, load, open queues, waiting callers */
    enum runtime_state state;
    runtime_spec_t spec; /* strings of its own */
    queue_t *queue;      /* LOADING, READY; and UNLOADED until it is closed */
    int rc;              /* FAILED: */
    char *error;
    int64_t failed_ns;
} runtime_t;

/* Whatever its state; NULL: there is none. Two libraries may have one key: "a&b" and "c", "a" and
 * "b&c". */
runtime_t *runtime_find(const char *key, const char *lib);
/* A number for Lua, never used twice; and back. */
double runtime_id(const runtime_t *runtime);
runtime_t *runtime_by_id(double id);

/* A new runtime in FAILED state, that has never been tried. NULL: no memory. */
runtime_t *runtime_new(const runtime_spec_t *spec);
/* A FAILED one. LOADING when it returns, or FAILED at once. */
void runtime_load(runtime_t *runtime, const runtime_spec_t *spec);
/* FAILED less than a second ago. */
bool runtime_failed_lately(const runtime_t *runtime);
void runtime_unload(runtime_t *runtime);

void runtime_retain(runtime_t *runtime);
void runtime_release(runtime_t *runtime);

/* queue.c: one of its queues has come to its end. */
void runtime_queue_closed(runtime_t *runtime, queue_t *queue);

/* load.c: the load has finished, well (rc 0) or not. Takes `error` (malloc) over. */
void runtime_loaded(runtime_t *runtime, queue_t *queue, int rc, char *error);

/* nginx ends. Unloads all. */
void runtimes_unload(void);
/* Whether a queue is still open that no load thread holds: its guest cleans up. */
bool runtimes_are_cleaning_up(void);

#endif
