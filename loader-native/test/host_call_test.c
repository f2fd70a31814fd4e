/* Calls: bytes, answers exactly once, time-outs, callers that die, limits. */
#include "dispatch.h"
#include "host_fake_lua.h"
#include "host_guest.h"
#include "loader_test.h"
#include "queue.h"
#include "runtime.h"
#include "task.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double load_kept(void)
{
    guest_init = guest_keep;
    lua_open();
    return lua_load(NULL);
}

static void start(lua_op_t *op, double runtime, const char *req)
{
    lua_start_call(op, runtime, "m", req, strlen(req), 0);
}

static bool log_has(void *part)
{
    return strstr(nginx_log(), part) != NULL;
}

static void echo_keepsAllBytes(void)
{
    double runtime;
    char all[256];
    lua_op_t op;

    for (int i = 0; i < 256; i++) {
        all[i] = (char) i;
    }
    lua_open();
    runtime = lua_load(NULL);
    lua_start_call(&op, runtime, "m", all, sizeof(all), 0);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_OK);
    CHECK_INT(op.len, 256);
    CHECK(memcmp(op.text, all, 256) == 0);
    lua_clear(&op);
    CHECK_TEXT(lua_call(runtime, "m", "text"), "text");
    CHECK_TEXT(lua_call(runtime, "m", ""), "");
    CHECK(lua_call(runtime, "m", NULL) == NULL);
    lua_settle();
}

static void request_isTerminated_andNilIsNull(void)
{
    double runtime = load_kept();
    lua_op_t a, b;
    void *task;
    int len = -1;
    char *req;

    start(&a, runtime, "abc");
    task = guest_poll();
    req = ngx_http_lua_ffi_get_req(task, &len);
    CHECK_INT(len, 3);
    CHECK_TEXT(req, "abc");
    CHECK(ngx_http_lua_ffi_get_req(task, NULL) == req);
    guest_reply(task, "");

    lua_start_call(&b, runtime, "m", NULL, 0, 0);
    task = guest_poll();
    CHECK(ngx_http_lua_ffi_get_req(task, &len) == NULL);
    CHECK_INT(len, 0);
    guest_reply(task, "");
    lua_await(&a);
    lua_await(&b);
    lua_clear(&a);
    lua_clear(&b);
}

static void methodAndDeadline_reachTheRuntime(void)
{
    char longest[300];
    double runtime = load_kept();
    lua_op_t op;
    size_t len;
    void *task;

    memset(longest, 'n', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    lua_start_call(&op, runtime, longest, "x", 1, 5000);
    task = guest_poll();
    CHECK(memcmp(resty_ffi_task_method(task, &len), longest, sizeof(longest) - 1) == 0);
    CHECK_INT(len, sizeof(longest) - 1);
    CHECK(resty_ffi_task_deadline_ms(task) > now_ns() / NS_PER_MS);
    CHECK(resty_ffi_task_deadline_ms(task) <= now_ns() / NS_PER_MS + 5000);
    guest_reply(task, "");
    lua_await(&op);
    lua_clear(&op);
    CHECK(resty_ffi_task_method(task, &len) == NULL);
    CHECK_INT(len, 0);

    start(&op, runtime, "");
    task = guest_poll();
    CHECK_INT(resty_ffi_task_deadline_ms(task), 0);
    guest_reply(task, "");
    lua_await(&op);
    lua_clear(&op);
}

static void reply_withZeroLength_isNulTerminated_orTheWholeAllocation(void)
{
    double runtime = load_kept();
    char *unterminated = malloc(24);
    lua_op_t op;

    start(&op, runtime, "");
    ngx_http_lua_ffi_respond(guest_poll(), 0, strdup("as text"), 0);
    lua_await(&op);
    CHECK_TEXT(op.text, "as text");
    lua_clear(&op);

    memset(unterminated, 'u', 24);
    start(&op, runtime, "");
    ngx_http_lua_ffi_respond(guest_poll(), 0, unterminated, 0);
    lua_await(&op);
    CHECK_INT(op.len, 24);
    lua_clear(&op);

    start(&op, runtime, "");
    ngx_http_lua_ffi_respond(guest_poll(), 0, NULL, 5);
    lua_await(&op);
    CHECK(op.text == NULL);
    CHECK_INT(op.status, RESTY_FFI_LUA_OK);
}

static void reply_mayBeTheRequestItself(void)
{
    double runtime = load_kept();
    lua_op_t op;
    void *task;
    int len;

    start(&op, runtime, "back");
    task = guest_poll();
    CHECK_INT(resty_ffi_respond(task, 0, ngx_http_lua_ffi_get_req(task, &len), 4), 0);
    lua_await(&op);
    CHECK_TEXT(op.text, "back");
    lua_clear(&op);
}

static void rc_isTheGuests_withItsText(void)
{
    double runtime = load_kept();
    lua_op_t op;

    start(&op, runtime, "");
    ngx_http_lua_ffi_respond(guest_poll(), 7, strdup("because"), 7);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_FAILED);
    CHECK_INT(op.rc, 7);
    CHECK_TEXT(op.text, "because");
    lua_clear(&op);

    start(&op, runtime, "");
    ngx_http_lua_ffi_respond(guest_poll(), -2, NULL, 0);
    lua_await(&op);
    CHECK_INT(op.rc, -2);
    CHECK(op.text == NULL);
}

static void respond_twice_isRefused(void)
{
    double runtime = load_kept();
    lua_op_t op;
    void *task;

    start(&op, runtime, "");
    task = guest_poll();
    guest_reply(task, "first");
    CHECK_INT(resty_ffi_respond(task, 0, strdup("second"), 6), -1);
    lua_await(&op);
    CHECK_TEXT(op.text, "first");
    lua_clear(&op);
    CHECK_INT(resty_ffi_respond(task, 0, strdup("third"), 5), -1);
    nginx_run_until(log_has, "4 respond refused: task");
    lua_settle();
}

static void respond_toASlotThatIsUsedAgain_isRefused(void)
{
    double runtime = load_kept();
    lua_op_t first, second;
    void *stale, *task;

    start(&first, runtime, "");
    stale = guest_poll();
    guest_reply(stale, "1");
    lua_await(&first);
    lua_clear(&first);
    start(&second, runtime, "");
    task = guest_poll();
    CHECK(task != stale);
    CHECK_INT(handle_index((uintptr_t) task), handle_index((uintptr_t) stale));
    CHECK_INT(resty_ffi_respond(stale, 0, strdup("stale"), 5), -1);
    CHECK(ngx_http_lua_ffi_get_req(stale, NULL) == NULL);
    guest_reply(task, "2");
    lua_await(&second);
    CHECK_TEXT(second.text, "2");
    lua_clear(&second);
}

static void respond_toATaskThatNobodyPolled_isRefused(void)
{
    double runtime = load_kept();
    lua_op_t op;
    void *handle;

    start(&op, runtime, "");
    handle = (void *) (uintptr_t) task_handle(tasks_first());
    CHECK_INT(resty_ffi_respond(handle, 0, NULL, 0), -1);
    CHECK(guest_poll() == handle);
    guest_reply(handle, "polled");
    lua_await(&op);
    CHECK_TEXT(op.text, "polled");
    lua_clear(&op);
}

static void madeUpHandles_areRefused(void)
{
    const uintptr_t made_up[] = {0,
                                 1,
                                 0xDEADBEEF,
                                 (uintptr_t) -1,
                                 (uintptr_t) 1 << 62,
                                 (uintptr_t) 1 << 62 | 0xFFFFFF,
                                 (uintptr_t) &made_up,
                                 (uintptr_t) handle_make(HANDLE_GROUP, 2, 0),
                                 (uintptr_t) handle_make(HANDLE_QUEUE, 2, 0),
                                 (uintptr_t) handle_make(HANDLE_TASK, 2, 0)};
    resty_ffi_event_t event;

    (void) load_kept();
    CHECK(resty_ffi_group_create() != NULL);
    for (size_t i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++) {
        void *handle = (void *) made_up[i];
        size_t len = 1;

        CHECK_INT(resty_ffi_respond(handle, 0, strdup("x"), 1), -1);
        CHECK(ngx_http_lua_ffi_get_req(handle, NULL) == NULL);
        CHECK(ngx_http_lua_ffi_task_poll(handle) == NULL);
        CHECK(resty_ffi_options(handle, &len) == NULL);
        CHECK_INT(resty_ffi_group_add(handle, guest_tq, 1), -1);
        CHECK_INT(resty_ffi_group_poll(handle, &event, 1, 0), -1);
        resty_ffi_group_wake(handle);
        resty_ffi_queue_done(handle);
        resty_ffi_load_failed(handle, "x", 1);
    }
    /* One kind for another. */
    CHECK_INT(resty_ffi_respond(guest_tq, 0, NULL, 0), -1);
    CHECK(ngx_http_lua_ffi_get_req(guest_tq, NULL) == NULL);
}

/* Of the interface to Lua; no call of Lua's ends so. */
static void take_ofWhatIsNoCall_saysSo(void)
{
    resty_ffi_lua_result_t result;
    double runtime = load_kept();
    lua_op_t op;
    double ref;

    start(&op, runtime, "");
    ref = op.ref;
    guest_reply(guest_poll(), "x");
    lua_await(&op);
    lua_clear(&op);
    resty_ffi_lua_take(&result, ref, 1);
    CHECK_INT(result.status, RESTY_FFI_LUA_HOST_ERROR);
    CHECK_TEXT(result.text, "no such call");
    resty_ffi_lua_load_take(&result, ref, 1);
    CHECK_INT(result.status, RESTY_FFI_LUA_HOST_ERROR);
    CHECK_TEXT(result.text, "no such load");
}

static void timeout_ofAQueuedCall_takesItBack(void)
{
    double runtime = load_kept();
    lua_op_t late, next;

    lua_start_call(&late, runtime, "m", "late", 4, 20);
    lua_await(&late);
    CHECK_INT(late.status, RESTY_FFI_LUA_TIMED_OUT);
    CHECK_INT(tasks_in_flight(), 0);
    start(&next, runtime, "next");
    CHECK_TEXT(ngx_http_lua_ffi_get_req(guest_poll(), NULL), "next");
}

static void timeout_ofARunningCall_dropsItsReply(void)
{
    double runtime = load_kept();
    lua_op_t op;
    void *task;

    lua_start_call(&op, runtime, "m", "", 0, 20);
    task = guest_poll();
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_TIMED_OUT);
    CHECK_INT(tasks_in_flight(), 1);
    CHECK(ngx_http_lua_ffi_get_req(task, NULL) != NULL);
    guest_reply(task, "late");
    lua_settle();
}

/* For a library that polls without a group, and so gets no events. */
static void cancelled_tellsWhy(void)
{
    double runtime = load_kept();
    lua_op_t late, gone, queued;
    void *first, *second;

    lua_start_call(&late, runtime, "m", "", 0, 20);
    first = guest_poll();
    CHECK_INT(resty_ffi_task_cancelled(first), 0);
    start(&gone, runtime, "");
    second = guest_poll();
    lua_await(&late);
    CHECK_INT(resty_ffi_task_cancelled(first), RESTY_FFI_CANCEL_TIMEOUT);
    CHECK_INT(resty_ffi_task_cancelled(second), 0);
    nginx_kill(&gone.coroutine);
    while (resty_ffi_task_cancelled(second) == 0) {
        nginx_turn(10);
    }
    CHECK_INT(resty_ffi_task_cancelled(second), RESTY_FFI_CANCEL_CLIENT_GONE);

    guest_reply(first, "late");
    guest_reply(second, "late");
    CHECK_INT(resty_ffi_task_cancelled(first), -1);
    lua_settle();
    start(&queued, runtime, ""); /* in the slot of a cancelled one */
    first = guest_poll();
    CHECK_INT(resty_ffi_task_cancelled(first), 0);
    CHECK_INT(resty_ffi_task_cancelled(second), -1);
    guest_reply(first, "x");
    lua_await(&queued);
    lua_clear(&queued);
    CHECK_INT(resty_ffi_task_cancelled(NULL), -1);
}

/* nginx's timers go no further than 24.8 days. */
static void callWithoutATimeout_waitsOnAndOn(void)
{
    double runtime = load_kept();
    lua_op_t op;
    void *task;

    start(&op, runtime, "");
    task = guest_poll();
    for (int i = 0; i < 3; i++) {
        nginx_expire(&op.coroutine);
        nginx_turn(0);
        CHECK(!op.done);
        CHECK(op.coroutine.waits_on != NULL);
        CHECK_INT(resty_ffi_task_cancelled(task), 0);
    }
    guest_reply(task, "after many years");
    nginx_expire(&op.coroutine); /* with the reply on its way */
    lua_await(&op);
    CHECK_TEXT(op.text, "after many years");
    lua_clear(&op);
    lua_settle();
    CHECK_INT(nginx_semas(), 1);
}

/* nginx's timers count from the time that it read when the present event came. */
static void timeout_countsFromTheCall(void)
{
    double runtime = load_kept();
    lua_op_t op;

    nginx_turn(0);
    usleep(700 * 1000); /* Lua works */
    lua_start_call(&op, runtime, "m", "", 0, 600);
    CHECK_INT(resty_ffi_log(6, "something happens", 17), 0);
    nginx_turn(1000);
    CHECK_HAS(nginx_log(), "something happens");
    CHECK(!op.done);
    guest_reply(guest_poll(), "in time");
    lua_await(&op);
    CHECK_TEXT(op.text, "in time");
    lua_clear(&op);
}

/* nginx runs timers before posted events, and both before the next notify. */
static void replyThatIsThere_beatsTheTimeout(void)
{
    double runtime = load_kept();
    lua_op_t undelivered, delivered, next;
    void *task;

    /* The reply is in the list, and nginx has not looked. */
    lua_start_call(&undelivered, runtime, "m", "", 0, 100);
    task = guest_poll();
    nginx_lose_notifies(1000);
    guest_reply(task, "in time");
    usleep(150 * 1000);
    nginx_turn(0);
    CHECK(undelivered.done);
    CHECK_INT(undelivered.status, RESTY_FFI_LUA_OK);
    CHECK_TEXT(undelivered.text, "in time");
    lua_clear(&undelivered);
    nginx_lose_notifies(0);
    lua_settle();

    /* The post is queued, and the timer comes first. */
    lua_start_call(&delivered, runtime, "m", "", 0, 100);
    task = guest_poll();
    guest_reply(task, "posted");
    usleep(150 * 1000);
    nginx_turn(0);
    CHECK(delivered.done);
    CHECK_INT(delivered.status, RESTY_FFI_LUA_OK);
    CHECK_TEXT(delivered.text, "posted");
    lua_clear(&delivered);

    /* The count that is left on the semaphore does not wake who uses it next. */
    start(&next, runtime, "");
    nginx_run_ms(20);
    CHECK(!next.done);
    CHECK_INT(nginx_semas(), 1);
    guest_reply(guest_poll(), "next");
    lua_await(&next);
    CHECK_TEXT(next.text, "next");
    lua_clear(&next);
}

static void killedCaller_isNoticed_queued(void)
{
    double runtime = load_kept();
    lua_op_t op;

    start(&op, runtime, "");
    nginx_kill(&op.coroutine);
    lua_settle();
    CHECK(!op.done);
}

/* A worker that has something to do need not wait for the watch thread. */
static void killedCaller_isNoticed_withOtherMessages(void)
{
    double runtime = load_kept();
    lua_op_t op;

    start(&op, runtime, "");
    nginx_kill(&op.coroutine);
    usleep(15 * 1000);
    dispatch_messages();
    CHECK_INT(tasks_in_flight(), 0);
}

#define CROWD 10000

static void killedCallers_areNoticed_inACrowd(void)
{
    double runtime = load_kept();
    lua_op_t *ops = calloc(CROWD, sizeof(*ops));

    for (int i = 0; i < CROWD; i++) {
        start(&ops[i], runtime, "");
    }
    for (int i = 0; i < CROWD; i++) {
        if (i % 3 == 0) {
            nginx_kill(&ops[i].coroutine);
        }
    }
    while (tasks_in_flight() > CROWD - 1 - CROWD / 3) {
        nginx_turn(10);
    }
    for (int i = 0; i < CROWD; i++) {
        if (i % 3 != 0) {
            guest_reply(guest_poll(), "x"); /* only they are left to be polled */
        }
    }
    lua_settle();
    for (int i = 0; i < CROWD; i++) {
        CHECK(ops[i].done == (i % 3 != 0));
        lua_clear(&ops[i]);
    }
    free(ops);
}

static void killedCaller_isNoticed_running(void)
{
    double runtime = load_kept();
    lua_op_t op, next;
    void *task;

    start(&op, runtime, "");
    task = guest_poll();
    nginx_kill(&op.coroutine);
    nginx_run_ms(400);
    /* Its semaphore serves the next call, which the late reply does not wake. */
    start(&next, runtime, "");
    CHECK_INT(nginx_semas(), 1);
    guest_reply(task, "late");
    nginx_run_ms(20);
    CHECK(!op.done && !next.done);
    guest_reply(guest_poll(), "next");
    lua_await(&next);
    CHECK_TEXT(next.text, "next");
    lua_clear(&next);
    lua_settle();
}

static void killedCaller_isNoticed_whenTheReplyComes(void)
{
    double runtime = load_kept();
    lua_op_t op;
    void *task;

    start(&op, runtime, "");
    task = guest_poll();
    nginx_kill(&op.coroutine);
    guest_reply(task, "nobody waits");
    lua_settle();
    CHECK(!op.done);
}

/* Between the post and the coroutine's turn: only the reaper can see it. */
static void killedCaller_isNoticed_posted(void)
{
    double runtime = load_kept();
    lua_op_t op, next;

    start(&op, runtime, "");
    guest_reply(guest_poll(), "posted");
    (*(intptr_t(*)(void *, uintptr_t, uintptr_t)) ngx_event_actions[7])(NULL, 1000, 0);
    nginx_kill(&op.coroutine);
    CHECK_INT(tasks_in_flight(), 1);
    lua_settle();
    CHECK(!op.done);
    start(&next, runtime, "");
    nginx_run_ms(20);
    CHECK(!next.done);
    guest_reply(guest_poll(), "next");
    lua_await(&next);
    lua_clear(&next);
}

static void maxQueue_countsWhatIsNotAnswered(void)
{
    const lua_load_t two = {.max_queue = 2};
    lua_op_t load, a, b, c;
    void *first;

    guest_init = guest_keep;
    lua_open();
    lua_start_load(&load, NULL, &two);
    lua_await(&load);

    lua_start_call(&a, load.runtime, "m", "", 0, 20);
    first = guest_poll();
    start(&b, load.runtime, "");
    CHECK_TEXT(lua_call_refused(load.runtime, "m", ""), "post failed, queue full");
    lua_await(&a);
    CHECK_INT(a.status, RESTY_FFI_LUA_TIMED_OUT); /* but it runs on */
    CHECK_TEXT(lua_call_refused(load.runtime, "m", ""), "post failed, queue full");

    guest_reply(first, "late"); /* counts at once, not when nginx looks */
    start(&c, load.runtime, "");
    CHECK(!c.done);
    CHECK_TEXT(lua_call_refused(load.runtime, "m", ""), "post failed, queue full");
    guest_reply(guest_poll(), "b");
    guest_reply(guest_poll(), "c");
    lua_await(&b);
    lua_await(&c);
    CHECK_TEXT(b.text, "b");
    CHECK_TEXT(c.text, "c");
    lua_clear(&b);
    lua_clear(&c);

    /* One that is taken back before anybody polls it does not count either. */
    for (int i = 0; i < 5; i++) {
        lua_start_call(&a, load.runtime, "m", "", 0, 1);
        lua_await(&a);
        CHECK_INT(a.status, RESTY_FFI_LUA_TIMED_OUT);
    }
    CHECK_INT(runtime_by_id(load.runtime)->queue->outstanding, 0);
}

static void call_wherePhaseCannotWait_isRefused(void)
{
    double runtime = load_kept();
    resty_ffi_lua_result_t result;
    coroutine_t in_log_phase = {0};

    CHECK(resty_ffi_lua_call(&result, &in_log_phase, lua_vm(), runtime, "", 0, "m", 1, 0) == 0);
    CHECK_HAS(result.text, "API disabled in this phase");
    CHECK(resty_ffi_lua_call(&result, NULL, lua_vm(), runtime, "", 0, "m", 1, 0) == 0);
    CHECK_HAS(result.text, "no request");
    CHECK_INT(tasks_in_flight(), 0);
    CHECK_INT(runtime_by_id(runtime)->queue->outstanding, 0);
}

static void cancelled_byTheEnd_isToldFromAClientThatLeft(void)
{
    double runtime = load_kept();
    lua_op_t waits, gone, late;
    void *first, *second, *third;

    start(&waits, runtime, "");
    first = guest_poll();
    start(&gone, runtime, "");
    second = guest_poll();
    nginx_kill(&gone.coroutine);
    lua_close();
    CHECK_INT(resty_ffi_task_cancelled(first), RESTY_FFI_CANCEL_ENDED);
    CHECK_INT(resty_ffi_task_cancelled(second), RESTY_FFI_CANCEL_CLIENT_GONE);

    lua_open();
    start(&late, runtime, "");
    third = guest_poll();
    nginx_end(lua_close);
    CHECK_INT(resty_ffi_task_cancelled(third), RESTY_FFI_CANCEL_ENDED);
    CHECK_INT(resty_ffi_task_cancelled(second), RESTY_FFI_CANCEL_CLIENT_GONE);
}

static void closedVm_isNeverWoken(void)
{
    double runtime = load_kept();
    lua_op_t queued, running, answered, next;
    void *task, *late;

    start(&running, runtime, "");
    task = guest_poll();
    start(&answered, runtime, "");
    late = guest_poll();
    start(&queued, runtime, "");
    guest_reply(late, "on its way");
    lua_close(); /* the coroutines still stand in their semaphores */
    lua_open();
    guest_reply(task, "late");
    lua_settle();
    CHECK(!queued.done && !running.done && !answered.done);
    start(&next, runtime, "again");
    guest_reply(guest_poll(), "other VM");
    lua_await(&next);
    CHECK_TEXT(next.text, "other VM");
    lua_clear(&next);
}

/* lua_code_cache off: a VM for each request. */
static void semaphores_endWithTheLastVm(void)
{
    double runtime = load_kept();
    lua_op_t op;

    for (int i = 0; i < 3; i++) {
        start(&op, runtime, "");
        guest_reply(guest_poll(), "x");
        lua_await(&op);
        lua_clear(&op);
        CHECK_INT(nginx_semas(), 1);
        lua_close();
        CHECK_INT(nginx_semas(), 0);
        lua_open();
    }
}

/* Its event is in nginx's queue: destroyed now, nginx would run it in freed memory. */
static void semaphore_thatWasJustPosted_outlivesTheLastVm(void)
{
    double runtime = load_kept();
    lua_op_t op;

    start(&op, runtime, "");
    guest_reply(guest_poll(), "posted");
    (*(intptr_t(*)(void *, uintptr_t, uintptr_t)) ngx_event_actions[7])(NULL, 1000, 0);
    nginx_kill(&op.coroutine);
    lua_close();
    CHECK_INT(nginx_semas(), 1);
    nginx_turn(0);
    lua_open();
    start(&op, runtime, "");
    nginx_run_ms(20);
    CHECK(!op.done);
    guest_reply(guest_poll(), "x");
    lua_await(&op);
    lua_clear(&op);
    lua_close();
    CHECK_INT(nginx_semas(), 0);
}

/* master_process off: the old cycle's VM is closed some time after the new one has begun. */
static void semaphores_endWithTheirCycle(void)
{
    double runtime = load_kept(), old = lua_vm();
    lua_op_t op;

    start(&op, runtime, "");
    guest_reply(guest_poll(), "x");
    lua_await(&op);
    lua_clear(&op);

    nginx_new_cycle();
    lua_open();
    start(&op, runtime, "");
    guest_reply(guest_poll(), "x");
    lua_await(&op);
    lua_clear(&op);
    CHECK_INT(nginx_semas(), 2);
    lua_close_vm(old);
    CHECK_INT(nginx_semas(), 1);
    start(&op, runtime, "");
    guest_reply(guest_poll(), "x");
    lua_await(&op);
    lua_clear(&op);
    CHECK_INT(nginx_semas(), 1);
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(echo_keepsAllBytes),
        CASE(request_isTerminated_andNilIsNull),
        CASE(methodAndDeadline_reachTheRuntime),
        CASE(reply_withZeroLength_isNulTerminated_orTheWholeAllocation),
        CASE(reply_mayBeTheRequestItself),
        CASE(rc_isTheGuests_withItsText),
        CASE(respond_twice_isRefused),
        CASE(respond_toASlotThatIsUsedAgain_isRefused),
        CASE(respond_toATaskThatNobodyPolled_isRefused),
        CASE(madeUpHandles_areRefused),
        CASE(take_ofWhatIsNoCall_saysSo),
        CASE(timeout_ofAQueuedCall_takesItBack),
        CASE(timeout_ofARunningCall_dropsItsReply),
        CASE(cancelled_tellsWhy),
        CASE(callWithoutATimeout_waitsOnAndOn),
        CASE(timeout_countsFromTheCall),
        CASE(replyThatIsThere_beatsTheTimeout),
        CASE(killedCaller_isNoticed_queued),
        CASE(killedCaller_isNoticed_withOtherMessages),
        CASE(killedCallers_areNoticed_inACrowd),
        CASE(killedCaller_isNoticed_running),
        CASE(killedCaller_isNoticed_whenTheReplyComes),
        CASE(killedCaller_isNoticed_posted),
        CASE(maxQueue_countsWhatIsNotAnswered),
        CASE(call_wherePhaseCannotWait_isRefused),
        CASE(cancelled_byTheEnd_isToldFromAClientThatLeft),
        CASE(closedVm_isNeverWoken),
        CASE(semaphores_endWithTheLastVm),
        CASE(semaphore_thatWasJustPosted_outlivesTheLastVm),
        CASE(semaphores_endWithTheirCycle),
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
