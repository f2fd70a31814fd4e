/*
 * libhost_poller.so: a library whose own threads poll, as a user's does. The config says what the
 * thread does beside an echo: "slow" stays in the library for a while between two polls, "late"
 * before the first one, "cleanup" after its NULL; "fails" is "late" in a load that fails; "starts
 * another" has, beside a thread that ends at its NULL, one that never polls and ends after a while;
 * "" does nothing beside.
 */
#include "resty_ffi.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define A_WHILE_US (600 * 1000)

extern _Atomic int poller_library_ended; /* the test's: threads that are about to return */
RESTY_FFI_API int libffi_init(char *cfg, void *tq);

typedef struct {
    void *tq;
    char does[32];
} poller_t;

/* Stays in the code of this library, that is, and not in libc's until it is over. */
static void linger(const poller_t *poller, const char *when)
{
    if (strcmp(poller->does, when) == 0) {
        for (int i = 0; i < 60; i++) {
            usleep(A_WHILE_US / 60);
        }
    }
}

static void *poll_run(void *arg)
{
    poller_t *poller = arg;
    void *task;

    linger(poller, "late");
    linger(poller, "fails");
    while ((task = ngx_http_lua_ffi_task_poll(poller->tq)) != NULL) {
        ngx_http_lua_ffi_respond(task, 0, strdup("polled"), 6);
        linger(poller, "slow");
    }
    linger(poller, "cleanup");
    free(poller);
    poller_library_ended++;
    return NULL;
}

static void *other_run(void *arg)
{
    poller_t *poller = arg;

    linger(poller, "starts another");
    free(poller);
    poller_library_ended++;
    return NULL;
}

static void start(void *(*run)(void *), const char *cfg, void *tq)
{
    poller_t *poller = calloc(1, sizeof(*poller));
    pthread_t thread;

    poller->tq = tq;
    strncpy(poller->does, cfg, sizeof(poller->does) - 1);
    pthread_create(&thread, NULL, run, poller);
    pthread_detach(thread);
}

int libffi_init(char *cfg, void *tq)
{
    start(poll_run, cfg, tq);
    if (strcmp(cfg, "starts another") == 0) {
        start(other_run, cfg, tq);
    }
    return strcmp(cfg, "fails") == 0 ? 1 : 0;
}
