/*
 * Everything at once and at random: coroutines that call, time out and are killed, in Lua VMs that
 * come and go, over runtimes that come and go and that sometimes fail to load, some in a poll group
 * and some with pollers of their own; replies from many threads in any order, some twice, some long
 * after their runtime has ended; floods of log lines, completions of thread pools, wake-ups for
 * nothing, and wake-ups that get lost. Each call ends exactly once, with its own reply, and nothing
 * is left behind.
 *
 * STRESS_SEED=n makes all threads choose as they did with that seed (when they do it is up to the
 * machine), STRESS_CALLS=n says how many calls.
 */
#include "host_fake_lua.h"
#include "host_guest.h"
#include "loader_test.h"
#include "queue.h"
#include "runtime.h"
#include "task.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COROUTINES 150
#define RESPONDERS 3
#define POLLERS 2 /* of the group */
#define HELD_MAX 512
#define QUEUES_MAX 256
#define MAX_QUEUE 40

/* By what they do; each has a runtime at a time. */
enum { GROUPED, GROUPED_TOO, POLLED, POLLED_TOO, FLAKY, RUNTIMES };

static unsigned seed;
static int calls_wanted = 100000;
static void *group;
static _Atomic bool stop_logging, stop_completing;

static unsigned random_below(unsigned *state, unsigned n)
{
    return (unsigned) rand_r(state) % n;
}

/* The choices of one thread; each has another number. */
static unsigned random_of(unsigned thread)
{
    return seed * 1000003u + thread * 7919u;
}

static void start_thread(void *(*run)(void *), uintptr_t number)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, run, (void *) number) == 0);
    pthread_detach(thread);
}

/* ---- the guests' side: queues --------------------------------------------------------------- */

/* Tasks that have to be answered before their queue is done. */
typedef struct {
    void *tq;
    int tasks;
    bool unloaded;
} open_queue_t;

static struct {
    pthread_mutex_t lock;
    open_queue_t queues[QUEUES_MAX];
} open_queues = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Under the lock. Its entry, or a new one. */
static open_queue_t *open_queue(void *tq)
{
    open_queue_t *unused = NULL;

    for (int i = 0; i < QUEUES_MAX; i++) {
        open_queue_t *queue = &open_queues.queues[i];

        if (queue->tq == tq) {
            return queue;
        }
        if (queue->tq == NULL) {
            unused = queue;
        }
    }
    CHECK(unused != NULL);
    unused->tq = tq;
    return unused;
}

/* Counts up or down; says that the queue is done when it is. */
static void count(void *tq, int change, bool unloaded)
{
    open_queue_t *queue;
    bool done;

    pthread_mutex_lock(&open_queues.lock);
    queue = open_queue(tq);
    queue->tasks += change;
    queue->unloaded |= unloaded;
    done = queue->unloaded && queue->tasks == 0;
    if (queue->tasks == 0) {
        *queue = (open_queue_t){0};
    }
    pthread_mutex_unlock(&open_queues.lock);
    if (done) {
        resty_ffi_queue_done(tq);
    }
}

/* ---- the guests' side: tasks ---------------------------------------------------------------- */

typedef struct {
    void *task;
    void *tq;
    char req[64];
    bool counts;        /* its queue is not done before it is answered */
    bool may_be_left;   /* the host may have answered in the runtime's place */
    int64_t not_before; /* ns */
} polled_t;

static struct {
    pthread_mutex_t lock;
    polled_t tasks[HELD_MAX];
    int count;
} held = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Atomic int twice, too_late, seen_cancelled, cancel_events;

static polled_t polled(void *task, void *tq, bool flaky, unsigned *state)
{
    polled_t to = {.task = task, .tq = tq, .counts = true, .may_be_left = flaky};
    int len;
    const char *req = ngx_http_lua_ffi_get_req(task, &len);

    CHECK(req != NULL && len < (int) sizeof(to.req));
    CHECK_HAS(req, "call ");
    strcpy(to.req, req);
    if (random_below(state, 300) == 0) { /* in its own time */
        to.counts = false;
        to.may_be_left = true;
        to.not_before = now_ns() + random_below(state, 200) * NS_PER_MS;
    }
    return to;
}

static void answer(const polled_t *task, unsigned *state)
{
    int len, rc, reason = resty_ffi_task_cancelled(task->task);
    char *req = ngx_http_lua_ffi_get_req(task->task, &len);

    CHECK(reason >= 0 && reason <= RESTY_FFI_CANCEL_ENDED);
    seen_cancelled += reason > 0;
    CHECK(req != NULL && len == (int) strlen(task->req));
    CHECK_TEXT(req, task->req); /* nobody has freed it */
    if (random_below(state, 8) > 0) {
        req = memcpy(malloc((size_t) len), req, (size_t) len);
    } /* else it goes back as it is */
    rc = resty_ffi_respond(task->task, 0, req, (size_t) len);
    CHECK(rc == 0 || (rc == -1 && task->may_be_left));
    too_late += rc != 0;
    if (random_below(state, 16) == 0) {
        CHECK_INT(resty_ffi_respond(task->task, 0, strdup("twice"), 5), -1);
        twice++;
    }
    if (task->counts) {
        count(task->tq, -1, false);
    }
}

/* Leaves it to the responders, who take any, unless they have too many. */
static void hold(const polled_t *task, unsigned *state)
{
    bool now = true;

    pthread_mutex_lock(&held.lock);
    if (held.count < HELD_MAX) {
        held.tasks[held.count++] = *task;
        now = false;
    }
    pthread_mutex_unlock(&held.lock);
    if (now) {
        answer(task, state);
    }
}

static bool take_held(polled_t *task, unsigned *state)
{
    bool found = false;

    pthread_mutex_lock(&held.lock);
    if (held.count > 0) {
        int i = (int) random_below(state, (unsigned) held.count);

        found = held.tasks[i].not_before <= now_ns();
        if (found) {
            *task = held.tasks[i];
            held.tasks[i] = held.tasks[--held.count];
        }
    }
    pthread_mutex_unlock(&held.lock);
    return found;
}

/* ---- the guests' side: threads -------------------------------------------------------------- */

static void *respond_at_random(void *number)
{
    unsigned state = random_of((unsigned) (uintptr_t) number);
    polled_t task;

    for (;;) {
        bool found = take_held(&task, &state);

        if (found) {
            answer(&task, &state);
        }
        if (!found || random_below(&state, 4) == 0) {
            usleep(random_below(&state, 300));
        }
    }
    return NULL;
}

static void *poll_one_queue(void *tq)
{
    unsigned state = random_of(handle_index((uintptr_t) tq));
    void *handle;

    while ((handle = ngx_http_lua_ffi_task_poll(tq)) != NULL) {
        polled_t task = polled(handle, tq, false, &state);

        if (task.counts) {
            count(tq, 1, false);
        }
        if (task.counts && random_below(&state, 2) == 0) {
            answer(&task, &state);
        } else {
            hold(&task, &state);
        }
    }
    return NULL;
}

/* Who polls also counts, before the next one polls: so that an UNLOAD comes after its tasks. */
static pthread_mutex_t poll_role = PTHREAD_MUTEX_INITIALIZER;

/* The tag is the queue's handle, with bits that no handle has. */
#define FLAKY_TAG (1LL << 59) /* its load may fail */
#define FAILS_TAG (1LL << 58) /* and does */

static _Atomic int to_unload, unloaded; /* queues in the group, whose load succeeds */

/* Only of a task that has been polled. */
static void check_cancel(uint64_t handle)
{
    task_t *task = task_of(handle);

    CHECK(task != NULL && !task_move(task, handle, TASK_QUEUED, TASK_QUEUED));
    cancel_events++;
}

static void *poll_group(void *number)
{
    unsigned state = random_of((unsigned) (uintptr_t) number);

    for (;;) {
        resty_ffi_event_t events[16];
        polled_t tasks[16];
        int n, count_of_tasks = 0;

        pthread_mutex_lock(&poll_role);
        n = resty_ffi_group_poll(group, events, 1 + (int) random_below(&state, 16),
                                 (int64_t) random_below(&state, 2000));
        for (int i = 0; i < n; i++) {
            bool flaky = (events[i].tag & FLAKY_TAG) != 0;
            void *tq = (void *) (uintptr_t) (events[i].tag & ~(FLAKY_TAG | FAILS_TAG));
            void *handle = (void *) (uintptr_t) events[i].task;

            switch ((enum resty_ffi_event_kind) events[i].kind) {
            case RESTY_FFI_EVENT_TASK:
                tasks[count_of_tasks] = polled(handle, tq, flaky, &state);
                if (tasks[count_of_tasks++].counts) {
                    count(tq, 1, false);
                }
                break;
            case RESTY_FFI_EVENT_UNLOAD:
                unloaded += (events[i].tag & FAILS_TAG) == 0;
                count(tq, 0, true);
                break;
            case RESTY_FFI_EVENT_CANCEL:
                check_cancel(events[i].task);
                break;
            }
        }
        if (random_below(&state, 8) == 0) {
            usleep(random_below(&state, 5000)); /* others' events wait, and change their minds */
        }
        pthread_mutex_unlock(&poll_role);
        for (int i = 0; i < count_of_tasks; i++) {
            hold(&tasks[i], &state);
        }
    }
    return NULL;
}

static void *wake_for_nothing(void *number)
{
    unsigned state = random_of((unsigned) (uintptr_t) number);

    for (;;) {
        resty_ffi_group_wake(group);
        usleep(random_below(&state, 3000));
    }
    return NULL;
}

static _Atomic int flooded, completed;
static _Atomic bool completes, logs; /* the thread has not stopped yet */

static void *flood_the_log(void *number)
{
    unsigned state = random_of((unsigned) (uintptr_t) number);

    while (!stop_logging) {
        for (unsigned n = random_below(&state, 100); n > 0; n--) {
            flooded += resty_ffi_log(7, "flood", 5) == 0;
        }
        usleep(random_below(&state, 5000));
    }
    logs = false;
    return NULL;
}

/* As a thread pool of nginx's. */
static void *complete_tasks(void *number)
{
    unsigned state = random_of((unsigned) (uintptr_t) number);

    while (!stop_completing) {
        nginx_pool_complete();
        completed++;
        usleep(random_below(&state, 3000));
    }
    completes = false;
    return NULL;
}

/* The load thread. */
static int init(char *cfg, void *tq)
{
    unsigned state = random_of((unsigned) handle_gen((uintptr_t) tq));
    int64_t tag = (int64_t) (uintptr_t) tq;
    bool fails;

    switch (cfg[0] - '0') {
    case GROUPED:
    case GROUPED_TOO:
        to_unload++;
        return resty_ffi_group_add(group, tq, tag);
    case FLAKY:
        fails = random_below(&state, 2) == 0;
        to_unload += !fails;
        CHECK_INT(resty_ffi_group_add(group, tq, tag | FLAKY_TAG | (fails ? FAILS_TAG : 0)), 0);
        usleep(random_below(&state, 5000));
        return fails ? 7 : 0;
    default:
        for (int i = 0; i < 3; i++) {
            start_thread(poll_one_queue, (uintptr_t) tq);
        }
        return 0;
    }
}

/* ---- nginx's side --------------------------------------------------------------------------- */

typedef struct {
    lua_op_t op;
    bool used;
    bool endless;
    char req[64];
} caller_t_;

static struct {
    caller_t_ callers[COROUTINES];
    int started, replied, timed_out, killed, refused, left, failed;
} calls;

static lua_op_t loads[RUNTIMES];
static int quiet = -1; /* nobody calls this one, so that it may be unloaded with nothing to do */

static void start_load(int i)
{
    const lua_load_t how = {.max_queue = MAX_QUEUE, .cannot_wait = i == FLAKY};
    char cfg[16];

    snprintf(cfg, sizeof(cfg), "%d", i);
    lua_clear(&loads[i]);
    lua_start_load(&loads[i], cfg, &how);
}

static void finish(caller_t_ *caller)
{
    const lua_op_t *op = &caller->op;

    caller->used = false;
    if (op->status == RESTY_FFI_LUA_OK) {
        CHECK_TEXT(op->text, caller->req);
        calls.replied++;
    } else if (op->status == RESTY_FFI_LUA_TIMED_OUT) {
        CHECK(!caller->endless);
        calls.timed_out++;
    } else if (strcmp(op->text, "the runtime ended without an answer") == 0) {
        calls.left++;
    } else if (strncmp(op->text, "load failed: ", 13) == 0) {
        calls.failed++;
    } else {
        CHECK(strcmp(op->text, "post failed, queue full") == 0 ||
              strcmp(op->text, "task queue is finished") == 0);
        calls.refused++;
    }
    lua_clear(&caller->op);
}

static void kill_caller(caller_t_ *caller)
{
    nginx_kill(&caller->op.coroutine);
    caller->used = false;
    calls.killed++;
}

static void start_call(caller_t_ *caller, int i)
{
    double timeout_ms = random_below(&seed, 3) == 0 ? 1 + random_below(&seed, 5) : 0;

    caller->used = true;
    caller->endless = timeout_ms == 0;
    snprintf(caller->req, sizeof(caller->req), "call %d of %d", ++calls.started, i);
    lua_start_call(&caller->op, loads[i].runtime, "m", caller->req, strlen(caller->req),
                   timeout_ms);
}

static void step(caller_t_ *caller)
{
    int i = (int) random_below(&seed, RUNTIMES);

    if (caller->used && caller->op.done) {
        finish(caller);
    } else if (caller->used) {
        if (random_below(&seed, 400) == 0) {
            kill_caller(caller);
        } else if (caller->endless && random_below(&seed, 400) == 0) {
            nginx_expire(&caller->op.coroutine);
        }
    } else if (calls.started < calls_wanted && i != quiet && loads[i].done &&
               loads[i].runtime != 0) {
        start_call(caller, i);
    }
}

static void unload_one(void)
{
    int i = random_below(&seed, 2) == 0 ? quiet : (int) random_below(&seed, RUNTIMES);

    quiet = (int) random_below(&seed, RUNTIMES);
    if (i >= 0 && loads[i].done) {
        if (loads[i].runtime != 0) {
            resty_ffi_lua_unload(loads[i].runtime);
        }
        start_load(i);
    }
}

static bool all_loaded(void *arg)
{
    (void) arg;
    for (int i = 0; i < RUNTIMES; i++) {
        if (!loads[i].done) {
            return false;
        }
        CHECK(loads[i].status == RESTY_FFI_LUA_OK || i == FLAKY);
    }
    return true;
}

/* lua_code_cache off: its coroutines never run again, whether they are dead before it or not. */
static void renew_vm(void)
{
    double old = lua_vm();
    bool close_first = random_below(&seed, 2) == 0, kill_first = random_below(&seed, 2) == 0;

    if (!all_loaded(NULL)) {
        return;
    }
    for (int pass = 0; pass < 2; pass++) {
        if (pass == (kill_first ? 0 : 1)) {
            for (int i = 0; i < COROUTINES; i++) {
                if (calls.callers[i].used && !calls.callers[i].op.done) {
                    kill_caller(&calls.callers[i]);
                }
            }
        }
        if (pass == 0) {
            if (close_first) {
                lua_close_vm(old);
            }
            lua_open();
            if (!close_first) {
                lua_close_vm(old);
            }
        }
    }
}

static bool all_finished(void *arg)
{
    (void) arg;
    for (int i = 0; i < COROUTINES; i++) {
        step(&calls.callers[i]);
        if (calls.callers[i].used) {
            return false;
        }
    }
    return calls.started == calls_wanted;
}

static bool all_is_completed(void *arg)
{
    (void) arg;
    return !completes && nginx_pool_handled() == completed;
}

static bool all_is_quiet(void *arg)
{
    return !logs && unloaded == to_unload && all_is_completed(arg);
}

static void begin(void)
{
    unsigned thread = 1;

    guest_init = init;
    lua_open();
    group = resty_ffi_group_create();
    for (int i = 0; i < POLLERS; i++) {
        start_thread(poll_group, thread++);
    }
    for (int i = 0; i < RESPONDERS; i++) {
        start_thread(respond_at_random, thread++);
    }
    start_thread(wake_for_nothing, thread++);
    for (int i = 0; i < RUNTIMES; i++) {
        start_load(i);
    }
    nginx_run_until(all_loaded, NULL);
    logs = completes = true;
    start_thread(flood_the_log, thread++);
    start_thread(complete_tasks, thread++);
}

/* Until so many calls have been started. */
static void run(int wanted)
{
    for (int turn = 1; calls.started < wanted; turn++) {
        for (int i = 0; i < COROUTINES; i++) {
            step(&calls.callers[i]);
        }
        if (turn % 50 == 0) {
            unload_one();
        }
        if (turn % 400 == 0) {
            renew_vm();
        }
        if (turn % 1000 == 0) {
            nginx_lose_notifies((int) random_below(&seed, 3));
        }
        nginx_turn(turn % 2);
    }
}

static int lines_of_floods(void)
{
    int lines = 0;

    for (const char *at = nginx_log(); (at = strstr(at, "7 flood\n")) != NULL; at++) {
        lines++;
    }
    return lines;
}

static void print_counts(void)
{
    printf("%d started: %d replied, %d timed out, %d killed, %d refused, %d left by their runtime, "
           "%d of failed loads; %d cancel events, %d seen cancelled, %d responds too late, %d "
           "twice; %d lines, %d completions\n",
           calls.started, calls.replied, calls.timed_out, calls.killed, calls.refused, calls.left,
           calls.failed, cancel_events, seen_cancelled, too_late, twice, flooded, completed);
}

static void everythingAtOnce(void)
{
    begin();
    run(calls_wanted);
    nginx_run_until(all_loaded, NULL);
    for (int i = 0; i < RUNTIMES; i++) { /* so that what nobody answers has its end, too */
        if (loads[i].runtime != 0) {
            resty_ffi_lua_unload(loads[i].runtime);
        }
    }
    quiet = -1;
    nginx_run_until(all_finished, NULL);
    stop_logging = stop_completing = true;
    nginx_run_until(all_is_quiet, NULL);
    lua_settle();

    print_counts();
    CHECK_INT(calls.replied + calls.timed_out + calls.killed + calls.refused + calls.left +
                  calls.failed,
              calls_wanted);
    CHECK(calls.replied > 0 && calls.timed_out > 0 && calls.killed > 0 && calls.refused > 0);
    CHECK(too_late > 0 && twice > 0 && seen_cancelled > 0 && cancel_events > 0);
    CHECK_INT(lines_of_floods(), flooded);
    CHECK(nginx_semas() <= COROUTINES + RUNTIMES + calls.killed); /* the dead are found later */
    nginx_end(lua_close);
    CHECK_INT(nginx_semas(), 0);
    CHECK_INT(unloaded, to_unload);
    CHECK(!runtimes_are_cleaning_up());
}

/* The fake nginx ends the test if anything of this reaches it once it has ended. */
static void endInTheMiddle(void)
{
    begin();
    run(calls_wanted / 10);
    stop_completing = true; /* nginx ends its thread pools before */
    nginx_run_until(all_is_completed, NULL);
    print_counts();
    nginx_end(lua_close);
    CHECK_INT(nginx_semas(), 0);
    usleep(300 * 1000);
}

static void number_from(const char *variable, unsigned *number)
{
    const char *text = getenv(variable);

    if (text != NULL && *text != '\0') {
        *number = (unsigned) strtoul(text, NULL, 10);
    }
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(everythingAtOnce),
        CASE(endInTheMiddle),
    };
    unsigned calls_from = (unsigned) calls_wanted;

    seed = (unsigned) getpid();
    number_from("STRESS_SEED", &seed);
    number_from("STRESS_CALLS", &calls_from);
    calls_wanted = (int) calls_from;
    printf("STRESS_SEED=%u STRESS_CALLS=%d\n", seed, calls_wanted);
    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
