/*
 * A stream of operations on the host: Lua loads, calls, gives up and unloads, a runtime polls and
 * responds, well or not, and anybody uses handles that he has made up. All on one thread, so that
 * an input does the same each time. What each call has to end with is known; at the end of an input
 * everything is ended, and nothing may be left.
 */
#include "fuzz.h"

#include "../test/host_fake_lua.h"
#include "../test/host_guest.h"
#include "../test/loader_test.h"
#include "call.h"
#include "queue.h"
#include "runtime.h"
#include "task.h"

#include <stdlib.h>
#include <string.h>

#define MAX_QUEUE 8
#define RUNTIMES 4 /* the even ones in a group; the last one's load fails at times */
#define CALLS 24
#define TASKS_MAX 64
#define QUEUES_MAX 64 /* of one input: loads that were tried */
#define LONG_MS 1e6   /* a time-out that does not come by itself */

typedef struct {
    lua_op_t op;
    bool loaded;
} runtime_t_;

/* Of a load, which may be over; it stays in the list. */
typedef struct {
    void *tq;
    bool grouped;   /* its tag is its place in the list */
    bool unloading; /* UNLOAD has been polled, and it is not done */
    bool told;      /* UNLOAD has been polled, or nobody has to */
} queue_t_;

typedef struct {
    lua_op_t op;
    bool used;
    bool dead; /* killed: it does not end */
    bool endless;
    uint32_t number; /* in its request */
} call_t_;

/* A task that was polled. */
typedef struct {
    void *handle;
    uint32_t number;
    bool answered;
} task_t_;

static void *group;
static runtime_t_ runtimes[RUNTIMES];
static queue_t_ queues[QUEUES_MAX];
static int queue_count;
static call_t_ calls[CALLS];
static task_t_ tasks[TASKS_MAX];
static int task_count;
static uint32_t last_number;
static bool fails; /* the next load of the last runtime */

/* The load thread; nginx's waits for it. */
static int init(char *cfg, void *tq)
{
    int i = cfg[0] - '0', place = queue_count++;

    queues[place] = (queue_t_){.tq = tq, .grouped = i % 2 == 0};
    if (queues[place].grouped) {
        CHECK_INT(resty_ffi_group_add(group, tq, place), 0);
    }
    if (i == RUNTIMES - 1 && fails) {
        queues[place].told = true;
        resty_ffi_load_failed(tq, "as it should", 12);
        return 3;
    }
    return 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    test_on_failure = abort;
    guest_init = init;
    lua_open();
    group = resty_ffi_group_create();
    CHECK(group != NULL);
    return 0;
}

static char *put(char *to, bytes_t bytes)
{
    return bytes.left == 0 ? to : (char *) memcpy(to, bytes.at, bytes.left) + bytes.left;
}

/* ---- Lua's side ----------------------------------------------------------------------------- */

static void load(int i, bool now_fails)
{
    const lua_load_t how = {.max_queue = MAX_QUEUE};
    char cfg[2] = {(char) ('0' + i), '\0'};

    if (queue_count == QUEUES_MAX) {
        return;
    }
    fails = now_fails;
    lua_clear(&runtimes[i].op);
    lua_start_load(&runtimes[i].op, cfg, &how);
    lua_await(&runtimes[i].op);
    if (runtimes[i].op.status == RESTY_FFI_LUA_OK) {
        runtimes[i].loaded = true;
    } else {
        CHECK_INT(i, RUNTIMES - 1);
        CHECK_TEXT(runtimes[i].op.text, "as it should");
    }
}

static void unload(int i)
{
    if (runtimes[i].loaded) {
        resty_ffi_lua_unload(runtimes[i].op.runtime);
        runtimes[i].loaded = false;
    }
}

/* The request is the call's number and the rest of an input, so that bytes of all kinds pass. */
static void start_call(call_t_ *call, bytes_t *bytes)
{
    int i = take_byte(bytes) % RUNTIMES;
    bool endless = take_byte(bytes) % 2 == 0;
    bytes_t method = take_bytes(bytes, 100), more = take_bytes(bytes, 200);
    char name[128], req[256];

    *put(name, method) = '\0';
    call->number = ++last_number;
    memcpy(req, &call->number, 4);
    put(req + 4, more);
    call->used = true;
    call->dead = false;
    call->endless = endless;
    lua_start_call(&call->op, runtimes[i].op.runtime, name, req, 4 + more.left,
                   endless ? 0 : LONG_MS);
    CHECK(call->op.done || runtimes[i].loaded);
    CHECK(call->op.done || runtime_by_id(runtimes[i].op.runtime)->queue->outstanding <= MAX_QUEUE);
}

/* Its reply has its number and what the runtime says of it. */
static void finish_call(call_t_ *call)
{
    const lua_op_t *op = &call->op;

    switch (op->status) {
    case RESTY_FFI_LUA_OK:
    case RESTY_FFI_LUA_FAILED:
        CHECK((op->status == RESTY_FFI_LUA_FAILED) == (op->rc != 0));
        CHECK(op->len >= 4 && memcmp(op->text, &call->number, 4) == 0);
        break;
    case RESTY_FFI_LUA_TIMED_OUT:
        CHECK(!call->endless);
        break;
    default:
        CHECK(strcmp(op->text, "post failed, queue full") == 0 ||
              strcmp(op->text, "task queue is finished") == 0 ||
              strcmp(op->text, "the runtime ended without an answer") == 0);
    }
    call->used = false;
    lua_clear(&call->op);
}

static void finish_calls(void)
{
    for (int i = 0; i < CALLS; i++) {
        if (calls[i].used && !calls[i].dead && calls[i].op.done) {
            finish_call(&calls[i]);
        }
    }
}

static void kill_call(call_t_ *call)
{
    if (call->used && !call->dead && !call->op.done) {
        nginx_kill(&call->op.coroutine);
        call->dead = true;
    }
}

static void expire_call(call_t_ *call)
{
    if (call->used && !call->dead && !call->op.done) {
        nginx_expire(&call->op.coroutine);
    }
}

static void renew_vm(bool close_first)
{
    double old = lua_vm();

    for (int i = 0; i < CALLS; i++) {
        kill_call(&calls[i]);
    }
    if (close_first) {
        lua_close_vm(old);
    }
    lua_open();
    if (!close_first) {
        lua_close_vm(old);
    }
}

/* ---- the runtimes' side --------------------------------------------------------------------- */

static void hold(void *handle)
{
    int len;
    const char *req = ngx_http_lua_ffi_get_req(handle, &len);

    CHECK(req != NULL && len >= 4 && task_count < TASKS_MAX);
    tasks[task_count] = (task_t_){.handle = handle};
    memcpy(&tasks[task_count++].number, req, 4);
}

/* NULL: it is closed. */
static queue_t *queue_of_runtime(void *tq)
{
    for (int i = 0; i < RUNTIMES; i++) {
        runtime_t *runtime = runtime_by_id(runtimes[i].op.runtime);

        if (runtime != NULL && runtime->queue != NULL &&
            queue_handle(runtime->queue) == (uintptr_t) tq) {
            return runtime->queue;
        }
    }
    return NULL;
}

/* Where it would not wait. */
static void poll_queue(const queue_t_ *of)
{
    queue_t *queue = queue_of_runtime(of->tq);
    void *handle;

    if (of->grouped || task_count == TASKS_MAX ||
        (queue != NULL && queue->own.pending == 0 && !queue->finishing)) {
        return;
    }
    handle = ngx_http_lua_ffi_task_poll(of->tq);
    if (handle != NULL) {
        hold(handle);
    }
}

static bool is_unanswered(void *handle)
{
    for (int i = 0; i < task_count; i++) {
        if (tasks[i].handle == handle) {
            return !tasks[i].answered;
        }
    }
    return false;
}

/* Of a task that was polled; it may have been answered meanwhile. */
static void check_cancel(void *handle, int reason)
{
    task_t *task = task_of((uintptr_t) handle);

    CHECK(task != NULL && !task_move(task, (uintptr_t) handle, TASK_QUEUED, TASK_QUEUED));
    CHECK(resty_ffi_task_cancelled(handle) == reason || !is_unanswered(handle));
}

static void poll_group(int max)
{
    resty_ffi_event_t events[8];
    int n, room = TASKS_MAX - task_count;

    max = max > room ? room : max;
    n = max == 0 ? 0 : resty_ffi_group_poll(group, events, max, 0);
    CHECK(n >= 0 && n <= max);
    for (int k = 0; k < n; k++) {
        void *handle = (void *) (uintptr_t) events[k].task;

        CHECK(events[k].tag >= 0 && events[k].tag < queue_count && queues[events[k].tag].grouped);
        switch ((enum resty_ffi_event_kind) events[k].kind) {
        case RESTY_FFI_EVENT_TASK:
            CHECK(ngx_http_lua_ffi_get_req(handle, NULL) == events[k].req);
            hold(handle);
            break;
        case RESTY_FFI_EVENT_CANCEL:
            check_cancel(handle, events[k].reason);
            break;
        case RESTY_FFI_EVENT_UNLOAD:
            queues[events[k].tag].unloading = queues[events[k].tag].told = true;
            break;
        }
    }
}

/* Until it is answered its request is there, whatever has become of its caller and its queue. */
static void check_request(const task_t_ *task)
{
    const char *req = ngx_http_lua_ffi_get_req(task->handle, NULL);

    CHECK(task->answered || (req != NULL && memcmp(req, &task->number, 4) == 0));
}

/* It may be refused where the host has answered in the runtime's place, or it is the second. */
static void respond(task_t_ *task, int rc, bytes_t more, bool plain)
{
    char *rsp = malloc(4 + more.left);

    check_request(task);
    memcpy(rsp, &task->number, 4);
    put(rsp + 4, more);
    if (plain) {
        ngx_http_lua_ffi_respond(task->handle, rc, rsp, 4 + (int) more.left);
    } else if (resty_ffi_respond(task->handle, rc, rsp, 4 + more.left) == 0) {
        CHECK(!task->answered);
    }
    task->answered = true;
}

static void respond_with_the_request(task_t_ *task)
{
    int len;
    char *req = task->answered ? NULL : ngx_http_lua_ffi_get_req(task->handle, &len);

    if (req != NULL) {
        ngx_http_lua_ffi_respond(task->handle, 0, req, len);
        task->answered = true;
    }
}

static void forget_answered(void)
{
    int left = 0;

    for (int i = 0; i < task_count; i++) {
        if (!tasks[i].answered) {
            tasks[left++] = tasks[i];
        }
    }
    task_count = left;
}

static void queue_done(queue_t_ *queue)
{
    if (queue->unloading) {
        resty_ffi_queue_done(queue->tq);
        queue->unloading = false;
    }
}

/* ---- what nobody should do ------------------------------------------------------------------ */

static bool is_somebodys(uint64_t handle)
{
    for (int i = 0; i < queue_count; i++) {
        if ((uintptr_t) queues[i].tq == handle) {
            return true;
        }
    }
    return handle == (uintptr_t) group || is_unanswered((void *) (uintptr_t) handle);
}

/* A handle near those that exist, or anywhere. */
static void use_made_up_handle(bytes_t *bytes)
{
    uint64_t near_by[] = {0, (uintptr_t) group, (uintptr_t) queues[0].tq, (uintptr_t) queues[1].tq,
                          task_count > 0 ? (uintptr_t) tasks[0].handle : 1};
    uint64_t handle = near_by[take_byte(bytes) % 5], bits = 0;
    resty_ffi_event_t event;
    void *made_up;
    size_t len;

    for (uint8_t n = take_byte(bytes) % 9; n > 0; n--) {
        bits = bits << 8 | take_byte(bytes);
    }
    handle ^= bits << take_byte(bytes) % 64;
    made_up = (void *) (uintptr_t) handle;
    if (is_somebodys(handle)) {
        return;
    }
    CHECK_INT(resty_ffi_respond(made_up, 0, strdup("x"), 1), -1);
    CHECK(ngx_http_lua_ffi_get_req(made_up, NULL) == NULL);
    CHECK(resty_ffi_task_method(made_up, &len) == NULL);
    CHECK_INT(resty_ffi_task_cancelled(made_up), -1);
    CHECK_INT(resty_ffi_task_deadline_ms(made_up), 0);
    CHECK(ngx_http_lua_ffi_task_poll(made_up) == NULL);
    CHECK(resty_ffi_options(made_up, &len) == NULL);
    CHECK_INT(resty_ffi_group_add(made_up, made_up, 0), -1);
    CHECK_INT(resty_ffi_group_add(group, made_up, 0), -1);
    CHECK_INT(resty_ffi_group_poll(made_up, &event, 1, 0), -1);
    resty_ffi_group_wake(made_up);
    resty_ffi_queue_done(made_up);
    resty_ffi_load_failed(made_up, "x", 1);
    resty_ffi_set_status(made_up, "x", 1);
}

static void misuse(queue_t_ *queue, bytes_t *bytes)
{
    switch (take_byte(bytes) % 5) {
    case 0: /* it is in a group, or not there any more */
        if (queue != NULL && queue->grouped) {
            CHECK_INT(resty_ffi_group_add(group, queue->tq, 0), -1);
        }
        break;
    case 1: /* too early, or in a hurry, or twice */
        if (queue != NULL) {
            resty_ffi_queue_done(queue->tq);
            queue->told = true;
        }
        break;
    case 2: {
        bytes_t text = take_bytes(bytes, 50);

        CHECK_INT(resty_ffi_log(take_byte(bytes), (const char *) text.at, text.left), 0);
        break;
    }
    case 3:
        resty_ffi_group_wake(group);
        break;
    default:
        use_made_up_handle(bytes);
    }
}

/* ---- an input ------------------------------------------------------------------------------- */

static void run_one(bytes_t *bytes)
{
    uint8_t operation = take_byte(bytes), which = take_byte(bytes);
    int i = which % RUNTIMES;
    call_t_ *call = &calls[which % CALLS];
    task_t_ *task = task_count == 0 ? NULL : &tasks[which % task_count];
    queue_t_ *queue = queue_count == 0 ? NULL : &queues[which % queue_count];

    switch (operation % 16) {
    case 0:
        load(i, which >= 128);
        break;
    case 1:
        unload(i);
        break;
    case 2:
    case 3:
    case 4:
        if (!call->used) {
            start_call(call, bytes);
        }
        break;
    case 5:
        poll_group(which % 9);
        break;
    case 6:
        if (queue != NULL) {
            poll_queue(queue);
        }
        break;
    case 7:
    case 8:
        if (task != NULL) {
            respond(task, which < 128 ? 0 : which, take_bytes(bytes, 100), which % 2 == 0);
        }
        break;
    case 9:
        if (task != NULL) {
            respond_with_the_request(task);
        }
        break;
    case 10:
        kill_call(call);
        break;
    case 11:
        expire_call(call);
        break;
    case 12:
        renew_vm(which % 2 == 0);
        break;
    case 13:
        if (queue != NULL) {
            queue_done(queue);
        }
        break;
    case 14:
        misuse(queue, bytes);
        break;
    default:
        calls_reap();
        nginx_turn(0);
        finish_calls();
        forget_answered();
    }
}

/* All ends: what was polled is answered, queues are unloaded, and those that wait have their turn.
 */
static bool all_is_over(void *arg)
{
    bool over = tasks_in_flight() == 0 && !runtimes_are_cleaning_up();

    (void) arg;
    for (int i = 0; i < task_count; i++) {
        if (!tasks[i].answered) {
            respond(&tasks[i], 0, (bytes_t){0}, false);
        }
    }
    task_count = 0;
    poll_group(8);
    for (int i = 0; i < queue_count; i++) {
        poll_queue(&queues[i]);
        queue_done(&queues[i]);
    }
    calls_reap();
    finish_calls();
    return over && task_count == 0;
}

static void end(void)
{
    nginx_lose_notifies(0);
    for (int i = 0; i < RUNTIMES; i++) {
        unload(i);
    }
    nginx_run_until(all_is_over, NULL);
    for (int i = 0; i < CALLS; i++) {
        CHECK(!calls[i].used || calls[i].dead);
        calls[i] = (call_t_){0};
    }
    for (int i = 0; i < queue_count; i++) {
        CHECK(resty_ffi_options(queues[i].tq, NULL) == NULL);
        CHECK(!queues[i].grouped || queues[i].told);
    }
    queue_count = 0;
    for (int i = 0; i < RUNTIMES; i++) {
        lua_clear(&runtimes[i].op);
        runtimes[i] = (runtime_t_){0};
    }
    nginx_forget_log();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes_t bytes = {.at = data, .left = size};

    while (bytes.left > 0) {
        run_one(&bytes);
    }
    end();
    return 0;
}
