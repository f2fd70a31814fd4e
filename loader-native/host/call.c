/* Calls: post, answer, take; callers that do not come back. */
#include "call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queue.h"
#include "runtime.h"
#include "watch.h"

#define REAP_MAX 4000 /* tasks that are looked at in one turn of the event loop: some 100 us */

/* ---- post ----------------------------------------------------------------------------------- */

/* nginx's thread. The caller waits from here on, or `err` says why not and the task is gone. */
static bool wait_for(task_t *task, semaphore_t *semaphore, const caller_t *caller, char *err,
                     size_t size)
{
    if (!semaphore_wait(semaphore, caller->r, caller->timeout_ms, err, size)) {
        semaphore_give_back(semaphore, false);
        task_free(task);
        return false;
    }
    task->semaphore = semaphore;
    task->vm = caller->vm;
    task->endless = caller->timeout_ms > 0 ? NULL : caller->r;
    return true;
}

/* nginx's thread. */
double call_post(const caller_t *caller, struct runtime *runtime, const char *req, size_t req_len,
                 const char *method, size_t method_len, char *err, size_t size)
{
    queue_t *queue = runtime->queue;
    semaphore_t *semaphore = semaphore_take(caller->r, err, size);
    task_t *task;

    if (semaphore == NULL) {
        return 0;
    }
    if (atomic_load(&queue->outstanding) >= queue->max_queue) {
        snprintf(err, size, "post failed, queue full");
        semaphore_give_back(semaphore, false);
        return 0;
    }
    task = task_new(queue, req, req_len, method, method_len);
    if (task == NULL) {
        snprintf(err, size, "post failed, no memory");
        semaphore_give_back(semaphore, false);
        return 0;
    }
    if (caller->timeout_ms > 0) {
        task->deadline_ms = now_ns() / NS_PER_MS + (int64_t) caller->timeout_ms;
    }
    if (!wait_for(task, semaphore, caller, err, size)) {
        return 0;
    }
    queue_post(queue, task);
    watch_arm();
    return task_ref(task);
}

/* nginx's thread. */
double call_wait_for_load(const caller_t *caller, struct runtime *runtime, char *err, size_t size)
{
    semaphore_t *semaphore = semaphore_take(caller->r, err, size);
    task_t *task;

    if (semaphore == NULL) {
        return 0;
    }
    task = task_new(NULL, NULL, 0, NULL, 0);
    if (task == NULL) {
        snprintf(err, size, "no memory");
        semaphore_give_back(semaphore, false);
        return 0;
    }
    if (!wait_for(task, semaphore, caller, err, size)) {
        return 0;
    }
    runtime_retain(runtime);
    task->runtime = runtime;
    watch_arm();
    return task_ref(task);
}

/* ---- answer --------------------------------------------------------------------------------- */

/* nginx's thread. Nobody waits for its answer. Frees it, unless its runtime may still read it. */
static void forget(task_t *task)
{
    struct runtime *runtime = task->runtime;

    if (task->awaits_respond) {
        task_leave(task);
        return;
    }
    task_free(task);
    if (runtime != NULL) {
        runtime_release(runtime);
    }
}

/* nginx's thread. The caller is gone, or has taken the answer. */
static void let_go(task_t *task, bool woken)
{
    semaphore_give_back(task->semaphore, woken);
    task->semaphore = NULL;
}

/* nginx's thread. The answer is there: wakes the caller. */
static void deliver(task_t *task)
{
    task->delivered = true;
    if (task->semaphore == NULL) {
        forget(task);
    } else if (semaphore_is_waited_for(task->semaphore)) {
        semaphore_post(task->semaphore);
    } else {
        let_go(task, false);
        forget(task);
    }
}

/* nginx's thread. */
void call_replied(task_t *task)
{
    if (!task->awaits_respond) {
        deliver(task);
        return;
    }
    task->awaits_respond = false; /* late: the caller has had, or will have, the host's answer */
    if (task->left) {
        forget(task);
    }
}

/* Any thread. For a task that the host has answered already: frees what was kept for the runtime.
 */
static bool respond_late(task_t *task, uint64_t handle, char *rsp)
{
    if (!task_move(task, handle, TASK_FAILED, TASK_ANSWERED)) {
        return false;
    }
    if (rsp != task->req) { /* which goes with the task */
        free(rsp);
    }
    (void) messages_push(&task->message);
    host_log(LOG_INFO, "respond came too late: the runtime of task 0x%llx had ended without it",
             (unsigned long long) handle);
    return true;
}

/* Any thread. */
bool call_respond(uint64_t handle, int rc, char *rsp, size_t len)
{
    task_t *task = task_of(handle);

    if (task == NULL || !task_move(task, handle, TASK_POLLED, TASK_ANSWERING)) {
        if (task == NULL || !respond_late(task, handle, rsp)) {
            free(rsp);
            host_log(LOG_ERROR, "respond refused: task 0x%llx is %s", (unsigned long long) handle,
                     task == NULL ? "no task of this host"
                                  : "answered already, or of an ended runtime");
        }
        return false;
    }
    if (rsp != task->req) { /* it may hand the request back as the reply */
        free(task->req);
    }
    task->req = NULL;
    task->rc = rc;
    task->rsp = rsp;
    task->rsp_len = len;
    /* Before the caller can see the reply: who has got it may post the next call. */
    atomic_fetch_sub(&task->queue->outstanding, 1);
    (void) task_move(task, handle, TASK_ANSWERING, TASK_ANSWERED);
    (void) messages_push(&task->message);
    return true;
}

/* nginx's thread. An answer of the host's own. False: a reply is on its way. */
static bool fail(task_t *task, const char *text)
{
    uint64_t handle = task_handle(task);

    if (queue_withdraw(task->queue, task)) {
        (void) task_move(task, handle, TASK_QUEUED, TASK_ANSWERED);
    } else if (task_move(task, handle, TASK_POLLED, TASK_FAILED)) {
        task->awaits_respond = true;
        atomic_store(&task->cancel_reason, RESTY_FFI_CANCEL_ENDED);
        atomic_fetch_sub(&task->queue->outstanding, 1);
    } else {
        return false;
    }
    task->host_failed = true;
    task->failure = strdup(text);
    return true;
}

/* nginx's thread. */
void calls_fail(struct queue *queue, const char *text)
{
    task_t *next;

    for (task_t *task = tasks_first(); task != NULL; task = next) {
        next = task->next;
        if (task->queue == queue && !task->delivered && fail(task, text)) {
            deliver(task);
        }
    }
}

/* nginx's thread. */
void calls_loaded(struct runtime *runtime)
{
    task_t *next;

    for (task_t *task = tasks_first(); task != NULL; task = next) {
        next = task->next;
        if (task->runtime == runtime && !task->delivered) {
            (void) task_move(task, task_handle(task), TASK_WAITING, TASK_ANSWERED);
            deliver(task);
        }
    }
}

/* ---- take ----------------------------------------------------------------------------------- */

/* nginx's thread. The caller does not wait any more, and there is no answer. */
static void cancel(task_t *task, enum resty_ffi_cancel_reason reason)
{
    if (task->queue == NULL) {
        forget(task);
    } else if (queue_withdraw(task->queue, task)) {
        forget(task);
    } else {
        /* call_replied frees it. */
        queue_cancel(task->queue, task, reason);
    }
}

/* nginx's thread. */
static void take_answer(task_t *task, call_answer_t *to)
{
    if (task->runtime != NULL) {
        to->status = CALL_LOADED;
        return;
    }
    if (task->host_failed) {
        to->status = CALL_HOST_ERROR;
        to->text = task->failure;
        to->len = task->failure == NULL ? 0 : strlen(task->failure);
        task->failure = NULL;
        return;
    }
    to->status = task->rc == 0 ? CALL_REPLIED : CALL_FAILED;
    to->rc = task->rc;
    to->text = task->rsp;
    to->len = task->rsp_len;
    task->rsp = NULL;
}

/* nginx's thread. Even without a time-out nginx's timer goes off, after 24.8 days. */
static bool wait_again(const task_t *task)
{
    char err[128];

    return task->endless != NULL &&
           semaphore_wait(task->semaphore, task->endless, 0, err, sizeof(err));
}

/* nginx's thread. Whether there is an answer, the task itself says: timers run before posts. */
call_answer_t call_take(double ref, bool woken)
{
    call_answer_t to = {.status = CALL_TIMED_OUT};
    task_t *task = task_of_ref(ref);
    bool answered;

    if (task == NULL || task->semaphore == NULL) {
        to.status = CALL_HOST_ERROR; /* misuse of the interface to Lua */
        to.text = strdup("no such call");
        to.len = to.text == NULL ? 0 : strlen(to.text);
        return to;
    }
    to.runtime = task->runtime;
    if (to.runtime != NULL) {
        runtime_retain(to.runtime);
    }
    answered = task->host_failed || task_state(task) == TASK_ANSWERED;
    if (!answered && wait_again(task)) {
        to.status = CALL_WAITS;
        return to;
    }
    let_go(task, woken);
    if (answered) {
        take_answer(task, &to);
        if (task->delivered) {
            forget(task);
        }
    } else {
        cancel(task, RESTY_FFI_CANCEL_TIMEOUT);
    }
    return to;
}

/* ---- callers that died ---------------------------------------------------------------------- */

/* nginx's thread. The task's semaphore has been let go. */
static void caller_died(task_t *task, enum resty_ffi_cancel_reason reason)
{
    if (task->delivered) {
        forget(task);
    } else if (task_state(task) != TASK_ANSWERED) { /* else call_replied comes */
        cancel(task, reason);
    }
}

/* nginx's thread. */
void calls_reap(void)
{
    int n = tasks_in_flight();

    for (n = n > REAP_MAX ? REAP_MAX : n; n > 0; n--) {
        task_t *task = tasks_next_in_round();

        if (task != NULL && task->semaphore != NULL && !semaphore_is_waited_for(task->semaphore)) {
            let_go(task, false);
            caller_died(task, RESTY_FFI_CANCEL_CLIENT_GONE);
        }
    }
}

/* nginx's thread. */
void calls_abandon(uint64_t vm, bool at_end)
{
    task_t *next;

    for (task_t *task = tasks_first(); task != NULL; task = next) {
        next = task->next;
        if (task->semaphore == NULL || (vm != 0 && task->vm != vm)) {
            continue;
        }
        if (at_end || semaphore_is_waited_for(task->semaphore)) {
            task->semaphore = NULL; /* never to be posted again */
            caller_died(task, RESTY_FFI_CANCEL_ENDED);
        } else {
            let_go(task, false);
            caller_died(task, RESTY_FFI_CANCEL_CLIENT_GONE); /* before its VM */
        }
    }
}
