#include "host_fake_nginx.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "loader_test.h"

#define RUN_MAX_NS (60LL * 1000 * 1000 * 1000)

typedef void (*handler_t)(void *ev);

typedef struct fake_sema {
    int count;
    int waiting;
    bool event_queued;
    bool alive;
    struct fake_sema *next_posted;
} fake_sema_t;

/* What the host looks up by name. */
extern int ngx_http_lua_ffi_sema_new(fake_sema_t **sema, int n, char **err);
extern int ngx_http_lua_ffi_sema_post(fake_sema_t *sema, int n);
extern int ngx_http_lua_ffi_sema_wait(coroutine_t *r, fake_sema_t *sema, int ms, unsigned char *err,
                                      size_t *err_len);
extern int ngx_http_lua_ffi_sema_count(fake_sema_t *sema);
extern void ngx_http_lua_ffi_sema_gc(fake_sema_t *sema);
extern int ngx_http_lua_ffi_raw_log(void *r, int level, const unsigned char *text, size_t len);
extern uintptr_t ngx_exiting;
extern sig_atomic_t ngx_terminate, ngx_quit;
extern void *ngx_cycle;
extern void ngx_time_update(void);

static intptr_t notify(handler_t handler);
static intptr_t process_events(void *cycle, uintptr_t timer, uintptr_t flags);

uintptr_t ngx_process = FAKE_WORKER;
uintptr_t ngx_exiting;
sig_atomic_t ngx_terminate, ngx_quit;
static char cycles[16];
void *ngx_cycle = &cycles[0];
void *ngx_event_actions[10] = {[6] = (void *) notify, [7] = (void *) process_events};

static int64_t cached_ns; /* as ngx_current_msec: what timers count from, and are compared with */
static bool ended;
static _Atomic bool host_was_told; /* else its threads may call notify, which is never unmapped */
static int semas;
static fake_sema_t *posted;
static coroutine_t *waiting;
static _Atomic int notifies_to_lose;

static char *log_text;
static size_t log_len, log_size;

/* nginx's static notify_event: its handler, and its eventfd. */
static struct {
    _Atomic(handler_t) data;
    int fd;
} notify_event = {.fd = -1};

static void (*before_posted)(void);
static bool notify_is_posted;

static _Atomic int pool_completed;
static int pool_handled;

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

__attribute__((constructor)) void ngx_time_update(void)
{
    CHECK(!ended);
    cached_ns = now();
}

/* ---- notify and the event loop -------------------------------------------------------------- */

/* In the process of the case: an eventfd would be shared with the cases before. */
static void open_eventfd(void)
{
    notify_event.fd = eventfd(0, 0);
}

static int event_fd(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, open_eventfd);
    return notify_event.fd;
}

static intptr_t notify(handler_t handler)
{
    uint64_t one = 1;

    CHECK(!host_was_told);
    atomic_store(&notify_event.data, handler);
    if (atomic_load(&notifies_to_lose) > 0 && atomic_fetch_sub(&notifies_to_lose, 1) > 0) {
        return 0;
    }
    CHECK(write(event_fd(), &one, sizeof(one)) == sizeof(one));
    return 0;
}

static void run_notify_event(void)
{
    handler_t handler = atomic_load(&notify_event.data);

    handler(&notify_event);
}

static intptr_t process_events(void *cycle, uintptr_t timer, uintptr_t flags)
{
    struct pollfd events = {.fd = event_fd(), .events = POLLIN};
    uint64_t count;
    int n;

    (void) cycle;
    (void) flags;
    n = poll(&events, 1, (int) timer);
    ngx_time_update();
    if (n == 1) {
        CHECK(read(events.fd, &count, sizeof(count)) == sizeof(count));
        if (before_posted == NULL) {
            run_notify_event();
        } else {
            notify_is_posted = true;
        }
    }
    return 0;
}

static void run_posted_notify(void)
{
    if (before_posted != NULL) {
        before_posted();
    }
    if (notify_is_posted) {
        notify_is_posted = false;
        run_notify_event();
    }
}

void nginx_post_events(void (*before)(void))
{
    before_posted = before;
}

void nginx_lose_notifies(int n)
{
    atomic_store(&notifies_to_lose, n);
}

static void stop_waiting(coroutine_t *coroutine)
{
    for (coroutine_t **at = &waiting; *at != NULL; at = &(*at)->next) {
        if (*at == coroutine) {
            *at = coroutine->next;
            coroutine->waits_on->waiting--;
            coroutine->waits_on = NULL;
            return;
        }
    }
}

static coroutine_t *first_expired(void)
{
    for (coroutine_t *c = waiting; c != NULL; c = c->next) {
        if (c->deadline_ns <= cached_ns) {
            return c;
        }
    }
    return NULL;
}

static coroutine_t *first_waiting_on(const fake_sema_t *sema)
{
    coroutine_t *found = NULL;

    for (coroutine_t *c = waiting; c != NULL; c = c->next) {
        if (c->waits_on == sema) {
            found = c; /* the list is newest first */
        }
    }
    return found;
}

static void run_posted(void)
{
    while (posted != NULL) {
        fake_sema_t *sema = posted;
        coroutine_t *c;

        CHECK(sema->alive);
        posted = sema->next_posted;
        sema->event_queued = false;
        while (sema->count > 0 && (c = first_waiting_on(sema)) != NULL) {
            sema->count--;
            stop_waiting(c);
            c->resume(c, true);
        }
    }
}

static int until_next_timer_ms(int max_ms)
{
    for (coroutine_t *c = waiting; c != NULL; c = c->next) {
        int64_t left_ms = (c->deadline_ns - cached_ns + 999999) / 1000000;

        max_ms = left_ms < max_ms ? (int) (left_ms < 0 ? 0 : left_ms) : max_ms;
    }
    return max_ms;
}

void nginx_turn(int max_ms)
{
    intptr_t (*process)(void *, uintptr_t, uintptr_t) =
        (intptr_t(*)(void *, uintptr_t, uintptr_t)) ngx_event_actions[7];
    coroutine_t *c;

    process(ngx_cycle, (uintptr_t) until_next_timer_ms(max_ms), 1);
    while ((c = first_expired()) != NULL) { /* before posted events, as nginx does */
        stop_waiting(c);
        c->resume(c, false);
    }
    run_posted_notify();
    run_posted();
}

void nginx_run_until(bool (*done)(void *arg), void *arg)
{
    int64_t start = now();

    while (!done(arg)) {
        CHECK(now() - start < RUN_MAX_NS);
        nginx_turn(10);
    }
}

void nginx_run_ms(int ms)
{
    int64_t until = now() + ms * 1000000LL;

    while (now() < until) {
        nginx_turn(10);
    }
}

void nginx_kill(coroutine_t *coroutine)
{
    if (coroutine->waits_on != NULL) {
        stop_waiting(coroutine);
    }
}

void nginx_expire(coroutine_t *coroutine)
{
    CHECK(coroutine->waits_on != NULL);
    coroutine->deadline_ns = 0;
}

/* ---- semaphores ----------------------------------------------------------------------------- */

int ngx_http_lua_ffi_sema_new(fake_sema_t **sema, int n, char **err)
{
    (void) err;
    CHECK(!ended);
    *sema = calloc(1, sizeof(**sema));
    (*sema)->count = n;
    (*sema)->alive = true;
    semas++;
    return 0;
}

int ngx_http_lua_ffi_sema_post(fake_sema_t *sema, int n)
{
    CHECK(!ended && sema->alive);
    CHECK(sema->waiting == 1); /* the host posts for one caller, who waits */
    CHECK(sema->count == 0);
    sema->count += n;
    if (!sema->event_queued) {
        sema->event_queued = true;
        sema->next_posted = posted;
        posted = sema;
    }
    return 0;
}

int ngx_http_lua_ffi_sema_wait(coroutine_t *r, fake_sema_t *sema, int ms, unsigned char *err,
                               size_t *err_len)
{
    CHECK(!ended && sema->alive);
    if (!r->in_waiting_phase) {
        *err_len = (size_t) snprintf((char *) err, *err_len, "API disabled in this phase");
        return -1;
    }
    if (sema->waiting == 0 && sema->count > 0) {
        sema->count--;
        return 0;
    }
    if (ms == 0) {
        return -5;
    }
    CHECK(r->waits_on == NULL);
    r->waits_on = sema;
    r->deadline_ns = cached_ns + ms * 1000000LL;
    r->next = waiting;
    waiting = r;
    sema->waiting++;
    return -2;
}

int ngx_http_lua_ffi_sema_count(fake_sema_t *sema)
{
    CHECK(!ended && sema->alive);
    return sema->count - sema->waiting;
}

void ngx_http_lua_ffi_sema_gc(fake_sema_t *sema)
{
    CHECK(!ended && sema->alive);
    /* nginx runs no event, and resumes nobody, once it exits. */
    CHECK(ngx_exiting || (!sema->event_queued && sema->waiting == 0));
    sema->alive = false;
    semas--;
    free(sema);
}

int nginx_semas(void)
{
    return semas;
}

/* ---- log ------------------------------------------------------------------------------------ */

int ngx_http_lua_ffi_raw_log(void *r, int level, const unsigned char *text, size_t len)
{
    char head[16];
    int n = snprintf(head, sizeof(head), "%d ", level);

    (void) r;
    CHECK(!ended);
    if (log_len + (size_t) n + len + 2 > log_size) {
        log_size = 2 * (log_size + (size_t) n + len + 2);
        log_text = realloc(log_text, log_size);
    }
    memcpy(log_text + log_len, head, (size_t) n);
    memcpy(log_text + log_len + n, text, len);
    log_len += (size_t) n + len;
    log_text[log_len++] = '\n';
    log_text[log_len] = '\0';
    return 0;
}

const char *nginx_log(void)
{
    return log_text == NULL ? "" : log_text;
}

void nginx_forget_log(void)
{
    log_len = 0;
    if (log_text != NULL) {
        log_text[0] = '\0';
    }
}

/* ---- thread pools --------------------------------------------------------------------------- */

static void pool_handler(void *ev)
{
    CHECK(ev == &notify_event);
    pool_handled += atomic_exchange(&pool_completed, 0);
}

void nginx_pool_complete(void)
{
    intptr_t (*current)(handler_t) =
        (intptr_t(*)(handler_t)) __atomic_load_n(&ngx_event_actions[6], __ATOMIC_SEQ_CST);

    atomic_fetch_add(&pool_completed, 1);
    current(pool_handler);
}

void nginx_pool_complete_by_old_notify(void)
{
    atomic_fetch_add(&pool_completed, 1);
    notify(pool_handler);
}

int nginx_pool_handled(void)
{
    return pool_handled;
}

/* ---- life ----------------------------------------------------------------------------------- */

void nginx_new_cycle(void)
{
    ngx_cycle = (char *) ngx_cycle + 1;
}

void nginx_begin_exit(void)
{
    ngx_exiting = 1;
}

void nginx_end(void (*close_vm)(void))
{
    ngx_exiting = 1;
    nginx_new_cycle();
    if (close_vm != NULL) {
        close_vm();
        host_was_told = true;
    }
    ended = true;
}
