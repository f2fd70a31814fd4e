/*
 * Everything at once: coroutines that call, time out and are killed, over runtimes that come and
 * go, some in a poll group and some with pollers of their own, replies from many threads, in any
 * order, some twice. Each call ends exactly once, with its own reply, and nothing is left behind.
 */
#include "host_fake_lua.h"
#include "host_guest.h"
#include "loader_test.h"
#include "queue.h"
#include "runtime.h"
#include "task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALLS 100000
#define COROUTINES 150
#define RUNTIMES 4 /* the even ones in a group */
#define RESPONDERS 3
#define HELD_MAX 512
#define MAX_QUEUE 40

static unsigned seed;
static void *group;

static unsigned random_below(unsigned *state, unsigned n)
{
    return (unsigned) rand_r(state) % n;
}

/* ---- the guests' side ----------------------------------------------------------------------- */

typedef struct {
    void *task;
    void *tq;
} polled_t;

/* Tasks that were polled and wait for a responder. */
static struct {
    pthread_mutex_t lock;
    polled_t tasks[HELD_MAX];
    int count;
} held = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Of the queue in each slot: tasks that have to be answered before it is done. */
static struct {
    pthread_mutex_t lock;
    int tasks[64];
    bool unloaded[64];
} open_tasks = {.lock = PTHREAD_MUTEX_INITIALIZER};

static _Atomic int refused_as_they_must;

/* Counts up or down; says that the queue is done when it is. */
static void count(void *tq, int change, bool unloaded)
{
    uint32_t slot = handle_index((uintptr_t) tq);
    bool done;

    CHECK(slot < 64);
    pthread_mutex_lock(&open_tasks.lock);
    open_tasks.tasks[slot] += change;
    open_tasks.unloaded[slot] |= unloaded;
    done = open_tasks.unloaded[slot] && open_tasks.tasks[slot] == 0;
    if (done) {
        open_tasks.unloaded[slot] = false;
    }
    pthread_mutex_unlock(&open_tasks.lock);
    if (done) {
        resty_ffi_queue_done(tq);
    }
}

static void answer(polled_t polled, unsigned *state)
{
    int len;
    char *req = ngx_http_lua_ffi_get_req(polled.task, &len);
    char *copy;

    CHECK(req != NULL);
    if (random_below(state, 8) == 0) { /* as it is */
        CHECK_INT(resty_ffi_respond(polled.task, 0, req, (size_t) len), 0);
    } else {
        copy = malloc((size_t) len);
        memcpy(copy, req, (size_t) len);
        CHECK_INT(resty_ffi_respond(polled.task, 0, copy, (size_t) len), 0);
    }
    if (random_below(state, 16) == 0) {
        CHECK_INT(resty_ffi_respond(polled.task, 0, strdup("twice"), 5), -1);
        refused_as_they_must++;
    }
    count(polled.tq, -1, false);
}

/* Answers later, in any order, or at once where too many are held. */
static void hold(polled_t polled, unsigned *state)
{
    bool now = true;

    pthread_mutex_lock(&held.lock);
    if (held.count < HELD_MAX) {
        held.tasks[held.count++] = polled;
        now = false;
    }
    pthread_mutex_unlock(&held.lock);
    if (now) {
        answer(polled, state);
    }
}

static void *respond_at_random(void *arg)
{
    unsigned state = seed + (unsigned) (uintptr_t) arg;

    for (;;) {
        polled_t polled = {0};

        pthread_mutex_lock(&held.lock);
        if (held.count > 0) {
            int i = (int) random_below(&state, (unsigned) held.count);

            polled = held.tasks[i];
            held.tasks[i] = held.tasks[--held.count];
        }
        pthread_mutex_unlock(&held.lock);
        if (polled.task != NULL) {
            answer(polled, &state);
        }
        if (polled.task == NULL || random_below(&state, 4) == 0) {
            usleep(random_below(&state, 300));
        }
    }
    return NULL;
}

static void *poll_one_queue(void *tq)
{
    unsigned state = seed + (unsigned) (uintptr_t) tq;
    void *task;

    while ((task = ngx_http_lua_ffi_task_poll(tq)) != NULL) {
        polled_t polled = {.task = task, .tq = tq};

        count(tq, 1, false);
        if (random_below(&state, 2) == 0) {
            answer(polled, &state);
        } else {
            hold(polled, &state);
        }
    }
    return NULL;
}

static void *poll_group(void *arg)
{
    unsigned state = seed + 77;

    (void) arg;
    for (;;) {
        resty_ffi_event_t events[16];
        int n = resty_ffi_group_poll(group, events, 16, (int64_t) random_below(&state, 2000));

        for (int i = 0; i < n; i++) {
            void *tq = (void *) (uintptr_t) events[i].tag;
            polled_t polled = {.task = (void *) (uintptr_t) events[i].task, .tq = tq};

            switch ((enum resty_ffi_event_kind) events[i].kind) {
            case RESTY_FFI_EVENT_TASK:
                if (random_below(&state, 100) > 0) { /* else nobody ever answers it */
                    count(tq, 1, false);
                    hold(polled, &state);
                }
                break;
            case RESTY_FFI_EVENT_UNLOAD:
                count(tq, 0, true);
                break;
            case RESTY_FFI_EVENT_CANCEL:
                break;
            }
        }
    }
    return NULL;
}

static void start_thread(void *(*run)(void *), void *arg)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, run, arg) == 0);
    pthread_detach(thread);
}

/* The load thread. */
static int init(char *cfg, void *tq)
{
    if (cfg[1] == 'g') {
        return resty_ffi_group_add(group, tq, (int64_t) (uintptr_t) tq);
    }
    for (int i = 0; i < 3; i++) {
        start_thread(poll_one_queue, tq);
    }
    return 0;
}

/* ---- nginx's side --------------------------------------------------------------------------- */

typedef struct {
    lua_op_t op;
    bool used;
    char req[64];
} caller_t_;

static struct {
    caller_t_ callers[COROUTINES];
    int started, replied, timed_out, killed, refused, left;
} calls;

static lua_op_t loads[RUNTIMES];

static void start_load(int i)
{
    const lua_load_t how = {.max_queue = MAX_QUEUE};
    char cfg[16];

    snprintf(cfg, sizeof(cfg), "%d%s", i, i % 2 == 0 ? "g" : "p");
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
        calls.timed_out++;
    } else if (strcmp(op->text, "the runtime ended without an answer") == 0) {
        calls.left++;
    } else {
        CHECK(strcmp(op->text, "post failed, queue full") == 0 ||
              strcmp(op->text, "task queue is finished") == 0);
        calls.refused++;
    }
    lua_clear(&caller->op);
}

static void step(caller_t_ *caller)
{
    int i = (int) random_below(&seed, RUNTIMES);

    if (caller->used && caller->op.done) {
        finish(caller);
    } else if (caller->used) {
        if (random_below(&seed, 400) == 0) {
            nginx_kill(&caller->op.coroutine);
            caller->used = false;
            calls.killed++;
        }
    } else if (calls.started < CALLS && loads[i].done) {
        double timeout_ms = random_below(&seed, 3) == 0 ? 1 + random_below(&seed, 5) : 0;

        caller->used = true;
        snprintf(caller->req, sizeof(caller->req), "call %d of %d", ++calls.started, i);
        lua_start_call(&caller->op, loads[i].runtime, "m", caller->req, strlen(caller->req),
                       timeout_ms);
    }
}

static void unload_one(void)
{
    int i = (int) random_below(&seed, RUNTIMES);

    if (loads[i].done) {
        resty_ffi_lua_unload(loads[i].runtime);
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
        CHECK_INT(loads[i].status, RESTY_FFI_LUA_OK);
    }
    return true;
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
    return calls.started == CALLS;
}

static void everythingAtOnce(void)
{
    seed = (unsigned) getpid();
    printf("seed %u\n", seed);
    guest_init = init;
    lua_open();
    group = resty_ffi_group_create();
    start_thread(poll_group, NULL);
    for (int i = 0; i < RESPONDERS; i++) {
        start_thread(respond_at_random, (void *) (uintptr_t) i);
    }
    for (int i = 0; i < RUNTIMES; i++) {
        start_load(i);
    }
    nginx_run_until(all_loaded, NULL);

    for (int turn = 0; calls.started < CALLS; turn++) {
        for (int i = 0; i < COROUTINES; i++) {
            step(&calls.callers[i]);
        }
        if (turn % 50 == 0) {
            unload_one();
        }
        nginx_turn(turn % 2);
    }
    nginx_run_until(all_loaded, NULL);
    for (int i = 0; i < RUNTIMES; i++) { /* so that what nobody answers has its end, too */
        resty_ffi_lua_unload(loads[i].runtime);
        start_load(i);
    }
    nginx_run_until(all_loaded, NULL);
    nginx_run_until(all_finished, NULL);
    lua_settle();

    printf(
        "%d started: %d replied, %d timed out, %d killed, %d refused, %d left by their runtime\n",
        calls.started, calls.replied, calls.timed_out, calls.killed, calls.refused, calls.left);
    CHECK_INT(calls.replied + calls.timed_out + calls.killed + calls.refused + calls.left, CALLS);
    CHECK(calls.replied > 0 && calls.timed_out > 0 && calls.killed > 0 && calls.refused > 0);
    CHECK(calls.left > 0);
    CHECK(refused_as_they_must > 0);
    CHECK(nginx_semas() <= COROUTINES + RUNTIMES + calls.killed); /* the dead are found later */
    for (int i = 0; i < RUNTIMES; i++) {
        CHECK_INT(runtime_by_id(loads[i].runtime)->queue->outstanding, 0);
    }
    nginx_end(lua_close);
    CHECK_INT(nginx_semas(), 0);
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(everythingAtOnce),
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
