/*
 * libffi_polyglot.so: boots the JVM, once in a process, and hands each load to Java.
 *
 * libffi_init may be called on any thread; it blocks until the guest is loaded, and does its work
 * on a thread of its own: nginx's thread, on which some hosts call it, never becomes a thread of
 * the JVM, and the stack is as large as we say.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "boot_jvm.h"
#include "call_boot.h"
#include "host_abi.h"
#include "nginx_process.h"
#include "resty_ffi.h"
#include "text.h"

typedef struct {
    const char *spec;
    void *tq;
    int rc;
    text_t error;
} load_t;

/* The load thread. */
static void *load_thread(void *argument)
{
    load_t *load = argument;
    JavaVM *vm = boot_jvm(&load->error);
    if (vm != NULL) {
        load->rc = call_boot(vm, load->spec, load->tq, &load->error);
    }
    return NULL;
}

/* Any thread. */
static void run_load_thread(load_t *load)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, LOADER_STACK_BYTES);
    pthread_t thread;
    int problem = pthread_create(&thread, &attributes, load_thread, load);
    pthread_attr_destroy(&attributes);
    if (problem != 0) {
        text_add(&load->error, "cannot start a thread: %s", strerror(problem));
        return;
    }
    pthread_join(thread, NULL);
}

RESTY_FFI_API int libffi_init(char *cfg, void *tq);

/* Any thread. */
RESTY_FFI_API int libffi_init(char *cfg, void *tq)
{
    load_t load = {.spec = cfg, .tq = tq, .rc = 1};
    if (cfg == NULL) {
        text_add(&load.error, "what to load is not given: expected "
                              "lang:module[?],entry[,config], for example "
                              "ngx.load_ffi(\"ffi_polyglot\", \"js:demo/echo?,init\")");
    } else if (nginx_process_may_load(&load.error)) {
        run_load_thread(&load);
    }
    if (load.error.len > 0) {
        host_load_failed(tq, text_get(&load.error));
    }
    text_free(&load.error);
    return load.rc;
}
