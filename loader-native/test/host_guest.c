#include "host_guest.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "loader_test.h"

static _Atomic int ended;

void *guest_tq;
__attribute__((visibility("default"))) _Atomic int guest_library_version;

static int echo_init(char *cfg, void *tq)
{
    (void) cfg;
    return guest_echo(tq, 1);
}

int (*guest_init)(char *cfg, void *tq) = echo_init;

/* What the library calls. */
int guest_library_init(char *cfg, void *tq);

__attribute__((visibility("default"))) int guest_library_init(char *cfg, void *tq)
{
    return guest_init(cfg, tq);
}

static void *echo(void *tq)
{
    void *task;

    while ((task = ngx_http_lua_ffi_task_poll(tq)) != NULL) {
        int len;
        char *req = ngx_http_lua_ffi_get_req(task, &len);
        char *rsp = NULL;

        if (req != NULL) {
            rsp = malloc((size_t) len + 1);
            memcpy(rsp, req, (size_t) len);
        }
        CHECK(resty_ffi_respond(task, 0, rsp, (size_t) len) == 0);
    }
    atomic_fetch_add(&ended, 1);
    return NULL;
}

int guest_echo(void *tq, int n)
{
    for (int i = 0; i < n; i++) {
        pthread_t thread;

        CHECK(pthread_create(&thread, NULL, echo, tq) == 0);
        pthread_detach(thread);
    }
    return 0;
}

int guest_ended(void)
{
    return atomic_load(&ended);
}

int guest_keep(char *cfg, void *tq)
{
    (void) cfg;
    guest_tq = tq;
    return 0;
}

void *guest_poll(void)
{
    void *task = ngx_http_lua_ffi_task_poll(guest_tq);

    CHECK(task != NULL);
    return task;
}

void guest_reply(void *task, const char *text)
{
    CHECK(resty_ffi_respond(task, 0, strdup(text), strlen(text)) == 0);
}
