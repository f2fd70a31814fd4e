/* The pool of semaphores. */
#include "semaphore.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nginx_api.h"

static struct {
    semaphore_t *idle;
    semaphore_t **all; /* every one that exists, for the end */
    size_t count;
    size_t capacity;
    uint64_t turn;
} pool = {.turn = 1};

/* nginx's thread. */
static semaphore_t *semaphore_new(char *err, size_t size)
{
    semaphore_t *semaphore = NULL;
    char *text = NULL;

    if (pool.count == pool.capacity) {
        size_t capacity = pool.capacity == 0 ? 64 : pool.capacity * 2;
        semaphore_t **all = realloc(pool.all, capacity * sizeof(semaphore_t *));

        if (all == NULL) {
            snprintf(err, size, "no memory");
            return NULL;
        }
        pool.all = all;
        pool.capacity = capacity;
    }
    semaphore = calloc(1, sizeof(*semaphore));
    if (semaphore == NULL || nginx.sema_new(&semaphore->sema, 0, &text) != NGINX_OK) {
        snprintf(err, size, "%s", text == NULL ? "no memory" : text);
        free(semaphore);
        return NULL;
    }
    semaphore->cycle = *nginx.cycle;
    semaphore->at = pool.count;
    pool.all[pool.count++] = semaphore;
    return semaphore;
}

/* nginx's thread. Not in the idle list. */
static void semaphore_destroy(semaphore_t *semaphore)
{
    semaphore_t *last = pool.all[--pool.count];

    last->at = semaphore->at;
    pool.all[last->at] = last;
    nginx.sema_gc(semaphore->sema);
    free(semaphore);
}

/* nginx's thread. One of an older cycle stays where it is until its cycle ends. */
static semaphore_t *take_idle(void)
{
    for (semaphore_t **at = &pool.idle; *at != NULL; at = &(*at)->next) {
        semaphore_t *semaphore = *at;

        if (semaphore->cycle == *nginx.cycle) {
            *at = semaphore->next;
            return semaphore;
        }
    }
    return NULL;
}

/* nginx's thread. */
semaphore_t *semaphore_take(void *r, char *err, size_t size)
{
    unsigned char text[128];
    size_t len = sizeof(text);
    semaphore_t *semaphore;
    int rc;

    ON_NGINX_THREAD();
    if (r == NULL) {
        snprintf(err, size, "a call has to wait, and there is no request to wait in");
        return NULL;
    }
    semaphore = take_idle();
    if (semaphore == NULL && (semaphore = semaphore_new(err, size)) == NULL) {
        return NULL;
    }
    semaphore->posted = false;
    do { /* a wait of 0 ms takes one off, or says DECLINED, or that this phase cannot wait */
        rc = nginx.sema_wait(r, semaphore->sema, 0, text, &len);
    } while (rc == NGINX_OK);
    if (rc != NGINX_DECLINED) {
        snprintf(err, size,
                 "a call has to wait, and cannot here (%.*s): call in rewrite, access, content, "
                 "ssl_certificate, a timer or a light thread",
                 (int) len, (const char *) text);
        semaphore->next = pool.idle;
        pool.idle = semaphore;
        return NULL;
    }
    return semaphore;
}

/*
 * nginx's thread. Timers count from the time that nginx read when the present event came: Lua may
 * have worked for long since then.
 */
static void update_time(void)
{
    static int64_t updated_ns;
    int64_t now = now_ns();

    if (now - updated_ns >= NS_PER_MS) {
        nginx.time_update();
        updated_ns = now;
    }
}

/* nginx's thread. */
bool semaphore_wait(semaphore_t *semaphore, void *r, double timeout_ms, char *err, size_t size)
{
    unsigned char text[128];
    size_t len = sizeof(text);
    int ms = timeout_ms <= 0 || timeout_ms >= INT_MAX ? INT_MAX : (int) timeout_ms;
    int rc;

    ON_NGINX_THREAD();
    if (timeout_ms > 0) {
        update_time();
    }
    rc = nginx.sema_wait(r, semaphore->sema, ms < 1 ? 1 : ms, text, &len);
    if (rc == NGINX_AGAIN) {
        return true;
    }
    snprintf(err, size, "%.*s", rc == NGINX_ERROR ? (int) len : 0, (const char *) text);
    return false;
}

/* nginx's thread. sema_count is the count less the number of those who wait. */
bool semaphore_is_waited_for(const semaphore_t *semaphore)
{
    ON_NGINX_THREAD();
    return nginx.sema_count(semaphore->sema) == (semaphore->posted ? 0 : -1);
}

/* nginx's thread. */
void semaphore_post(semaphore_t *semaphore)
{
    ON_NGINX_THREAD();
    semaphore->posted = true;
    semaphore->posted_turn = pool.turn;
    (void) nginx.sema_post(semaphore->sema, 1);
}

/* nginx's thread. */
void semaphore_give_back(semaphore_t *semaphore, bool woken)
{
    ON_NGINX_THREAD();
    if (woken) {
        semaphore->posted_turn = 0;
    }
    semaphore->next = pool.idle;
    pool.idle = semaphore;
}

/* nginx's thread. */
void semaphore_next_turn(void)
{
    ON_NGINX_THREAD();
    pool.turn++;
}

/* nginx's thread. */
void semaphore_vm_closed(void *cycle, bool is_last)
{
    semaphore_t **at = &pool.idle;

    ON_NGINX_THREAD();
    if (!is_last && cycle == *nginx.cycle) {
        return;
    }
    while (*at != NULL) {
        semaphore_t *semaphore = *at;

        if (semaphore->cycle != cycle || semaphore->posted_turn == pool.turn) {
            at = &semaphore->next;
            continue;
        }
        *at = semaphore->next;
        semaphore_destroy(semaphore);
    }
}

/* nginx's thread. */
void semaphore_end(void *cycle)
{
    ON_NGINX_THREAD();
    pool.idle = NULL;
    for (size_t i = pool.count; i-- > 0;) {
        if (pool.all[i]->cycle == cycle) {
            semaphore_destroy(pool.all[i]);
        }
    }
}
