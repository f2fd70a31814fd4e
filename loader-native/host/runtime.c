/* Runtimes. */
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "library.h"
#include "load.h"

#define RETRY_NS (1000 * NS_PER_MS)
#define RUNTIMES_MAX 65536
#define INDEX_BITS 16
#define FORGET_FROM 256

static runtime_t *keyed;
static int keyed_count;
static runtime_t *slots[RUNTIMES_MAX];
static uint64_t births[RUNTIMES_MAX]; /* of the slot; makes the id unique */
static uint32_t slot_hint;
static int open_queues; /* of all runtimes */

/* nginx's thread. */
runtime_t *runtime_find(const char *key, const char *lib)
{
    ON_NGINX_THREAD();
    for (runtime_t *runtime = keyed; runtime != NULL; runtime = runtime->next) {
        if (strcmp(runtime->spec.key, key) == 0 && strcmp(runtime->spec.lib, lib) == 0) {
            return runtime;
        }
    }
    return NULL;
}

/* nginx's thread. */
double runtime_id(const runtime_t *runtime)
{
    return (double) (births[runtime->index] << INDEX_BITS | runtime->index);
}

/* nginx's thread. */
runtime_t *runtime_by_id(double id)
{
    runtime_t *runtime = slots[(uint64_t) id & (RUNTIMES_MAX - 1)];

    ON_NGINX_THREAD();
    return runtime != NULL && runtime_id(runtime) == id ? runtime : NULL;
}

/* nginx's thread. */
static void spec_free(runtime_spec_t *spec)
{
    free((char *) spec->key);
    free((char *) spec->lib);
    free((char *) spec->cfg);
    free((char *) spec->options);
    memset(spec, 0, sizeof(*spec));
}

/* nginx's thread. False: no memory, and `to` is empty. */
static bool spec_copy(runtime_spec_t *to, const runtime_spec_t *from)
{
    *to = *from;
    to->key = strdup(from->key);
    to->lib = strdup(from->lib);
    to->cfg = from->cfg == NULL ? NULL : strdup(from->cfg);
    to->options = strdup(from->options);
    if (to->key == NULL || to->lib == NULL || to->options == NULL ||
        (from->cfg != NULL && to->cfg == NULL)) {
        spec_free(to);
        return false;
    }
    return true;
}

/* nginx's thread. */
static bool take_slot(runtime_t *runtime)
{
    for (uint32_t i = 0; i < RUNTIMES_MAX; i++) {
        uint32_t index = (slot_hint + i) % RUNTIMES_MAX;

        if (slots[index] == NULL) {
            slots[index] = runtime;
            births[index]++;
            runtime->index = index;
            slot_hint = index + 1;
            return true;
        }
    }
    return false;
}

/*
 * nginx's thread. The names of libraries may come from clients: what has failed is remembered for
 * as long as that keeps the next try away, but not for ever.
 */
static void forget_old_failures(void)
{
    runtime_t *next;

    for (runtime_t *runtime = keyed; runtime != NULL; runtime = next) {
        next = runtime->next;
        if (runtime->state == RUNTIME_FAILED && !runtime_failed_lately(runtime)) {
            runtime_unload(runtime);
        }
    }
}

/* nginx's thread. */
runtime_t *runtime_new(const runtime_spec_t *spec)
{
    runtime_t *runtime;

    ON_NGINX_THREAD();
    runtime = calloc(1, sizeof(*runtime));
    if (keyed_count >= FORGET_FROM && keyed_count % FORGET_FROM == 0) {
        forget_old_failures();
    }
    if (runtime == NULL || !spec_copy(&runtime->spec, spec)) {
        free(runtime);
        return NULL;
    }
    if (!take_slot(runtime)) {
        spec_free(&runtime->spec);
        free(runtime);
        return NULL;
    }
    runtime->state = RUNTIME_FAILED;
    runtime->failed_ns = INT64_MIN / 2;
    runtime->refs = 1;
    runtime->next = keyed;
    if (keyed != NULL) {
        keyed->prev = runtime;
    }
    keyed = runtime;
    keyed_count++;
    return runtime;
}

/* nginx's thread. */
void runtime_retain(runtime_t *runtime)
{
    ON_NGINX_THREAD();
    runtime->refs++;
}

/* nginx's thread. */
void runtime_release(runtime_t *runtime)
{
    ON_NGINX_THREAD();
    if (--runtime->refs > 0) {
        return;
    }
    slots[runtime->index] = NULL;
    spec_free(&runtime->spec);
    free(runtime->error);
    free(runtime);
}

/* nginx's thread. */
static void set_failed(runtime_t *runtime, int rc, char *error)
{
    runtime->state = RUNTIME_FAILED;
    runtime->failed_ns = now_ns();
    runtime->rc = rc;
    free(runtime->error);
    runtime->error = error;
}

/* nginx's thread. */
bool runtime_failed_lately(const runtime_t *runtime)
{
    ON_NGINX_THREAD();
    return runtime->state == RUNTIME_FAILED && now_ns() - runtime->failed_ns < RETRY_NS;
}

/* nginx's thread. The options may differ from the last try's. */
void runtime_load(runtime_t *runtime, const runtime_spec_t *spec)
{
    runtime_spec_t now;
    queue_t *queue;

    ON_NGINX_THREAD();
    if (!spec_copy(&now, spec)) {
        set_failed(runtime, -1, strdup("no memory"));
        return;
    }
    spec_free(&runtime->spec);
    runtime->spec = now;
    queue = queue_new(runtime, now.max_queue, now.options, now.unpin);
    if (queue == NULL) {
        set_failed(runtime, -1, strdup("no memory, or too many task queues"));
        return;
    }
    open_queues++;
    runtime_retain(runtime);
    runtime->queue = queue;
    runtime->state = RUNTIME_LOADING;
    queue->loading = true;
    runtime_retain(runtime);
    load_start(runtime, queue);
}

/* nginx's thread. Takes `error` over. */
void runtime_loaded(runtime_t *runtime, queue_t *queue, int rc, char *error)
{
    ON_NGINX_THREAD();
    queue->loading = false;
    if (rc == 0) {
        free(error);
        if (runtime->state == RUNTIME_LOADING) {
            runtime->state = RUNTIME_READY;
        } else {
            library_unloading(queue->library);
            queue_try_close(queue); /* unloaded meanwhile; its end has been told */
        }
    } else {
        char text[1024];

        snprintf(text, sizeof(text), "load failed: %s", error == NULL ? "no memory" : error);
        if (runtime->state == RUNTIME_LOADING) {
            runtime->queue = NULL;
            set_failed(runtime, rc, error);
        } else {
            free(error);
        }
        calls_fail(queue, text);
        queue_discard(queue);
    }
    calls_loaded(runtime);
    runtime_release(runtime);
}

/* nginx's thread. */
void runtime_unload(runtime_t *runtime)
{
    enum runtime_state was = runtime->state;

    ON_NGINX_THREAD();
    if (was == RUNTIME_UNLOADED) {
        return;
    }
    runtime->state = RUNTIME_UNLOADED;
    if (runtime->next != NULL) {
        runtime->next->prev = runtime->prev;
    }
    if (runtime->prev != NULL) {
        runtime->prev->next = runtime->next;
    } else {
        keyed = runtime->next;
    }
    keyed_count--;
    if (runtime->queue != NULL) {
        library_unloading(runtime->queue->library);
        queue_finish(runtime->queue);
    }
    calls_loaded(runtime); /* who waits for a load that was unloaded */
    runtime_release(runtime);
}

/* nginx's thread. */
void runtime_queue_closed(runtime_t *runtime, queue_t *queue)
{
    ON_NGINX_THREAD();
    open_queues--;
    if (runtime->queue == queue) {
        runtime->queue = NULL;
    }
    runtime_release(runtime);
}

/* nginx's thread. */
void runtimes_unload(void)
{
    while (keyed != NULL) {
        runtime_unload(keyed);
    }
}

/* nginx's thread. */
bool runtimes_are_cleaning_up(void)
{
    ON_NGINX_THREAD();
    return open_queues > loads_running();
}
