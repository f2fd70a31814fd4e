/*
 * Answers late: "keep" when its queue has ended, "forget" when the poller itself has ended, too,
 * and then "keep" again. Else it echoes.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "resty_ffi.h"

#define MAX_FORGOTTEN 8

static pthread_t poller;
static void *kept, *forgotten[MAX_FORGOTTEN];
static int forgotten_count;

static void answer(void *task, const char *text)
{
    ngx_http_lua_ffi_respond(task, 0, text != NULL ? strdup(text) : NULL, 0);
}

static void take(void *task)
{
    char *req = ngx_http_lua_ffi_get_req(task, NULL);
    if (req != NULL && strcmp(req, "keep") == 0) {
        kept = task;
    } else if (req != NULL && strcmp(req, "forget") == 0 && forgotten_count < MAX_FORGOTTEN) {
        forgotten[forgotten_count++] = task;
    } else {
        answer(task, req);
    }
}

static void *poll(void *tq)
{
    void *task;
    while ((task = ngx_http_lua_ffi_task_poll(tq)) != NULL) {
        take(task);
    }
    answer(kept, "late");
    return NULL;
}

static void *answer_afterwards(void *unused)
{
    (void) unused;
    pthread_join(poller, NULL);
    for (int i = 0; i < forgotten_count; i++) {
        answer(forgotten[i], "too late");
    }
    answer(kept, "once more");
    return NULL;
}

RESTY_FFI_API int libffi_init(char *cfg, void *tq)
{
    pthread_t afterwards;
    (void) cfg;
    return pthread_create(&poller, NULL, poll, tq) != 0 ||
           pthread_create(&afterwards, NULL, answer_afterwards, NULL) != 0 ||
           pthread_detach(afterwards) != 0;
}
