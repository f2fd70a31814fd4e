/* A library for the extended ABI: it answers every call with its runtime's options. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "resty_ffi.h"

typedef struct {
    void *tq;
    char *options;
    size_t len;
} runtime_t;

static void *run(void *argument)
{
    runtime_t *runtime = argument;
    void *task;
    while ((task = ngx_http_lua_ffi_task_poll(runtime->tq)) != NULL) {
        char *reply = malloc(runtime->len + 1);
        memcpy(reply, runtime->options, runtime->len);
        resty_ffi_respond(task, 0, reply, runtime->len);
    }
    free(runtime->options);
    free(runtime);
    return NULL;
}

RESTY_FFI_API int libffi_init(char *cfg, void *tq)
{
    runtime_t *runtime = calloc(1, sizeof(*runtime));
    pthread_t thread;
    (void) cfg;
    runtime->tq = tq;
    runtime->options = strdup(resty_ffi_options(tq, &runtime->len));
    if (pthread_create(&thread, NULL, run, runtime) != 0) {
        return 1;
    }
    pthread_detach(thread);
    return 0;
}
