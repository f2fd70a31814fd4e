/* Task slots. */
#include "task.h"

#include <stdlib.h>
#include <string.h>

#include "queue.h"

#define CHUNK_BITS 8
#define CHUNK_SLOTS (1u << CHUNK_BITS)
#define CHUNKS_MAX ((HANDLE_INDEX_MASK + 1) >> CHUNK_BITS)

#define STATE_BITS 3
#define STATE_MASK ((1ULL << STATE_BITS) - 1)
#define REF_GEN_BITS (53 - HANDLE_GEN_SHIFT)

static _Atomic(task_t *) chunks[CHUNKS_MAX];

/* nginx's thread. */
static uint32_t slots;
static task_t *free_tasks;
static task_t *in_flight;
static task_t *round_at; /* tasks_next_in_round */

static _Atomic int in_flight_count;

/* Any thread. */
static uint64_t word_of(uint64_t gen, enum task_state state)
{
    return (gen & HANDLE_GEN_MASK) << STATE_BITS | state;
}

/* Any thread. */
static task_t *slot(uint32_t index)
{
    task_t *chunk = atomic_load_explicit(&chunks[index >> CHUNK_BITS], memory_order_acquire);

    return chunk == NULL ? NULL : &chunk[index & (CHUNK_SLOTS - 1)];
}

/* Any thread. */
task_t *task_of(uint64_t handle)
{
    return handle_is(handle, HANDLE_TASK) ? slot(handle_index(handle)) : NULL;
}

/* Any thread. */
uint64_t task_handle(const task_t *task)
{
    return handle_make(HANDLE_TASK, atomic_load(&task->word) >> STATE_BITS, task->index);
}

/* Any thread. */
enum task_state task_state(const task_t *task)
{
    return (enum task_state)(atomic_load(&task->word) & STATE_MASK);
}

/* Any thread. */
bool task_is_with_runtime(const task_t *task, uint64_t handle)
{
    uint64_t word = atomic_load(&task->word);

    return word == word_of(handle_gen(handle), TASK_POLLED) ||
           word == word_of(handle_gen(handle), TASK_FAILED);
}

/* Any thread. Sequentially consistent: what was written before a move is seen by who sees it. */
bool task_move(task_t *task, uint64_t handle, enum task_state from, enum task_state to)
{
    uint64_t expected = word_of(handle_gen(handle), from);

    return atomic_compare_exchange_strong(&task->word, &expected, word_of(handle_gen(handle), to));
}

/* nginx's thread. */
static bool add_chunk(void)
{
    task_t *chunk;

    if (slots >> CHUNK_BITS >= CHUNKS_MAX) {
        return false;
    }
    chunk = calloc(CHUNK_SLOTS, sizeof(*chunk));
    if (chunk == NULL) {
        return false;
    }
    for (uint32_t i = CHUNK_SLOTS; i-- > 0;) {
        chunk[i].index = slots + i;
        atomic_init(&chunk[i].word, word_of(1, TASK_FREE));
        chunk[i].next = free_tasks;
        free_tasks = &chunk[i];
    }
    atomic_store_explicit(&chunks[slots >> CHUNK_BITS], chunk, memory_order_release);
    slots += CHUNK_SLOTS;
    return true;
}

/* nginx's thread. */
static bool copy_request(task_t *task, const char *req, size_t req_len, const char *method,
                         size_t method_len)
{
    task->req = NULL;
    task->req_len = 0;
    if (req != NULL) {
        task->req = malloc(req_len + 1);
        if (task->req == NULL) {
            return false;
        }
        memcpy(task->req, req, req_len);
        task->req[req_len] = '\0'; /* Go and C read it as a string */
        task->req_len = req_len;
    }
    task->method = task->method_inline;
    task->method_len = (uint32_t) method_len;
    if (method_len > sizeof(task->method_inline)) {
        task->method = malloc(method_len);
        if (task->method == NULL) {
            free(task->req);
            return false;
        }
    }
    if (method_len > 0) {
        memcpy(task->method, method, method_len);
    }
    return true;
}

/* nginx's thread. */
task_t *task_new(struct queue *queue, const char *req, size_t req_len, const char *method,
                 size_t method_len)
{
    task_t *task;

    ON_NGINX_THREAD();
    if (free_tasks == NULL && !add_chunk()) {
        return NULL;
    }
    task = free_tasks;
    if (!copy_request(task, req, req_len, method, method_len)) {
        return NULL;
    }
    free_tasks = task->next;

    task->prev = NULL;
    task->next = in_flight;
    if (in_flight != NULL) {
        in_flight->prev = task;
    }
    in_flight = task;
    atomic_fetch_add(&in_flight_count, 1);

    task->queue = queue;
    task->runtime = NULL;
    task->semaphore = NULL;
    task->delivered = false;
    task->cancel_sent = false;
    task->host_failed = task->awaits_respond = task->left = false;
    task->failure = NULL;
    atomic_store(&task->cancel_reason, 0);
    task->deadline_ms = 0;
    task->posted.kind = RESTY_FFI_EVENT_TASK;
    task->cancelled.kind = RESTY_FFI_EVENT_CANCEL;
    task->message.kind = MESSAGE_REPLY;
    task->rc = 0;
    task->rsp = NULL;
    task->rsp_len = 0;
    if (queue != NULL) {
        queue->tasks++;
    }
    (void) task_move(task, task_handle(task), TASK_FREE,
                     queue != NULL ? TASK_QUEUED : TASK_WAITING);
    return task;
}

/* nginx's thread. Never 0 in the bits that task_ref shows, so that no reference is 0. */
static uint64_t next_gen(const task_t *task)
{
    uint64_t gen = handle_gen(task_handle(task)) + 1;

    return (gen & ((1ULL << REF_GEN_BITS) - 1)) == 0 ? gen + 1 : gen;
}

/* nginx's thread. */
void task_leave(task_t *task)
{
    struct queue *queue = task->queue;

    ON_NGINX_THREAD();
    if (task->cancel_sent) {
        queue_remove(queue, &task->cancelled);
    }
    if (task->next != NULL) {
        task->next->prev = task->prev;
    }
    if (task->prev != NULL) {
        task->prev->next = task->next;
    } else {
        in_flight = task->next;
    }
    if (round_at == task) {
        round_at = task->next;
    }
    atomic_fetch_sub(&in_flight_count, 1);
    task->left = true;
    if (queue != NULL) {
        queue->tasks--;
        queue_try_close(queue);
    }
}

/* nginx's thread. The caller has made sure that nothing points to the slot any more. */
void task_free(task_t *task)
{
    ON_NGINX_THREAD();
    if (!task->left) {
        task_leave(task);
    }
    free(task->req);
    free(task->rsp);
    free(task->failure);
    if (task->method != task->method_inline) {
        free(task->method);
    }
    task->req = task->rsp = task->method = task->failure = NULL;
    atomic_store(&task->word, word_of(next_gen(task), TASK_FREE));
    task->next = free_tasks;
    free_tasks = task;
}

/* nginx's thread. */
task_t *tasks_first(void)
{
    ON_NGINX_THREAD();
    return in_flight;
}

/* nginx's thread. */
task_t *tasks_next_in_round(void)
{
    task_t *task = round_at != NULL ? round_at : in_flight;

    ON_NGINX_THREAD();
    round_at = task == NULL ? NULL : task->next;
    return task;
}

/* Any thread. */
int tasks_in_flight(void)
{
    return atomic_load(&in_flight_count);
}

/* nginx's thread. The low bits of the generation are enough: a caller holds on to one task. */
double task_ref(const task_t *task)
{
    uint64_t gen = handle_gen(task_handle(task)) & ((1ULL << REF_GEN_BITS) - 1);

    return (double) (gen << HANDLE_GEN_SHIFT | task->index);
}

/* nginx's thread. */
task_t *task_of_ref(double ref)
{
    uint64_t bits = (uint64_t) ref;
    task_t *task = slot(handle_index(bits));

    ON_NGINX_THREAD();
    return task != NULL && task_state(task) != TASK_FREE && task_ref(task) == ref ? task : NULL;
}
