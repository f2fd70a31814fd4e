/*
 * A host that has only lua-resty-ffi's three symbols, and none of the extension.
 *
 *   stub_host LIBRARY SPEC...    loads each spec, all at the same time, calls it, unloads it, and
 *                                loads and calls it once more
 *   stub_host LIBRARY -fail SPEC loads a spec that has to fail
 *
 * The handlers echo. Prints what went wrong and ends with 1, or prints "ok".
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define IN_FLIGHT 100

typedef struct task {
    struct task *next;
    char *req;
    int req_len;
    int rc;
    char *rsp;
    int rsp_len;
    int answers;
    struct queue *queue;
} task_t;

typedef struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    task_t *first, **last;
    int finished;
    int nulls; /* polls that were told of the end */
} queue_t;

static queue_t *queue_new(void)
{
    queue_t *queue = calloc(1, sizeof(*queue));
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->changed, NULL);
    queue->last = &queue->first;
    return queue;
}

/* ---- the three symbols; any thread --------------------------------------------------------- */

EXPORT void *ngx_http_lua_ffi_task_poll(void *tq)
{
    queue_t *queue = tq;
    pthread_mutex_lock(&queue->lock);
    while (queue->first == NULL && !queue->finished) {
        pthread_cond_wait(&queue->changed, &queue->lock);
    }
    task_t *task = queue->first;
    if (task != NULL) {
        queue->first = task->next;
        if (queue->first == NULL) {
            queue->last = &queue->first;
        }
    } else {
        queue->nulls++;
        pthread_cond_broadcast(&queue->changed);
    }
    pthread_mutex_unlock(&queue->lock);
    return task;
}

EXPORT char *ngx_http_lua_ffi_get_req(void *tsk, int *len)
{
    task_t *task = tsk;
    if (len != NULL) {
        *len = task->req_len;
    }
    return task->req;
}

EXPORT void ngx_http_lua_ffi_respond(void *tsk, int rc, char *rsp, int rsp_len)
{
    task_t *task = tsk;
    pthread_mutex_lock(&task->queue->lock);
    task->rc = rc;
    task->rsp = rsp;
    task->rsp_len = rsp_len == 0 && rsp != NULL ? (int) strlen(rsp) : rsp_len;
    task->answers++;
    pthread_cond_broadcast(&task->queue->changed);
    pthread_mutex_unlock(&task->queue->lock);
}

/* ---- the main thread ------------------------------------------------------------------------ */

static int failures;

static void fail(const char *spec, const char *what, long detail)
{
    fprintf(stdout, "%s: %s (%ld)\n", spec, what, detail);
    failures++;
}

static task_t *post(queue_t *queue, const char *req, int len)
{
    task_t *task = calloc(1, sizeof(*task));
    task->queue = queue;
    task->req_len = len;
    if (req != NULL) {
        task->req = malloc((size_t) len + 1);
        memcpy(task->req, req, (size_t) len);
        task->req[len] = '\0';
    }
    pthread_mutex_lock(&queue->lock);
    *queue->last = task;
    queue->last = &task->next;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
    return task;
}

static void expect_echo(const char *spec, task_t *task)
{
    pthread_mutex_lock(&task->queue->lock);
    while (task->answers == 0) {
        pthread_cond_wait(&task->queue->changed, &task->queue->lock);
    }
    if (task->rc != 0) {
        printf("%s: rc %d: %.*s\n", spec, task->rc, task->rsp_len, task->rsp ? task->rsp : "");
        failures++;
    } else if (task->req == NULL || task->rsp == NULL) {
        if (task->req != task->rsp) {
            fail(spec, "nil is not nil", task->rsp_len);
        }
    } else if (task->rsp_len != task->req_len ||
               memcmp(task->rsp, task->req, (size_t) task->req_len) != 0) {
        fail(spec, "the reply is not the request", task->rsp_len);
    }
    if (task->answers != 1) {
        fail(spec, "answers", task->answers);
    }
    pthread_mutex_unlock(&task->queue->lock);
    free(task->req);
    free(task->rsp);
    free(task);
}

static void call(const char *spec, queue_t *queue)
{
    char bytes[256];
    for (int i = 0; i < 256; i++) {
        bytes[i] = (char) i;
    }
    expect_echo(spec, post(queue, bytes, 256));
    expect_echo(spec, post(queue, "hello", 5));
    expect_echo(spec, post(queue, "", 0));
    expect_echo(spec, post(queue, NULL, 0));

    int big = 3 << 20;
    char *text = malloc((size_t) big);
    memset(text, 'x', (size_t) big);
    expect_echo(spec, post(queue, text, big));
    free(text);

    for (int round = 0; round < 10; round++) {
        task_t *tasks[IN_FLIGHT];
        for (int i = 0; i < IN_FLIGHT; i++) {
            char req[32];
            int len = snprintf(req, sizeof(req), "round %d, task %d", round, i);
            tasks[i] = post(queue, req, len);
        }
        for (int i = 0; i < IN_FLIGHT; i++) {
            expect_echo(spec, tasks[i]);
        }
    }
}

static void unload(const char *spec, queue_t *queue)
{
    /* A call that is still in the queue is answered before the end. */
    task_t *last = post(queue, "last", 4);
    pthread_mutex_lock(&queue->lock);
    queue->finished = 1;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
    expect_echo(spec, last);
    pthread_mutex_lock(&queue->lock);
    while (queue->nulls == 0) {
        pthread_cond_wait(&queue->changed, &queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
}

typedef int (*init_pt)(char *cfg, void *tq);

static int load(init_pt init, const char *spec, queue_t *queue)
{
    char *cfg = strdup(spec);
    int rc = init(cfg, queue);
    memset(cfg, '#', strlen(cfg)); /* it was valid until init returned */
    free(cfg);
    return rc;
}

int main(int argc, char **argv)
{
    void *library = argc < 3 ? NULL : dlopen(argv[1], RTLD_NOW);
    if (library == NULL) {
        printf("dlopen: %s\n", dlerror());
        return 2;
    }
    init_pt init;
    *(void **) &init = dlsym(library, "libffi_init");

    if (strcmp(argv[2], "-fail") == 0) {
        int rc = load(init, argv[3], queue_new());
        printf("rc %d\n", rc);
        fflush(stdout);
        return rc == 0;
    }

    queue_t *queues[argc];
    for (int round = 0; round < 2; round++) {
        for (int i = 2; i < argc; i++) {
            queues[i] = queue_new();
            int rc = load(init, argv[i], queues[i]);
            if (rc != 0) {
                fail(argv[i], "load", rc);
                return 1;
            }
        }
        for (int i = 2; i < argc; i++) {
            call(argv[i], queues[i]);
        }
        for (int i = 2; i < argc; i++) {
            unload(argv[i], queues[i]);
        }
    }
    puts(failures == 0 ? "ok" : "failed");
    fflush(stdout);
    return failures != 0;
}
