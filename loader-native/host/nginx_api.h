/*
 * What the host uses of nginx and lua-nginx-module: exported symbols, found by name in the running
 * process. No header of either, so that one build fits every version that has them.
 */
#ifndef NGINX_API_H
#define NGINX_API_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ngx_event_t; the host reads nothing of it. */
typedef void nginx_event_t;
typedef void (*nginx_event_handler_pt)(nginx_event_t *ev);
typedef intptr_t (*nginx_notify_pt)(nginx_event_handler_pt handler);
typedef intptr_t (*nginx_process_events_pt)(void *cycle, uintptr_t timer_ms, uintptr_t flags);

/* The members of ngx_event_actions_t: nothing but function pointers, since nginx 1.7.11. */
enum { ACTION_NOTIFY = 6, ACTION_PROCESS_EVENTS = 7 };

/* nginx's return codes. */
enum { NGINX_OK = 0, NGINX_ERROR = -1, NGINX_AGAIN = -2, NGINX_DECLINED = -5 };

/* Values of ngx_process. */
enum { NGINX_PROCESS_MASTER = 1 };

typedef struct {
    void **event_actions;
    void (*time_update)(void);

    int (*sema_new)(void **sem, int n, char **err);
    int (*sema_post)(void *sem, int n);
    int (*sema_wait)(void *r, void *sem, int wait_ms, unsigned char *err, size_t *errlen);
    int (*sema_count)(void *sem);
    void (*sema_gc)(void *sem);
    int (*raw_log)(void *r, int level, const unsigned char *text, size_t len);

    const uintptr_t *process;
    const uintptr_t *exiting;
    const sig_atomic_t *terminate;
    const sig_atomic_t *quit;
    void *const *cycle;
} nginx_api_t;

extern nginx_api_t nginx;

/* nginx's thread. Finds the symbols; false: `err` names what is missing. */
bool nginx_find(char *err, size_t size);

/* nginx's thread. A worker that was told to end. */
bool nginx_is_exiting(void);

#endif
