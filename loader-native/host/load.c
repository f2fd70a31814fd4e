/* The load thread. */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

/* Address space, not memory. A virtual machine's first thread starts here. */
#define STACK_BYTES (16u * 1024 * 1024)

typedef struct {
    message_t message;
    runtime_t *runtime; /* only nginx's thread looks into it */
    queue_t *queue;
    uint64_t tq;
    char *lib;
    char *cfg;
    bool is_global;
    bool unpin;

    library_t *library; /* NULL: not opened */
    int rc;
    char *error; /* malloc */
} load_t;

/* nginx's thread. */
static int running;

/* Any thread, the last one that knows it. */
static void load_free(load_t *load)
{
    free(load->lib);
    free(load->cfg);
    free(load);
}

/* The load thread. */
static void *load_run(void *arg)
{
    load_t *load = arg;

    load->rc = -1;
    load->library = library_open(load->lib, load->is_global, load->unpin, &load->error);
    if (load->library != NULL) {
        load->rc = library_init(load->library, load->cfg, (void *) (uintptr_t) load->tq);
    }
    if (!messages_push(&load->message)) { /* nginx has ended, and the process follows */
        if (load->library != NULL) {
            library_abandon(load->library);
        }
        free(load->error);
        load_free(load);
    }
    return NULL;
}

/* nginx's thread. In the log too, unless the library gave the text: then it has logged more. */
static char *describe_failure(load_t *load)
{
    char *error = load->error != NULL ? load->error : queue_take_load_error(load->queue);

    if (error == NULL && load->rc != 0) {
        char text[512];

        snprintf(text, sizeof(text), "libffi_init() of %s returned %d", load->lib, load->rc);
        error = load->error = strdup(text);
    }
    if (load->error != NULL) {
        host_log(LOG_ERROR, "load failed: %s", load->error);
    }
    return error;
}

/* nginx's thread. */
void load_finished(message_t *message)
{
    load_t *load = CONTAINER_OF(message, load_t, message);

    ON_NGINX_THREAD();
    running--;
    load->queue->library = load->library;
    runtime_loaded(load->runtime, load->queue, load->rc, describe_failure(load));
    load_free(load);
}

/* nginx's thread. */
void load_start(runtime_t *runtime, queue_t *queue)
{
    load_t *load = calloc(1, sizeof(*load));
    int rc;

    ON_NGINX_THREAD();
    if (load == NULL) {
        runtime_loaded(runtime, queue, -1, strdup("no memory"));
        return;
    }
    load->message.kind = MESSAGE_LOADED;
    load->runtime = runtime;
    load->queue = queue;
    load->tq = queue_handle(queue);
    load->lib = strdup(runtime->spec.lib);
    load->cfg = runtime->spec.cfg == NULL ? NULL : strdup(runtime->spec.cfg);
    load->is_global = runtime->spec.is_global;
    load->unpin = runtime->spec.unpin;
    running++;
    rc = load->lib == NULL || (load->cfg == NULL && runtime->spec.cfg != NULL)
             ? ENOMEM
             : thread_start(load_run, load, STACK_BYTES);
    if (rc != 0) {
        char text[128];

        snprintf(text, sizeof(text), "cannot start a load thread: %s", strerror(rc));
        load->rc = -1;
        load->error = strdup(text);
        load_finished(&load->message);
    }
}

/* nginx's thread. */
int loads_running(void)
{
    ON_NGINX_THREAD();
    return running;
}
