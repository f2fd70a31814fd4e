/*
 * lualib/resty_ffi.lua in C, as far as the host knows it: the same calls in the same order, for
 * coroutines of the fake nginx. All on nginx's thread.
 */
#ifndef HOST_FAKE_LUA_H
#define HOST_FAKE_LUA_H

#include "host_fake_nginx.h"
#include "lua_api.h"

/* A load or a call that is under way or done. Keep it until then. */
typedef struct {
    coroutine_t coroutine;
    bool is_load;
    double ref;
    bool done;
    int status; /* enum resty_ffi_lua_status, when done */
    int rc;
    char *text; /* NULL: nil */
    size_t len;
    double runtime;
} lua_op_t;

typedef struct {
    const char *lib; /* NULL: the test guest */
    const char *options;
    double max_queue; /* 0: 65536 */
    double timeout_ms;
    int flags; /* enum resty_ffi_lua_load_flags, beside CAN_YIELD */
    bool cannot_wait;
} lua_load_t;

/* A new Lua VM becomes the present one; the first one opens the host. */
void lua_open(void);
/* Opens and expects a refusal: its text. */
const char *lua_open_refused(void);
/* The present VM, or one that lua_vm() gave, ends. */
void lua_close(void);
void lua_close_vm(double vm);
double lua_vm(void);

void lua_start_load(lua_op_t *op, const char *cfg, const lua_load_t *how);
void lua_start_call(lua_op_t *op, double runtime, const char *method, const char *req,
                    size_t req_len, double timeout_ms);
void lua_await(lua_op_t *op);
/* Forgets what was done. */
void lua_clear(lua_op_t *op);

/* Loads the test guest and waits; fails the test if that fails. */
double lua_load(const char *cfg);
/* Calls with text and waits: the reply, as text, until the next such call. Fails if that fails. */
const char *lua_call(double runtime, const char *method, const char *req);
/* As lua_call, but for a call that the host refuses or fails: what it says. */
const char *lua_call_refused(double runtime, const char *method, const char *req);

/* Until no task is in flight: replies that came too late have arrived. */
void lua_settle(void);

#endif
