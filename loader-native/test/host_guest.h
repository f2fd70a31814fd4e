/*
 * The test guest: its library (libhost_guest.so) hands libffi_init on to the test program, which
 * plays the runtime with what is here, from threads of its own.
 */
#ifndef HOST_GUEST_H
#define HOST_GUEST_H

#include <pthread.h>
#include <stdbool.h>

#include "resty_ffi.h"

/* Default: an echo on one thread. Runs on the load thread. */
extern int (*guest_init)(char *cfg, void *tq);

/* Of the library that libffi_init was called in last: libhost_guest.so is 1, libhost_guest2.so 2.
 */
extern _Atomic int guest_library_version;

/* Starts `n` threads that echo, each until its NULL. */
int guest_echo(void *tq, int n);
/* Threads of guest_echo that have got their NULL. */
int guest_ended(void);

/* Keeps the task queue and returns: the test itself polls. */
int guest_keep(char *cfg, void *tq);
extern void *guest_tq;

/* The test's thread: the next task of guest_tq, which is there or comes soon. */
void *guest_poll(void);
/* Answers with a copy. */
void guest_reply(void *task, const char *text);

#endif
