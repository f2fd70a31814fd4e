#include "nginx_process.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#define NGX_PROCESS_MASTER 1

/*
 * Any thread. nginx runs init_by_lua while it reads its configuration. At the first start it is not
 * yet a "master" then, but its table of event functions is empty: only a process that will serve
 * requests fills it. At a reload it is the master. A process that is not nginx has neither symbol.
 */
bool nginx_process_may_load(text_t *error)
{
    const uintptr_t *process = dlsym(RTLD_DEFAULT, "ngx_process");
    void *const *event_actions = dlsym(RTLD_DEFAULT, "ngx_event_actions");
    bool master = process != NULL && *process == NGX_PROCESS_MASTER;
    bool no_events = event_actions != NULL && event_actions[0] == NULL;
    if (master || no_events) {
        text_add(error, "a JVM cannot boot in nginx's master process (init_by_lua), as it does not "
                        "survive the fork of the workers: load in init_worker_by_lua or in a "
                        "request");
        return false;
    }
    return true;
}
