/* The interface to resty_ffi.lua. */
#include "lua_api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "lifecycle.h"
#include "runtime.h"
#include "settings.h"

/* nginx's thread. What result->text points to: a malloc'ed reply, or the line. */
static char *last_text;
static char line[1024];

/* nginx's thread. */
void resty_ffi_lua_release(void)
{
    free(last_text);
    last_text = NULL;
}

/* nginx's thread. */
static void result_clear(resty_ffi_lua_result_t *result)
{
    resty_ffi_lua_release();
    memset(result, 0, sizeof(*result));
}

/* nginx's thread. `text` stays where it is. */
static void result_text(resty_ffi_lua_result_t *result, enum resty_ffi_lua_status status,
                        const char *text)
{
    result->status = (int32_t) status;
    result->text = text;
    result->len = text == NULL ? 0 : (double) strlen(text);
}

#define FIELD(type, member) offsetof(type, member), sizeof(((type *) 0)->member)

/* nginx's thread. */
const char *resty_ffi_lua_layout(void)
{
    static char text[256];

    snprintf(text, sizeof(text),
             "%s result=%zu runtime=%zu/%zu timeout_ms=%zu/%zu text=%zu/%zu len=%zu/%zu "
             "status=%zu/%zu rc=%zu/%zu",
             RESTY_POLYGLOT_VERSION, sizeof(resty_ffi_lua_result_t),
             FIELD(resty_ffi_lua_result_t, runtime), FIELD(resty_ffi_lua_result_t, timeout_ms),
             FIELD(resty_ffi_lua_result_t, text), FIELD(resty_ffi_lua_result_t, len),
             FIELD(resty_ffi_lua_result_t, status), FIELD(resty_ffi_lua_result_t, rc));
    return text;
}

/* nginx's thread. A LuaJIT without lua_isyieldable is not asked: its yield says what is wrong. */
int resty_ffi_lua_can_yield(void *L)
{
    static int (*is_yieldable)(void *L);
    static void (*push_boolean)(void *L, int value);

    if (push_boolean == NULL) {
        void *found = dlsym(RTLD_DEFAULT, "lua_isyieldable");

        memcpy(&is_yieldable, &found, sizeof(found));
        found = dlsym(RTLD_DEFAULT, "lua_pushboolean");
        memcpy(&push_boolean, &found, sizeof(found));
        if (push_boolean == NULL) {
            return 0; /* nil */
        }
    }
    push_boolean(L, is_yieldable == NULL || is_yieldable(L));
    return 1;
}

/* nginx's thread, or one that must not be here, and then touches nothing. */
double resty_ffi_lua_open(resty_ffi_lua_result_t *result)
{
    uint64_t vm;

    if (!host_may_run_here()) {
        memset(result, 0, sizeof(*result));
        result_text(result, RESTY_FFI_LUA_HOST_ERROR,
                    "only nginx's own thread can load (not ngx.run_worker_thread)");
        return 0;
    }
    result_clear(result);
    vm = host_open_vm(line, sizeof(line));
    if (vm == 0) {
        result_text(result, RESTY_FFI_LUA_HOST_ERROR, line);
    }
    return (double) vm;
}

/* nginx's thread. */
void resty_ffi_lua_close(double vm)
{
    host_close_vm((uint64_t) vm);
}

/* nginx's thread. */
int resty_ffi_lua_setting(const char *name, const char *value)
{
    switch (setting_set(name, value)) {
    case SETTING_SET:
    case SETTING_SAME:
        return 0;
    case SETTING_OTHER:
        return 1;
    case SETTING_FULL:
        break;
    }
    return -1;
}

/* ---- load ----------------------------------------------------------------------------------- */

/* nginx's thread. */
static void result_runtime(resty_ffi_lua_result_t *result, runtime_t *runtime)
{
    switch (runtime->state) {
    case RUNTIME_LOADING:
    case RUNTIME_READY:
        result->status = RESTY_FFI_LUA_OK;
        result->runtime = runtime_id(runtime);
        result->timeout_ms = runtime->spec.timeout_ms;
        return;
    case RUNTIME_FAILED:
        snprintf(line, sizeof(line), "%s", runtime->error == NULL ? "no memory" : runtime->error);
        result_text(result, RESTY_FFI_LUA_FAILED, line);
        result->rc = runtime->rc;
        return;
    case RUNTIME_UNLOADED:
        result_text(result, RESTY_FFI_LUA_FAILED, "it was unloaded while it was being loaded");
        result->rc = -1;
        return;
    }
}

/* nginx's thread. */
double resty_ffi_lua_load(resty_ffi_lua_result_t *result, void *r, double vm, const char *key,
                          const char *lib, const char *cfg, const char *options, double max_queue,
                          double timeout_ms, int flags)
{
    const runtime_spec_t spec = {
        .key = key,
        .lib = lib,
        .cfg = cfg,
        .options = options,
        .max_queue = (int) max_queue,
        .timeout_ms = timeout_ms,
        .is_global = (flags & RESTY_FFI_LUA_GLOBAL) != 0,
        .unpin = (flags & RESTY_FFI_LUA_UNPIN) != 0,
    };
    const caller_t caller = {.r = r, .vm = (uint64_t) vm, .timeout_ms = timeout_ms};
    runtime_t *runtime;
    double ref;

    result_clear(result);
    runtime = runtime_find(key, lib);
    if (runtime == NULL) {
        runtime = runtime_new(&spec);
        if (runtime == NULL) {
            result_text(result, RESTY_FFI_LUA_FAILED, "no memory, or too many runtimes");
            result->rc = -1;
            return 0;
        }
    }
    if (runtime->state == RUNTIME_FAILED && !runtime_failed_lately(runtime)) {
        runtime_load(runtime, &spec);
    }
    if (runtime->state == RUNTIME_LOADING && (flags & RESTY_FFI_LUA_CAN_YIELD) != 0) {
        ref = call_wait_for_load(&caller, runtime, line, sizeof(line));
        if (ref != 0) {
            return ref;
        }
        /* This phase cannot wait: the runtime at once, its calls will wait for the load. */
    }
    result_runtime(result, runtime);
    return 0;
}

/* nginx's thread. */
void resty_ffi_lua_load_take(resty_ffi_lua_result_t *result, double ref, int woken)
{
    call_answer_t answer;

    result_clear(result);
    answer = call_take(ref, woken != 0);
    if (answer.runtime == NULL) {
        free(answer.text);
        result_text(result, RESTY_FFI_LUA_HOST_ERROR, "no such load");
        return;
    }
    if (answer.status == CALL_LOADED) {
        result_runtime(result, answer.runtime);
    } else if (answer.status == CALL_WAITS) {
        result->status = RESTY_FFI_LUA_AGAIN;
    } else {
        result_text(result, RESTY_FFI_LUA_TIMED_OUT, NULL);
    }
    runtime_release(answer.runtime);
}

/* nginx's thread. */
int resty_ffi_lua_is_ready(double id)
{
    const runtime_t *runtime = runtime_by_id(id);

    return runtime != NULL && runtime->state == RUNTIME_READY;
}

/* nginx's thread. */
void resty_ffi_lua_unload(double id)
{
    runtime_t *runtime = runtime_by_id(id);

    if (runtime != NULL) {
        runtime_unload(runtime);
    }
}

/* nginx's thread. Whether the runtime may serve; else the result says why not. */
static bool may_serve(resty_ffi_lua_result_t *result, const runtime_t *runtime)
{
    if (runtime == NULL || runtime->state == RUNTIME_UNLOADED) {
        result_text(result, RESTY_FFI_LUA_HOST_ERROR, "task queue is finished");
        return false;
    }
    if (runtime->state == RUNTIME_FAILED) {
        snprintf(line, sizeof(line), "load failed: %s",
                 runtime->error == NULL ? "no memory" : runtime->error);
        result_text(result, RESTY_FFI_LUA_HOST_ERROR, line);
        return false;
    }
    return true;
}

/* nginx's thread. */
void resty_ffi_lua_status(resty_ffi_lua_result_t *result, double id)
{
    const runtime_t *runtime = runtime_by_id(id);

    result_clear(result);
    if (!may_serve(result, runtime)) {
        return;
    }
    if (runtime->queue == NULL) { /* its library has ended it */
        result_text(result, RESTY_FFI_LUA_HOST_ERROR, "task queue is finished");
        return;
    }
    last_text = queue_status(runtime->queue);
    result_text(result, RESTY_FFI_LUA_OK, last_text);
}

/* ---- call ----------------------------------------------------------------------------------- */

/* nginx's thread. */
double resty_ffi_lua_call(resty_ffi_lua_result_t *result, void *r, double vm, double id,
                          const char *req, double req_len, const char *method, double method_len,
                          double timeout_ms)
{
    const caller_t caller = {.r = r, .vm = (uint64_t) vm, .timeout_ms = timeout_ms};
    runtime_t *runtime = runtime_by_id(id);
    double ref;

    result_clear(result);
    if (!may_serve(result, runtime)) {
        return 0;
    }
    ref = call_post(&caller, runtime, req, (size_t) req_len, method, (size_t) method_len, line,
                    sizeof(line));
    if (ref == 0) {
        result_text(result, RESTY_FFI_LUA_HOST_ERROR, line);
    }
    return ref;
}

/* nginx's thread. */
void resty_ffi_lua_take(resty_ffi_lua_result_t *result, double ref, int woken)
{
    call_answer_t answer;

    result_clear(result);
    answer = call_take(ref, woken != 0);
    switch (answer.status) {
    case CALL_REPLIED:
        result->status = RESTY_FFI_LUA_OK;
        break;
    case CALL_FAILED:
        result->status = RESTY_FFI_LUA_FAILED;
        break;
    case CALL_TIMED_OUT:
        result->status = RESTY_FFI_LUA_TIMED_OUT;
        break;
    case CALL_WAITS:
        result->status = RESTY_FFI_LUA_AGAIN;
        break;
    case CALL_HOST_ERROR:
    case CALL_LOADED:
        result->status = RESTY_FFI_LUA_HOST_ERROR;
        break;
    }
    result->rc = answer.rc;
    result->text = last_text = answer.text;
    result->len = (double) answer.len;
}

/* nginx's thread. */
void resty_ffi_lua_log(int level, const char *text)
{
    host_log(level, "%s", text);
}
