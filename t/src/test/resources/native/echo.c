/*
 * A library for the plain ABI: two threads poll one queue and echo. The request picks what else:
 * "nil" answers nil, "empty" an unterminated empty reply, "fail" rc 3, "twice" answers twice,
 * "version" answers VERSION, "made-up" answers tasks that never were.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "resty_ffi.h"

#ifndef VERSION
#define VERSION "1"
#endif

static char *copy(const char *bytes, size_t len)
{
    char *buffer = malloc(len ? len : 1);
    memcpy(buffer, bytes, len);
    return buffer;
}

static void answer(void *task)
{
    int len = -1;
    char *req = ngx_http_lua_ffi_get_req(task, &len);
    if (req == NULL || strcmp(req, "nil") == 0) {
        ngx_http_lua_ffi_respond(task, 0, NULL, 0);
    } else if (strcmp(req, "empty") == 0) {
        ngx_http_lua_ffi_respond(task, 0, calloc(1, 1), 0);
    } else if (strcmp(req, "text") == 0) {
        ngx_http_lua_ffi_respond(task, 0, strdup("NUL-terminated"), 0);
    } else if (strcmp(req, "fail") == 0) {
        ngx_http_lua_ffi_respond(task, 3, strdup("it failed"), 0);
    } else if (strcmp(req, "failnil") == 0) {
        ngx_http_lua_ffi_respond(task, 4, NULL, 0);
    } else if (strcmp(req, "version") == 0) {
        ngx_http_lua_ffi_respond(task, 0, strdup(VERSION), 0);
    } else if (strcmp(req, "twice") == 0) {
        ngx_http_lua_ffi_respond(task, 0, strdup("once"), 0);
        ngx_http_lua_ffi_respond(task, 0, strdup("twice"), 0);
    } else if (strcmp(req, "made-up") == 0) {
        ngx_http_lua_ffi_respond(NULL, 0, strdup("nobody's"), 0);
        ngx_http_lua_ffi_respond((void *) (uintptr_t) 0x1234, 0, strdup("nobody's"), 0);
        ngx_http_lua_ffi_respond(task, 0, strdup("survived"), 0);
    } else {
        ngx_http_lua_ffi_respond(task, 0, copy(req, (size_t) len), len);
    }
}

static void *poll(void *tq)
{
    void *task;
    while ((task = ngx_http_lua_ffi_task_poll(tq)) != NULL) {
        answer(task);
    }
    return NULL;
}

RESTY_FFI_API int libffi_init(char *cfg, void *tq)
{
    if (cfg != NULL && strcmp(cfg, "refuse") == 0) {
        return 9;
    }
    for (int i = 0; i < 2; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, poll, tq) != 0) {
            return 1;
        }
        pthread_detach(thread);
    }
    return 0;
}
