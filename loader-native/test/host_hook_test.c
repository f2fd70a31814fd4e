/* Getting onto nginx's thread: wake-ups that must not be lost, beside nginx's thread pools. */
#include "hook.h"
#include "host_fake_lua.h"
#include "host_guest.h"
#include "loader_test.h"
#include "task.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool pool_has_handled(void *n)
{
    return nginx_pool_handled() == *(int *) n;
}

static bool is_settled(void *arg)
{
    (void) arg;
    return hook_is_settled();
}

static void poolCompletion_pendingAtTheReplacement_isHandled(void)
{
    int one = 1;

    nginx_pool_complete(); /* in nginx's eventfd, when the host comes */
    lua_open();
    nginx_run_until(pool_has_handled, &one);
    nginx_run_until(is_settled, NULL);
    CHECK_TEXT(lua_call(lua_load(NULL), "m", "x"), "x");
}

static void take_time(void)
{
    usleep(30 * 1000);
}

static void poolCompletion_postedAtTheReplacement_isHandled(void)
{
    int one = 1;

    nginx_post_events(take_time);
    nginx_pool_complete();
    lua_open();
    nginx_run_until(pool_has_handled, &one);
    nginx_run_until(is_settled, NULL);
}

static void poolCompletion_fromInsideTheOldNotify_isHandled(void)
{
    double runtime;
    int two = 2;

    lua_open();
    nginx_turn(0);
    nginx_pool_complete_by_old_notify();
    runtime = lua_load(NULL);
    CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
    /* A late one takes nginx's one place for a handler away from the host's. */
    nginx_pool_complete_by_old_notify();
    nginx_run_until(pool_has_handled, &two);
    CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
}

static void lostFirstWakeUp_isRepeated(void)
{
    lua_open();
    nginx_lose_notifies(3);
    nginx_run_until(is_settled, NULL);
    CHECK_TEXT(lua_call(lua_load(NULL), "m", "x"), "x");
}

static void lostWakeUp_isRepeated(void)
{
    double runtime;

    lua_open();
    runtime = lua_load(NULL);
    for (int i = 0; i < 5; i++) {
        nginx_lose_notifies(i);
        CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
    }
    /* And after the watch thread has gone to sleep. */
    nginx_run_ms(1500);
    nginx_lose_notifies(1);
    CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
}

/* Without a call that would arm the watch thread. */
static void lostWakeUp_ofALogLine_isRepeated(void)
{
    lua_open();
    (void) lua_load(NULL);
    nginx_run_ms(1500);
    nginx_lose_notifies(1);
    CHECK_INT(resty_ffi_log(6, "all alone", 9), 0);
    nginx_run_ms(500);
    CHECK_HAS(nginx_log(), "6 all alone");
}

/* More lines than are printed in one turn: the rest must not wait for somebody's next message. */
static void lostWakeUp_withinAFlood_isRepeated(void)
{
    lua_open();
    (void) lua_load(NULL);
    for (int i = 0; i < 1000; i++) {
        CHECK_INT(resty_ffi_log(6, i < 999 ? "flood\n" : "last\n", 6 - i / 999), 0);
    }
    nginx_turn(100);
    CHECK_HAS(nginx_log(), "6 flood");
    CHECK_HAS_NOT(nginx_log(), "6 last");
    nginx_lose_notifies(3);
    nginx_run_ms(2000);
    CHECK_HAS(nginx_log(), "6 last");
}

static _Atomic bool pool_runs;
static _Atomic int pool_sent;

static void *complete_often(void *arg)
{
    (void) arg;
    while (pool_runs) {
        pool_sent++;
        nginx_pool_complete();
        usleep(50);
    }
    return NULL;
}

static void poolsAndCalls_sideBySide_loseNothing(void)
{
    pthread_t threads[2];
    double runtime;
    int sent;

    lua_open();
    pool_runs = true;
    for (int i = 0; i < 2; i++) {
        CHECK(pthread_create(&threads[i], NULL, complete_often, NULL) == 0);
    }
    runtime = lua_load(NULL); /* the entry is replaced under their feet */
    for (int i = 0; i < 3000; i++) {
        CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
    }
    pool_runs = false;
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    sent = pool_sent;
    nginx_run_until(pool_has_handled, &sent);
}

static void master_isRefused(void)
{
    void *before = ngx_event_actions[6];

    ngx_process = FAKE_MASTER;
    CHECK_HAS(lua_open_refused(), "init_by_lua");
    CHECK_HAS(lua_open_refused(), "init_worker_by_lua");
    CHECK(ngx_event_actions[6] == before);
    ngx_process = FAKE_WORKER;
    lua_open();
}

static void eventMethodWithoutNotify_isRefused(void)
{
    void *notify = ngx_event_actions[6];

    ngx_event_actions[6] = NULL;
    CHECK_HAS(lua_open_refused(), "no notify()");
    ngx_event_actions[6] = notify;
    lua_open();
}

/* With a result of its own, as the other Lua VM has. */
static void *open_elsewhere(void *arg)
{
    resty_ffi_lua_result_t result;

    (void) arg;
    CHECK(resty_ffi_lua_open(&result) == 0);
    CHECK_INT(result.status, RESTY_FFI_LUA_HOST_ERROR);
    CHECK_HAS(result.text, "nginx's own thread");
    CHECK_HAS(result.text, "ngx.run_worker_thread");
    return NULL;
}

static void otherThread_isRefused(void)
{
    double runtime;
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, open_elsewhere, NULL) == 0);
    pthread_join(thread, NULL);

    lua_open(); /* and once the host runs */
    runtime = lua_load(NULL);
    CHECK(pthread_create(&thread, NULL, open_elsewhere, NULL) == 0);
    for (int i = 0; i < 100; i++) {
        CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
    }
    pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(poolCompletion_pendingAtTheReplacement_isHandled),
        CASE(poolCompletion_postedAtTheReplacement_isHandled),
        CASE(poolCompletion_fromInsideTheOldNotify_isHandled),
        CASE(lostFirstWakeUp_isRepeated),
        CASE(lostWakeUp_isRepeated),
        CASE(lostWakeUp_ofALogLine_isRepeated),
        CASE(lostWakeUp_withinAFlood_isRepeated),
        CASE(poolsAndCalls_sideBySide_loseNothing),
        CASE(master_isRefused),
        CASE(eventMethodWithoutNotify_isRefused),
        CASE(otherThread_isRefused),
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
