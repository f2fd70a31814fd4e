/*
 * What lualib/resty_ffi.lua calls, through LuaJIT's FFI. The two come together: the Lua side
 * compares resty_ffi_lua_layout() with its own declarations before anything else.
 *
 * Numbers are doubles where Lua would have to box a 64-bit integer. All on nginx's thread.
 */
#ifndef LUA_API_H
#define LUA_API_H

#include "resty_ffi.h"

enum resty_ffi_lua_status {
    RESTY_FFI_LUA_OK = 0,         /* a reply; a runtime */
    RESTY_FFI_LUA_FAILED = 1,     /* rc and text: of the guest; of a load */
    RESTY_FFI_LUA_HOST_ERROR = 2, /* text */
    RESTY_FFI_LUA_TIMED_OUT = 3,
    RESTY_FFI_LUA_AGAIN = 4, /* of a take: yield once more, and take again */
};

typedef struct {
    double runtime;    /* a load's */
    double timeout_ms; /* a load's: of its calls */
    const char *text;  /* NULL: nil. Valid until the next call of this interface */
    double len;        /* of text */
    int32_t status;    /* enum resty_ffi_lua_status */
    int32_t rc;
} resty_ffi_lua_result_t;

/* Versions, sizes and offsets, as text. */
RESTY_FFI_API const char *resty_ffi_lua_layout(void);

/*
 * A lua_CFunction, for package.loadlib: true if the coroutine that calls it can yield, and not from
 * below a C function. (lua_State *L: this library knows no header of Lua.)
 */
RESTY_FFI_API int resty_ffi_lua_can_yield(void *L);

/* A Lua VM begins to use the host. 0: result->text says why it cannot. */
RESTY_FFI_API double resty_ffi_lua_open(resty_ffi_lua_result_t *result);
/* A Lua VM ends. */
RESTY_FFI_API void resty_ffi_lua_close(double vm);

/* 0: set, or the same as before; 1: it has another value, and keeps it; -1: no memory. */
RESTY_FFI_API int resty_ffi_lua_setting(const char *name, const char *value);

enum resty_ffi_lua_load_flags {
    RESTY_FFI_LUA_GLOBAL = 1,
    RESTY_FFI_LUA_UNPIN = 2,
    RESTY_FFI_LUA_CAN_YIELD = 4,
};

/*
 * 0: done, as `result` says. Else the caller has to yield, and then to call
 * resty_ffi_lua_load_take with this number. `cfg` may be NULL.
 */
RESTY_FFI_API double resty_ffi_lua_load(resty_ffi_lua_result_t *result, void *r, double vm,
                                        const char *key, const char *lib, const char *cfg,
                                        const char *options, double max_queue, double timeout_ms,
                                        int flags);
RESTY_FFI_API void resty_ffi_lua_load_take(resty_ffi_lua_result_t *result, double ref, int woken);

/* 1: loaded, and not unloaded since. */
RESTY_FFI_API int resty_ffi_lua_is_ready(double runtime);
RESTY_FFI_API void resty_ffi_lua_unload(double runtime);

/* OK, with the text that the runtime has given to resty_ffi_set_status, or NULL. */
RESTY_FFI_API void resty_ffi_lua_status(resty_ffi_lua_result_t *result, double runtime);

/* As resty_ffi_lua_load. `req` may be NULL; `timeout_ms` 0: none. */
RESTY_FFI_API double resty_ffi_lua_call(resty_ffi_lua_result_t *result, void *r, double vm,
                                        double runtime, const char *req, double req_len,
                                        const char *method, double method_len, double timeout_ms);
RESTY_FFI_API void resty_ffi_lua_take(resty_ffi_lua_result_t *result, double ref, int woken);

/* Frees result->text early. */
RESTY_FFI_API void resty_ffi_lua_release(void);

/* A line of resty_ffi.lua's own, at nginx's level. */
RESTY_FFI_API void resty_ffi_lua_log(int level, const char *text);

#endif
