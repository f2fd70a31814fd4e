/* Task queues and poll groups: who gets which event, and the end of a queue. */
#include "host_fake_lua.h"
#include "host_guest.h"
#include "loader_test.h"
#include "runtime.h"
#include "task.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOREVER (-1)

static void *group;

static double load_grouped(const char *cfg, int64_t tag)
{
    double runtime;

    guest_init = guest_keep;
    if (group == NULL) {
        lua_open();
        group = resty_ffi_group_create();
        CHECK(group != NULL);
    }
    runtime = lua_load(cfg);
    CHECK_INT(resty_ffi_group_add(group, guest_tq, tag), 0);
    return runtime;
}

static void start(lua_op_t *op, double runtime, const char *req, double timeout_ms)
{
    lua_start_call(op, runtime, "m", req, strlen(req), timeout_ms);
}

static resty_ffi_event_t poll_one(void)
{
    resty_ffi_event_t event;

    CHECK_INT(resty_ffi_group_poll(group, &event, 1, FOREVER), 1);
    return event;
}

static int poll_now(void)
{
    resty_ffi_event_t event;

    return resty_ffi_group_poll(group, &event, 1, 0);
}

static bool is_closed(void *tq)
{
    return resty_ffi_options(tq, NULL) == NULL;
}

static void poll_yieldsBatches_ofAllQueues_inOrder(void)
{
    double a = load_grouped("a", 10), b = load_grouped("b", -20);
    resty_ffi_event_t events[4];
    lua_op_t ops[6];
    char req[2] = "0";

    for (int i = 0; i < 6; i++) {
        req[0] = (char) ('0' + i);
        start(&ops[i], i % 2 == 0 ? a : b, req, 0);
    }
    CHECK_INT(resty_ffi_group_poll(group, events, 4, 0), 4);
    for (int i = 0; i < 4; i++) {
        CHECK_INT(events[i].kind, RESTY_FFI_EVENT_TASK);
        CHECK_INT(events[i].tag, i % 2 == 0 ? 10 : -20);
        CHECK_INT(events[i].req_len, 1);
        CHECK_INT(events[i].req[0], '0' + i);
        CHECK_INT(events[i].method_len, 1);
        CHECK_INT(events[i].method[0], 'm');
        guest_reply((void *) (uintptr_t) events[i].task, "r");
    }
    CHECK_INT(resty_ffi_group_poll(group, events, 4, FOREVER), 2);
    for (int i = 0; i < 2; i++) {
        guest_reply((void *) (uintptr_t) events[i].task, "r");
    }
    for (int i = 0; i < 6; i++) {
        lua_await(&ops[i]);
        lua_clear(&ops[i]);
    }
    CHECK_INT(poll_now(), 0);
}

static void add_takesWhatWaits_andEndsTaskPoll(void)
{
    double runtime;
    lua_op_t op;
    resty_ffi_event_t event;

    guest_init = guest_keep;
    lua_open();
    group = resty_ffi_group_create();
    runtime = lua_load(NULL);
    start(&op, runtime, "before", 0);
    CHECK_INT(resty_ffi_group_add(group, guest_tq, 1), 0);
    CHECK_INT(resty_ffi_group_add(group, guest_tq, 2), -1);
    event = poll_one();
    CHECK_TEXT(event.req, "before");
    CHECK(ngx_http_lua_ffi_task_poll(guest_tq) == NULL);
    guest_reply((void *) (uintptr_t) event.task, "r");
    lua_await(&op);
    lua_clear(&op);
}

static void groups_areLimited(void)
{
    lua_open();
    for (int i = 0; i < 64; i++) {
        CHECK(resty_ffi_group_create() != NULL);
    }
    CHECK(resty_ffi_group_create() == NULL);
}

static void add_endsAPollThatIsInside(void)
{
    guest_init = guest_keep;
    lua_open();
    group = resty_ffi_group_create();
    (void) lua_load(NULL);
    guest_echo(guest_tq, 3);
    usleep(20 * 1000);
    CHECK_INT(resty_ffi_group_add(group, guest_tq, 1), 0);
    while (guest_ended() < 3) {
        usleep(1000);
    }
}

static void *wake_soon(void *arg)
{
    (void) arg;
    usleep(20 * 1000);
    resty_ffi_group_wake(group);
    return NULL;
}

static void wake_endsThePollThatWaits_orTheNext(void)
{
    resty_ffi_event_t event;
    pthread_t thread;

    (void) load_grouped(NULL, 1);
    resty_ffi_group_wake(group);
    CHECK_INT(resty_ffi_group_poll(group, &event, 1, FOREVER), 0);
    CHECK(pthread_create(&thread, NULL, wake_soon, NULL) == 0);
    CHECK_INT(resty_ffi_group_poll(group, &event, 1, FOREVER), 0);
    pthread_join(thread, NULL);
    CHECK_INT(resty_ffi_group_poll(group, &event, 1, 1000), 0);
    CHECK_INT(resty_ffi_group_poll(group, &event, 0, 1000), -1);
    CHECK_INT(resty_ffi_group_poll(group, NULL, 1, 1000), -1);
}

static _Atomic int polled;

static void *poll_for_ever(void *arg)
{
    resty_ffi_event_t event;

    (void) arg;
    polled = resty_ffi_group_poll(group, &event, 1, FOREVER);
    return NULL;
}

static void wake_endsOnePollOnly(void)
{
    double runtime = load_grouped(NULL, 1);
    resty_ffi_event_t event;
    pthread_t thread;
    lua_op_t op;

    resty_ffi_group_wake(group);
    CHECK_INT(resty_ffi_group_poll(group, &event, 1, FOREVER), 0);
    polled = -1;
    CHECK(pthread_create(&thread, NULL, poll_for_ever, NULL) == 0);
    nginx_run_ms(20);
    start(&op, runtime, "", 0);
    pthread_join(thread, NULL);
    CHECK_INT(polled, 1);
}

static void timeout_ofARunningCall_isACancelEvent(void)
{
    double runtime = load_grouped(NULL, 5);
    resty_ffi_event_t task, cancel;
    lua_op_t op;

    start(&op, runtime, "", 20);
    task = poll_one();
    CHECK(task.deadline_ms > 0);
    lua_await(&op);
    cancel = poll_one();
    CHECK_INT(cancel.kind, RESTY_FFI_EVENT_CANCEL);
    CHECK_INT(cancel.reason, RESTY_FFI_CANCEL_TIMEOUT);
    CHECK_INT(cancel.tag, 5);
    CHECK(cancel.task == task.task);
    guest_reply((void *) (uintptr_t) task.task, "late");
    lua_settle();
}

static void killedCaller_isACancelEvent(void)
{
    double runtime = load_grouped(NULL, 5);
    resty_ffi_event_t task, cancel;
    lua_op_t op;

    start(&op, runtime, "", 0);
    task = poll_one();
    nginx_kill(&op.coroutine);
    nginx_run_ms(400);
    cancel = poll_one();
    CHECK_INT(cancel.kind, RESTY_FFI_EVENT_CANCEL);
    CHECK_INT(cancel.reason, RESTY_FFI_CANCEL_CLIENT_GONE);
    CHECK(cancel.task == task.task);
    guest_reply((void *) (uintptr_t) task.task, "late");
    lua_settle();
}

static void closedVm_isACancelEvent(void)
{
    double runtime = load_grouped(NULL, 5);
    resty_ffi_event_t task, cancel;
    lua_op_t op;

    start(&op, runtime, "", 0);
    task = poll_one();
    lua_close();
    lua_open();
    cancel = poll_one();
    CHECK_INT(cancel.kind, RESTY_FFI_EVENT_CANCEL);
    CHECK_INT(cancel.reason, RESTY_FFI_CANCEL_ENDED);
    guest_reply((void *) (uintptr_t) task.task, "late");
    lua_settle();
}

static void cancelEvent_ofAnAnsweredTask_isTakenBack(void)
{
    double runtime = load_grouped(NULL, 5);
    resty_ffi_event_t task;
    lua_op_t op;

    start(&op, runtime, "", 20);
    task = poll_one();
    lua_await(&op);
    guest_reply((void *) (uintptr_t) task.task, "late");
    lua_settle();
    CHECK_INT(poll_now(), 0);
}

static void queuedCall_thatTimesOut_isNeverPolled(void)
{
    double runtime = load_grouped(NULL, 5);
    lua_op_t op;

    start(&op, runtime, "", 10);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_TIMED_OUT);
    CHECK_INT(poll_now(), 0);
    CHECK_INT(tasks_in_flight(), 0);
}

static void unload_comesAfterTheCalls_andClosesWhenDone(void)
{
    double runtime = load_grouped(NULL, 5);
    void *tq = guest_tq;
    resty_ffi_event_t task, unload;
    lua_op_t op;
    size_t len;

    start(&op, runtime, "last", 0);
    resty_ffi_queue_done(tq); /* too early: refused, with a log line */
    resty_ffi_lua_unload(runtime);
    CHECK_TEXT(lua_call_refused(runtime, "m", ""), "task queue is finished");
    task = poll_one();
    CHECK_TEXT(task.req, "last");
    unload = poll_one();
    CHECK_INT(unload.kind, RESTY_FFI_EVENT_UNLOAD);
    CHECK_INT(unload.tag, 5);
    CHECK_INT(unload.task, 0);
    guest_reply((void *) (uintptr_t) task.task, "answered");
    lua_await(&op);
    CHECK_TEXT(op.text, "answered");
    lua_clear(&op);
    nginx_run_ms(50);
    CHECK(resty_ffi_options(tq, &len) != NULL); /* until it is done */
    resty_ffi_queue_done(tq);
    nginx_run_until(is_closed, tq);
    resty_ffi_queue_done(tq);
    CHECK(runtime_by_id(runtime) == NULL);
    CHECK_HAS(nginx_log(), "4 resty_ffi_queue_done() refused");
}

static void add_ofAnUnloadedQueue_yieldsUnload(void)
{
    resty_ffi_event_t unload;
    double runtime;
    lua_op_t op;
    void *task;

    guest_init = guest_keep;
    lua_open();
    group = resty_ffi_group_create();
    runtime = lua_load(NULL);
    start(&op, runtime, "", 0);
    task = guest_poll();
    resty_ffi_lua_unload(runtime); /* the task keeps the queue */
    CHECK_INT(resty_ffi_group_add(group, guest_tq, 9), 0);
    unload = poll_one();
    CHECK_INT(unload.kind, RESTY_FFI_EVENT_UNLOAD);
    CHECK_INT(unload.tag, 9);
    guest_reply(task, "answered");
    lua_await(&op);
    CHECK_TEXT(op.text, "answered");
    lua_clear(&op);
    resty_ffi_queue_done(guest_tq);
    nginx_run_until(is_closed, guest_tq);
}

static void done_answersWhatTheRuntimeLeft(void)
{
    double runtime = load_grouped(NULL, 5);
    lua_op_t op;

    start(&op, runtime, "", 0);
    (void) poll_one();
    resty_ffi_lua_unload(runtime);
    CHECK_INT(poll_one().kind, RESTY_FFI_EVENT_UNLOAD);
    resty_ffi_queue_done(guest_tq);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_HOST_ERROR);
    CHECK_TEXT(op.text, "the runtime ended without an answer");
    lua_clear(&op);
    nginx_run_until(is_closed, guest_tq);
}

#define REQUEST "a request that its runtime still reads, though the host has answered for it"

/* A call that was polled, and that the host has answered since the runtime ended without it. */
static resty_ffi_event_t leave_one(lua_op_t *op, double runtime)
{
    resty_ffi_event_t event;

    start(op, runtime, REQUEST, 0);
    event = poll_one();
    resty_ffi_lua_unload(runtime);
    CHECK_INT(poll_one().kind, RESTY_FFI_EVENT_UNLOAD);
    resty_ffi_queue_done(guest_tq);
    return event;
}

static void *handle_of(const resty_ffi_event_t *event)
{
    return (void *) (uintptr_t) event->task;
}

static void requestThatWasLeft_isReadable_untilTheRuntimeResponds(void)
{
    lua_op_t op;
    resty_ffi_event_t event = leave_one(&op, load_grouped(NULL, 5));

    lua_await(&op);
    CHECK_TEXT(op.text, "the runtime ended without an answer");
    lua_clear(&op);
    nginx_run_until(is_closed, guest_tq); /* it does not wait for a runtime that has said so */
    lua_settle();
    CHECK_TEXT(event.req, REQUEST);
    CHECK(event.method[0] == 'm');
    CHECK(ngx_http_lua_ffi_get_req(handle_of(&event), NULL) == event.req);
    CHECK_INT(resty_ffi_task_cancelled(handle_of(&event)), RESTY_FFI_CANCEL_ENDED);

    CHECK_INT(resty_ffi_respond(handle_of(&event), 0, strdup("late"), 4), -1);
    CHECK_INT(resty_ffi_respond(handle_of(&event), 0, strdup("twice"), 5), -1);
    nginx_run_ms(20);
    CHECK(ngx_http_lua_ffi_get_req(handle_of(&event), NULL) == NULL);
    nginx_run_ms(20);
    CHECK_HAS(nginx_log(), "7 respond came too late");
    CHECK_HAS(nginx_log(), "4 respond refused"); /* the second one */
}

static void requestThatWasLeft_mayBeTheLateReply(void)
{
    double runtime = load_grouped(NULL, 5);
    lua_op_t op;
    resty_ffi_event_t event = leave_one(&op, runtime);

    lua_await(&op);
    lua_clear(&op);
    CHECK_INT(resty_ffi_respond(handle_of(&event), 0, (char *) event.req, 3), -1);
    nginx_run_ms(20);
    CHECK_HAS_NOT(nginx_log(), "4 respond refused");
}

/* The answer has been posted, and the caller has not had its turn. */
static void lateRespond_beforeTheCallerTakesTheHostsAnswer(void)
{
    lua_op_t op;
    resty_ffi_event_t event = leave_one(&op, load_grouped(NULL, 5));

    (*(intptr_t(*)(void *, uintptr_t, uintptr_t)) ngx_event_actions[7])(NULL, 1000, 0);
    CHECK(!op.done);
    CHECK_INT(resty_ffi_respond(handle_of(&event), 0, strdup("late"), 4), -1);
    nginx_turn(0);
    CHECK(op.done);
    CHECK_TEXT(op.text, "the runtime ended without an answer");
    lua_clear(&op);
    lua_settle();
    nginx_run_until(is_closed, guest_tq);
}

static void callThatTimedOut_andWasLeft_isForgotten(void)
{
    double runtime = load_grouped(NULL, 5);
    resty_ffi_event_t event;
    lua_op_t op;

    start(&op, runtime, REQUEST, 20);
    event = poll_one();
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_TIMED_OUT);
    resty_ffi_lua_unload(runtime);
    resty_ffi_queue_done(guest_tq); /* the cancel event has not been polled */
    nginx_run_until(is_closed, guest_tq);
    lua_settle();
    CHECK_TEXT(event.req, REQUEST);
    CHECK_INT(poll_now(), 0);
    CHECK_INT(resty_ffi_respond(handle_of(&event), 0, NULL, 0), -1);
    nginx_run_ms(20);
}

/* Slots and requests of tasks that were left are used again once the runtime has responded. */
static void tasksThatWereLeft_areNotLost(void)
{
    resty_ffi_event_t events[10];
    lua_op_t op;
    uint32_t most = 0;

    for (int i = 0; i < 100; i++) {
        double runtime = load_grouped(NULL, i);

        events[i % 10] = leave_one(&op, runtime);
        lua_await(&op);
        lua_clear(&op);
        if (i % 10 == 9) {
            for (int k = 0; k < 10; k++) {
                uint32_t index = handle_index(events[k].task);

                CHECK_TEXT(events[k].req, REQUEST);
                CHECK_INT(resty_ffi_respond(handle_of(&events[k]), 0, NULL, 0), -1);
                most = index > most ? index : most;
            }
            nginx_run_ms(20);
        }
    }
    CHECK(most < 30);
}

static resty_ffi_event_t left_at_load;

/* The load thread: posts and poll, from within an init that then fails. */
static int init_polls_andFails(char *cfg, void *tq)
{
    (void) cfg;
    CHECK_INT(resty_ffi_group_add(group, tq, 1), 0);
    left_at_load = poll_one();
    return 3;
}

static void failedLoad_leavesWhatItPolledReadable(void)
{
    const lua_load_t in_init_worker = {.cannot_wait = true};
    lua_op_t load, op;

    lua_open();
    group = resty_ffi_group_create();
    guest_init = init_polls_andFails;
    lua_start_load(&load, NULL, &in_init_worker);
    start(&op, load.runtime, REQUEST, 0);
    lua_await(&op);
    CHECK_HAS(op.text, "load failed: ");
    lua_clear(&op);
    CHECK_TEXT(left_at_load.req, REQUEST);
    CHECK_INT(resty_ffi_respond(handle_of(&left_at_load), 0, NULL, 0), -1);
    lua_settle();
    nginx_run_ms(20);
}

static void lateRespond_afterNginxsEnd_isRefused(void)
{
    lua_op_t op;
    resty_ffi_event_t event = leave_one(&op, load_grouped(NULL, 5));

    lua_await(&op);
    lua_clear(&op);
    nginx_end(lua_close);
    CHECK_TEXT(event.req, REQUEST);
    CHECK_INT(resty_ffi_respond(handle_of(&event), 0, strdup("late"), 4), -1);
}

static void everyPoller_getsItsNull(void)
{
    double runtime;
    void *tq;

    guest_init = guest_keep;
    lua_open();
    runtime = lua_load(NULL);
    tq = guest_tq;
    guest_echo(tq, 5);
    for (int i = 0; i < 20; i++) {
        CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
    }
    resty_ffi_lua_unload(runtime);
    while (guest_ended() < 5) {
        nginx_turn(1);
    }
    nginx_run_until(is_closed, tq);
    CHECK(ngx_http_lua_ffi_task_poll(tq) == NULL); /* stale by now */
    resty_ffi_lua_unload(runtime);
}

static void waitingCalls_areAnsweredBeforeThePollersEnd(void)
{
    double runtime;
    lua_op_t ops[50];

    guest_init = guest_keep;
    lua_open();
    runtime = lua_load(NULL);
    for (int i = 0; i < 50; i++) {
        start(&ops[i], runtime, "x", 0);
    }
    resty_ffi_lua_unload(runtime);
    guest_echo(guest_tq, 2);
    for (int i = 0; i < 50; i++) {
        lua_await(&ops[i]);
        CHECK_TEXT(ops[i].text, "x");
        lua_clear(&ops[i]);
    }
    while (guest_ended() < 2) {
        nginx_turn(1);
    }
    nginx_run_until(is_closed, guest_tq);
}

static void loadAndUnload_again_usesNewHandles(void)
{
    void *tqs[100];

    guest_init = guest_keep;
    lua_open();
    for (int i = 0; i < 100; i++) {
        double runtime = lua_load(NULL);

        tqs[i] = guest_tq;
        guest_echo(guest_tq, 1);
        CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
        resty_ffi_lua_unload(runtime);
        nginx_run_until(is_closed, tqs[i]);
        for (int k = 0; k < i; k++) {
            CHECK(tqs[k] != tqs[i]);
        }
    }
    for (int i = 0; i < 100; i++) {
        CHECK(ngx_http_lua_ffi_task_poll(tqs[i]) == NULL);
    }
}

/* A slot is not used again while a poller is inside: it would take the next queue's tasks. */
static void pollers_ofAnUnloadedQueue_doNotServeTheNext(void)
{
    lua_op_t load, call;

    guest_init = guest_keep;
    lua_open();
    for (int i = 0; i < 20; i++) {
        double runtime = lua_load(NULL);

        guest_echo(guest_tq, 3);
        CHECK_TEXT(lua_call(runtime, "m", "x"), "x");
        nginx_run_ms(5); /* they are inside, and wait */
        resty_ffi_lua_unload(runtime);
        lua_start_load(&load, NULL, NULL);
        lua_await(&load);
        lua_start_call(&call, load.runtime, "m", "nobody polls", 12, 20);
        lua_await(&call);
        CHECK_INT(call.status, RESTY_FFI_LUA_TIMED_OUT);
        while (guest_ended() < 3 * (i + 1)) {
            nginx_turn(1);
        }
        resty_ffi_lua_unload(load.runtime);
    }
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(poll_yieldsBatches_ofAllQueues_inOrder),
        CASE(add_takesWhatWaits_andEndsTaskPoll),
        CASE(groups_areLimited),
        CASE(add_endsAPollThatIsInside),
        CASE(wake_endsThePollThatWaits_orTheNext),
        CASE(wake_endsOnePollOnly),
        CASE(timeout_ofARunningCall_isACancelEvent),
        CASE(killedCaller_isACancelEvent),
        CASE(closedVm_isACancelEvent),
        CASE(cancelEvent_ofAnAnsweredTask_isTakenBack),
        CASE(queuedCall_thatTimesOut_isNeverPolled),
        CASE(unload_comesAfterTheCalls_andClosesWhenDone),
        CASE(add_ofAnUnloadedQueue_yieldsUnload),
        CASE(done_answersWhatTheRuntimeLeft),
        CASE(requestThatWasLeft_isReadable_untilTheRuntimeResponds),
        CASE(requestThatWasLeft_mayBeTheLateReply),
        CASE(lateRespond_beforeTheCallerTakesTheHostsAnswer),
        CASE(callThatTimedOut_andWasLeft_isForgotten),
        CASE(tasksThatWereLeft_areNotLost),
        CASE(failedLoad_leavesWhatItPolledReadable),
        CASE(lateRespond_afterNginxsEnd_isRefused),
        CASE(everyPoller_getsItsNull),
        CASE(waitingCalls_areAnsweredBeforeThePollersEnd),
        CASE(pollers_ofAnUnloadedQueue_doNotServeTheNext),
        CASE(loadAndUnload_again_usesNewHandles),
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
