#include "host_fake_lua.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader_test.h"
#include "task.h"

static double vm;
static resty_ffi_lua_result_t result;

void lua_open(void)
{
    vm = resty_ffi_lua_open(&result);
    if (vm == 0) {
        test_fail(__FILE__, __LINE__, "resty_ffi_lua_open", result.text);
    }
}

const char *lua_open_refused(void)
{
    CHECK(resty_ffi_lua_open(&result) == 0);
    CHECK(result.status == RESTY_FFI_LUA_HOST_ERROR);
    return result.text;
}

void lua_close(void)
{
    resty_ffi_lua_close(vm);
}

void lua_close_vm(double number)
{
    resty_ffi_lua_close(number);
}

double lua_vm(void)
{
    return vm;
}

static void keep_result(lua_op_t *op)
{
    op->done = true;
    op->status = result.status;
    op->rc = result.rc;
    op->runtime = result.runtime;
    op->len = (size_t) result.len;
    op->text = NULL;
    if (result.text != NULL) {
        op->text = malloc(op->len + 1);
        memcpy(op->text, result.text, op->len);
        op->text[op->len] = '\0';
    }
}

static void resume(coroutine_t *coroutine, bool woken)
{
    lua_op_t *op = (lua_op_t *) (void *) ((char *) coroutine - offsetof(lua_op_t, coroutine));

    CHECK(!op->done);
    if (op->is_load) {
        resty_ffi_lua_load_take(&result, op->ref, woken);
    } else {
        resty_ffi_lua_take(&result, op->ref, woken);
    }
    if (result.status != RESTY_FFI_LUA_AGAIN) {
        keep_result(op);
    }
}

static void start(lua_op_t *op, bool is_load)
{
    memset(op, 0, sizeof(*op));
    op->is_load = is_load;
    op->coroutine.resume = resume;
    op->coroutine.in_waiting_phase = true;
}

void lua_start_load(lua_op_t *op, const char *cfg, const lua_load_t *how)
{
    const lua_load_t usual = {0};
    char lib[4096], key[8192];

    how = how == NULL ? &usual : how;
    start(op, true);
    op->coroutine.in_waiting_phase = !how->cannot_wait;
    snprintf(lib, sizeof(lib), "%s",
             how->lib == NULL ? test_built("test/libhost_guest.so") : how->lib);
    snprintf(key, sizeof(key), "%s&%s", lib, cfg == NULL ? "" : cfg);
    op->ref = resty_ffi_lua_load(&result, &op->coroutine, vm, key, lib, cfg,
                                 how->options == NULL ? "{}" : how->options,
                                 how->max_queue == 0 ? 65536 : how->max_queue, how->timeout_ms,
                                 how->flags | RESTY_FFI_LUA_CAN_YIELD);
    if (op->ref == 0) {
        keep_result(op);
    }
}

void lua_start_call(lua_op_t *op, double runtime, const char *method, const char *req,
                    size_t req_len, double timeout_ms)
{
    start(op, false);
    op->ref = resty_ffi_lua_call(&result, &op->coroutine, vm, runtime, req, (double) req_len,
                                 method, (double) strlen(method), timeout_ms);
    if (op->ref == 0) {
        keep_result(op);
    }
}

static bool is_done(void *op)
{
    return ((lua_op_t *) op)->done;
}

void lua_await(lua_op_t *op)
{
    nginx_run_until(is_done, op);
}

void lua_clear(lua_op_t *op)
{
    free(op->text);
    op->text = NULL;
}

double lua_load(const char *cfg)
{
    lua_op_t op;

    lua_start_load(&op, cfg, NULL);
    lua_await(&op);
    if (op.status != RESTY_FFI_LUA_OK) {
        test_fail(__FILE__, __LINE__, "lua_load", op.text);
    }
    lua_clear(&op);
    return op.runtime;
}

static const char *call(double runtime, const char *method, const char *req, int status)
{
    static lua_op_t op;

    lua_clear(&op);
    lua_start_call(&op, runtime, method, req, req == NULL ? 0 : strlen(req), 0);
    lua_await(&op);
    if (op.status != status) {
        test_fail(__FILE__, __LINE__, "status of a call", op.text == NULL ? "nil" : op.text);
    }
    return op.text;
}

const char *lua_call(double runtime, const char *method, const char *req)
{
    return call(runtime, method, req, RESTY_FFI_LUA_OK);
}

const char *lua_call_refused(double runtime, const char *method, const char *req)
{
    return call(runtime, method, req, RESTY_FFI_LUA_HOST_ERROR);
}

static bool is_settled(void *arg)
{
    (void) arg;
    return tasks_in_flight() == 0;
}

void lua_settle(void)
{
    nginx_run_until(is_settled, NULL);
}
