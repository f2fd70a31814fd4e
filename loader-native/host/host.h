/*
 * What all topics of the host share: words, time, handles, the check of threads.
 *
 * "nginx's thread" is the worker's main thread: the event loop, and all Lua code. Every function is
 * headed by the thread that runs it; "any thread" includes nginx's.
 *
 * Locks, in the order in which they are taken (nobody takes two of one line):
 *
 *   queue.own.lock     one queue's state, and its events while it is in no group
 *   group.inbox.lock   the events of all queues of a group
 *   groups, settings, libraries, watch, messages: innermost, and nothing is called under them but
 *                      libc
 */
#ifndef HOST_H
#define HOST_H

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resty_ffi.h"

#ifndef RESTY_POLYGLOT_VERSION
#define RESTY_POLYGLOT_VERSION "unknown"
#endif

#define NS_PER_MS 1000000LL
#define NS_PER_US 1000LL

#define CONTAINER_OF(ptr, type, member) ((type *) (void *) ((char *) (ptr) -offsetof(type, member)))

/* nginx's levels of its error log. */
enum { LOG_ALERT = 2, LOG_ERROR = 4, LOG_WARN = 5, LOG_NOTICE = 6, LOG_INFO = 7, LOG_DEBUG = 8 };

/* Any thread. CLOCK_MONOTONIC. */
int64_t now_ns(void);

/* Any thread: a cond that measures its time-outs in now_ns()'s time. */
void cond_init(pthread_cond_t *cond);
/* Any thread. `deadline_ns` in now_ns()'s time; negative: none. False: time is up. */
bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t deadline_ns);

/* Starts a detached thread that leaves nginx's signals to nginx. 0, or an errno. */
int thread_start(void *(*run)(void *), void *arg, size_t stack_bytes);

/* ---- handles: marker bit 62 | kind | generation << 24 | slot index --------------------------- */

/*
 * Never an address: non-canonical, so that a garbage collector does not take it for a pointer into
 * its heap, and positive as a signed 64-bit number. A slot's generation changes when it is freed.
 */
enum handle_kind { HANDLE_TASK = 0, HANDLE_QUEUE = 1, HANDLE_GROUP = 2 };

#define HANDLE_MARK (1ULL << 62)
#define HANDLE_KIND_SHIFT 60
#define HANDLE_GEN_SHIFT 24
#define HANDLE_INDEX_MASK 0xFFFFFFULL
#define HANDLE_GEN_MASK ((1ULL << (HANDLE_KIND_SHIFT - HANDLE_GEN_SHIFT)) - 1)

static inline uint64_t handle_make(enum handle_kind kind, uint64_t gen, uint32_t index)
{
    return HANDLE_MARK | ((uint64_t) kind << HANDLE_KIND_SHIFT) |
           ((gen & HANDLE_GEN_MASK) << HANDLE_GEN_SHIFT) | index;
}

static inline bool handle_is(uint64_t handle, enum handle_kind kind)
{
    return handle >> HANDLE_KIND_SHIFT == (HANDLE_MARK >> HANDLE_KIND_SHIFT | kind);
}

static inline uint32_t handle_index(uint64_t handle)
{
    return (uint32_t) (handle & HANDLE_INDEX_MASK);
}

static inline uint64_t handle_gen(uint64_t handle)
{
    return handle >> HANDLE_GEN_SHIFT & HANDLE_GEN_MASK;
}

/* ---- nginx's thread ------------------------------------------------------------------------- */

extern pthread_t host_nginx_thread;

#define ON_NGINX_THREAD() assert(pthread_equal(pthread_self(), host_nginx_thread))

/* Any thread. A line of the host's own in nginx's error log. */
void host_log(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
