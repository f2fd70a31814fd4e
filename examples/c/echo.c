/*
 * An echo in C for the host's ABI: a library that exports libffi_init() and answers tasks from a
 * thread of its own. The host calls resolve at run time; nothing of it is linked.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "resty_ffi.h"

/* Runs on a thread of its own until the runtime is unloaded. */
static void *serve(void *tq)
{
    void *task;

    while ((task = ngx_http_lua_ffi_task_poll(tq)) != NULL) {
        int len = 0;
        const char *req = ngx_http_lua_ffi_get_req(task, &len);
        char *reply = req == NULL ? NULL : malloc((size_t) len + 1);

        if (reply != NULL) {
            memcpy(reply, req, (size_t) len);
            reply[len] = '\0';
        }
        ngx_http_lua_ffi_respond(task, 0, reply, len); /* the host frees reply */
    }
    return NULL;
}

/* Runs on the host's load thread. */
__attribute__((visibility("default"))) int libffi_init(char *cfg, void *tq)
{
    pthread_t thread;

    (void) cfg;
    if (pthread_create(&thread, NULL, serve, tq) != 0) {
        return 1;
    }
    pthread_detach(thread);
    return 0;
}
