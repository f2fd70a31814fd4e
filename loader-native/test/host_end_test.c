/* The worker's end: queues end, guests clean up, and nginx is never touched again. */
#include "host_fake_lua.h"
#include "host_guest.h"
#include "loader_test.h"
#include "messages.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *group;
static _Atomic bool has_seen_unload;
static _Atomic bool never_done;

/* The runtime's thread, beyond nginx's end. */
static void *serve_group(void *tq)
{
    for (;;) {
        resty_ffi_event_t event;

        CHECK_INT(resty_ffi_group_poll(group, &event, 1, -1), 1);
        if (event.kind == RESTY_FFI_EVENT_UNLOAD) {
            has_seen_unload = true;
            resty_ffi_log(6, "cleaning up", 11);
            usleep(50 * 1000);
            resty_ffi_log(6, "clean", 5);
            if (!never_done) {
                resty_ffi_queue_done(tq);
            }
            return NULL;
        }
    }
}

/* The load thread. */
static int init_group(char *cfg, void *tq)
{
    pthread_t thread;

    (void) cfg;
    group = resty_ffi_group_create();
    CHECK_INT(resty_ffi_group_add(group, tq, 1), 0);
    CHECK(pthread_create(&thread, NULL, serve_group, tq) == 0);
    pthread_detach(thread);
    return 0;
}

static void guests_getTheirMoment(void)
{
    guest_init = init_group;
    lua_open();
    (void) lua_load(NULL);
    nginx_end(lua_close);
    CHECK(has_seen_unload);
    CHECK_HAS(nginx_log(), "6 cleaning up\n6 clean\n");
    CHECK_INT(nginx_semas(), 0);
    CHECK(messages_closed());
}

static void guestThatNeverEnds_isNotWaitedFor(void)
{
    guest_init = init_group;
    never_done = true;
    lua_open();
    (void) lua_load(NULL);
    nginx_end(lua_close); /* and the case does not hang */
    CHECK_HAS(nginx_log(), "6 clean\n");
}

static void pollers_getTheirNull(void)
{
    lua_open();
    (void) lua_load("a");
    (void) lua_load("b");
    nginx_end(lua_close);
    while (guest_ended() < 2) {
        usleep(1000);
    }
}

static void callsInFlight_areForgotten(void)
{
    double runtime;
    lua_op_t running, queued, posted;
    void *task;

    guest_init = guest_keep;
    lua_open();
    runtime = lua_load(NULL);
    lua_start_call(&running, runtime, "m", "", 0, 0);
    task = guest_poll();
    lua_start_call(&posted, runtime, "m", "", 0, 0);
    guest_reply(guest_poll(), "never seen");
    lua_start_call(&queued, runtime, "m", "", 0, 0);
    nginx_end(lua_close);
    CHECK(!running.done && !posted.done && !queued.done);
    CHECK_INT(nginx_semas(), 0);

    /* The fake nginx ends the test if any of this reaches it. */
    CHECK_INT(resty_ffi_respond(task, 0, NULL, 0), 0);
    CHECK_INT(resty_ffi_respond(task, 0, strdup("twice"), 5), -1);
    CHECK_INT(resty_ffi_log(4, "late", 4), -1);
    CHECK(ngx_http_lua_ffi_task_poll(guest_tq) == NULL);
    resty_ffi_queue_done(guest_tq);
    usleep(300 * 1000); /* nor does the watch thread */
}

static _Atomic bool stop;

static void *log_for_ever(void *arg)
{
    (void) arg;
    while (!stop) {
        resty_ffi_log(6, "busy", 4);
    }
    return NULL;
}

static void threadsThatTalk_atTheEnd_touchNothing(void)
{
    pthread_t threads[3];

    lua_open();
    (void) lua_load(NULL);
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_create(&threads[i], NULL, log_for_ever, NULL) == 0);
    }
    nginx_run_ms(50);
    nginx_end(lua_close);
    usleep(100 * 1000);
    stop = true;
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* lua_code_cache off, and the worker serves its last requests. */
static void otherVms_atTheEnd_doNotEndTheHost(void)
{
    double runtime;

    lua_open();
    runtime = lua_load(NULL);
    nginx_begin_exit();
    CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
    lua_close();
    lua_open();
    CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
    CHECK(!messages_closed());
    nginx_end(lua_close);
    CHECK(messages_closed());
}

static _Atomic bool may_return;

/* The load thread. */
static int init_slowly(char *cfg, void *tq)
{
    (void) cfg;
    while (!may_return) {
        usleep(1000);
    }
    CHECK(ngx_http_lua_ffi_task_poll(tq) == NULL);
    return 0;
}

static void load_thatStillRuns_isNotWaitedFor(void)
{
    lua_op_t op;

    guest_init = init_slowly;
    lua_open();
    lua_start_load(&op, NULL, NULL);
    nginx_run_ms(50);
    nginx_end(lua_close);
    CHECK(!op.done);
    may_return = true;
    usleep(50 * 1000);
}

/* Runs after the host's own, which was registered later. */
static void check_at_exit(void)
{
    _exit(has_seen_unload ? 33 : 1);
}

/* lua_code_cache off: no VM tells. What is left is done as the process exits, without nginx. */
static void exit_withoutAVmsEnd_endsQueues(void)
{
    CHECK(atexit(check_at_exit) == 0);
    guest_init = init_group;
    lua_open();
    (void) lua_load(NULL);
    nginx_end(NULL);
    CHECK(!has_seen_unload);
    exit(1);
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(guests_getTheirMoment),
        CASE(guestThatNeverEnds_isNotWaitedFor),
        CASE(pollers_getTheirNull),
        CASE(callsInFlight_areForgotten),
        CASE(threadsThatTalk_atTheEnd_touchNothing),
        CASE(otherVms_atTheEnd_doNotEndTheHost),
        CASE(load_thatStillRuns_isNotWaitedFor),
        {.name = "exit_withoutAVmsEnd_endsQueues",
         .run = exit_withoutAVmsEnd_endsQueues,
         .exit_code = 33},
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
