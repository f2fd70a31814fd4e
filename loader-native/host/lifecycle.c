/* Start and end. */
#include "lifecycle.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call.h"
#include "dispatch.h"
#include "hook.h"
#include "library.h"
#include "messages.h"
#include "nginx_api.h"
#include "runtime.h"
#include "semaphore.h"
#include "watch.h"

#define CLEAN_UP_NS (2000 * NS_PER_MS)

typedef struct vm {
    struct vm *next;
    uint64_t number;
    void *cycle;
} vm_t;

static struct {
    bool started;
    bool ended;
    pid_t pid;
    vm_t *vms;
    uint64_t last_number;
} host;

/* ---- end ------------------------------------------------------------------------------------ */

/*
 * nginx's thread. The calls' coroutines will never run again. `with_nginx` false: its log and
 * lua-nginx-module are gone.
 */
static void host_end(bool with_nginx)
{
    int64_t deadline_ns = now_ns() + CLEAN_UP_NS;

    host.ended = true;
    libraries_keep_open();
    calls_abandon(0, true);
    runtimes_unload();
    dispatch_messages_at_end(with_nginx);
    /* Messages may never stop coming. */
    while (runtimes_are_cleaning_up() && now_ns() < deadline_ns) {
        (void) messages_wait(deadline_ns);
        dispatch_messages_at_end(with_nginx);
    }
    messages_close();
    dispatch_messages_at_end(with_nginx);
}

/* The thread that calls exit(): where no Lua VM has told the end. */
static void host_exit(void)
{
    if (host.ended || getpid() != host.pid || !pthread_equal(pthread_self(), host_nginx_thread)) {
        return;
    }
    host_end(false);
}

/* nginx's thread. nginx sets ngx_cycle to one of its own before it destroys the last one. */
static bool is_end_of_worker(const vm_t *vm)
{
    return nginx_is_exiting() && vm->cycle != *nginx.cycle;
}

/* nginx's thread. */
void host_close_vm(uint64_t number)
{
    vm_t **at = &host.vms;
    vm_t *vm;

    ON_NGINX_THREAD();
    while (*at != NULL && (*at)->number != number) {
        at = &(*at)->next;
    }
    vm = *at;
    if (vm == NULL || host.ended) {
        return;
    }
    *at = vm->next;
    if (is_end_of_worker(vm)) {
        host_end(true);
        semaphore_end(vm->cycle);
    } else {
        calls_abandon(number, false);
        semaphore_vm_closed(vm->cycle, host.vms == NULL);
    }
    free(vm);
}

/* ---- start ---------------------------------------------------------------------------------- */

/*
 * nginx's thread. The first host that is visible to all libraries, if it is not this one. Not
 * through RTLD_DEFAULT: a library that is linked -Bsymbolic finds itself first.
 */
static void *other_host(void)
{
    void *process = dlopen(NULL, RTLD_LAZY);
    void *found = process == NULL ? NULL : dlsym(process, "ngx_http_lua_ffi_task_poll");

    if (process != NULL) {
        dlclose(process);
    }
    return found == (void *) ngx_http_lua_ffi_task_poll ? NULL : found;
}

/* Any thread. */
bool host_may_run_here(void)
{
    return gettid() == getpid();
}

/* nginx's thread. */
static bool is_allowed_here(char *err, size_t size)
{
    void *other = other_host();
    Dl_info info;

    if (other != NULL) {
        snprintf(err, size, "another host for the same libraries is in this process: %s",
                 dladdr(other, &info) != 0 ? info.dli_fname : "lua-resty-ffi's");
        return false;
    }
    if (!nginx_find(err, size)) {
        return false;
    }
    if (*nginx.process == NGINX_PROCESS_MASTER) {
        snprintf(err, size,
                 "init_by_lua runs in nginx's master process, before the workers are forked: load "
                 "in init_worker_by_lua, or in a request");
        return false;
    }
    return true;
}

/* nginx's thread. */
static bool host_start(char *err, size_t size)
{
    int rc;

    if (host.started) {
        return true;
    }
    if (!is_allowed_here(err, size)) {
        return false;
    }
    host_nginx_thread = pthread_self();
    messages_init();
    if (!hook_install(err, size)) {
        return false;
    }
    /* The entry stays replaced from here on, whatever fails. */
    host.started = true;
    host.pid = getpid();
    rc = watch_start();
    if (rc != 0) {
        host.ended = true;
        snprintf(err, size, "cannot start a thread: %s", strerror(rc));
        return false;
    }
    (void) atexit(host_exit);
    return true;
}

/* nginx's thread. */
uint64_t host_open_vm(char *err, size_t size)
{
    vm_t *vm;

    if (!host_start(err, size)) {
        return 0;
    }
    ON_NGINX_THREAD();
    if (host.ended) {
        snprintf(err, size, "the host has ended");
        return 0;
    }
    vm = malloc(sizeof(*vm));
    if (vm == NULL) {
        snprintf(err, size, "no memory");
        return 0;
    }
    vm->number = ++host.last_number;
    vm->cycle = *nginx.cycle;
    vm->next = host.vms;
    host.vms = vm;
    return vm->number;
}
