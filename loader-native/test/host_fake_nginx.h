/*
 * nginx and lua-nginx-module, as far as the host knows them, in one thread: an event loop with
 * notify(), timers and posted events, semaphores, an error log. The test's main thread is nginx's
 * thread. What the host must never do ends the test: a post that nobody waits for, a semaphore
 * destroyed with its event queued, anything at all after nginx's end.
 */
#ifndef HOST_FAKE_NGINX_H
#define HOST_FAKE_NGINX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A request with one Lua coroutine; what the host gets as `r`. */
typedef struct coroutine {
    void (*resume)(struct coroutine *self, bool woken); /* on nginx's thread; false: time-out */
    bool in_waiting_phase;                              /* else sema_wait refuses */
    struct fake_sema *waits_on;
    int64_t deadline_ns;
    struct coroutine *next; /* of all that wait */
} coroutine_t;

/* The values of ngx_process. */
enum { FAKE_MASTER = 1, FAKE_WORKER = 3 };

/* One turn of the event loop: events, timers, posted events. Sleeps at most so long. */
void nginx_turn(int max_ms);
/* As many as it takes. Fails the test where that takes absurdly long. */
void nginx_run_until(bool (*done)(void *arg), void *arg);
/* Turns for so long. */
void nginx_run_ms(int ms);

/* The coroutine is killed: it never runs again, and waits for nothing. */
void nginx_kill(coroutine_t *coroutine);

/* Its timer goes off in the next turn, however long it had to go. */
void nginx_expire(coroutine_t *coroutine);

/* The error log so far: lines of "level text\n". */
const char *nginx_log(void);
void nginx_forget_log(void);

/* Semaphores that exist. */
int nginx_semas(void);

/* The next n calls of nginx's own notify do not reach the loop. */
void nginx_lose_notifies(int n);

/*
 * From here on notify's event is posted, as with accept_mutex: it runs at the end of the turn,
 * after `before`, which may take its time.
 */
void nginx_post_events(void (*before)(void));

/* A thread pool's task is done: as ngx_thread_pool_cycle does, through ngx_event_actions. */
void nginx_pool_complete(void);
/* The same from inside the notify that was there before the host replaced it. */
void nginx_pool_complete_by_old_notify(void);
/* Completions of thread pools that have reached the loop. */
int nginx_pool_handled(void);

/* A new configuration cycle in the same process (HUP with master_process off). */
void nginx_new_cycle(void);

/* The worker was told to end, and serves what it has begun. */
void nginx_begin_exit(void);
/*
 * The worker ends: `close_vm` closes the Lua VM with the last cycle, then everything is gone. NULL:
 * the VM tells nothing.
 */
void nginx_end(void (*close_vm)(void));

extern uintptr_t ngx_process;
extern void *ngx_event_actions[10];

#endif
