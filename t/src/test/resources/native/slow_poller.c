/*
 * A library for the plain ABI whose thread is in its code for a while where the config says so:
 * "between" two polls, "before" the first one, "after" the NULL; with "fails" libffi_init fails
 * though the thread has been started, which polls later; with "never" libffi_init never returns.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resty_ffi.h"

#ifndef MILLIS
#define MILLIS 500 /* "a while" */
#endif

typedef struct {
    void *tq;
    char where[32];
} poller_t;

static void linger(const poller_t *poller, const char *where)
{
    if (strcmp(poller->where, where) == 0) {
        for (int i = 0; i < MILLIS; i += 5) {
            usleep(5 * 1000);
        }
    }
}

static void *run(void *argument)
{
    poller_t *poller = argument;
    void *task;
    linger(poller, "before");
    linger(poller, "fails");
    while ((task = ngx_http_lua_ffi_task_poll(poller->tq)) != NULL) {
        ngx_http_lua_ffi_respond(task, 0, strdup("polled"), 6);
        linger(poller, "between");
    }
    linger(poller, "after");
    free(poller);
    return NULL;
}

RESTY_FFI_API int libffi_init(char *cfg, void *tq)
{
    poller_t *poller = calloc(1, sizeof(*poller));
    pthread_t thread;
    while (strcmp(cfg, "never") == 0) {
        pause();
    }
    poller->tq = tq;
    strncpy(poller->where, cfg, sizeof(poller->where) - 1);
    if (pthread_create(&thread, NULL, run, poller) != 0) {
        return 2;
    }
    pthread_detach(thread);
    return strcmp(cfg, "fails") == 0 ? 1 : 0;
}
