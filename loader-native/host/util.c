/* Time, conditions, threads. */
#include "host.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

pthread_t host_nginx_thread;

/* Any thread. */
int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 * NS_PER_MS + now.tv_nsec;
}

/* Any thread. */
void cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

/* Any thread. */
bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t deadline_ns)
{
    struct timespec until;

    if (deadline_ns < 0) {
        pthread_cond_wait(cond, lock);
        return true;
    }
    until.tv_sec = (time_t) (deadline_ns / (1000 * NS_PER_MS));
    until.tv_nsec = (long) (deadline_ns % (1000 * NS_PER_MS));
    return pthread_cond_timedwait(cond, lock, &until) != ETIMEDOUT;
}

/*
 * Any thread. nginx's signals (HUP, QUIT, CHLD ...) must interrupt its own epoll_wait, so that our
 * threads, and all that a guest starts from them, block them. Open stay the ones that a thread
 * raises by itself, and SIGURG and SIGPROF, with which Go's scheduler and profilers work.
 */
int thread_start(void *(*run)(void *), void *arg, size_t stack_bytes)
{
    static const int open[] = {SIGILL,  SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
                               SIGSEGV, SIGSYS,  SIGURG,  SIGPROF};
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t ours, before;
    int rc;

    sigfillset(&ours);
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        sigdelset(&ours, open[i]);
    }
    sigdelset(&ours, SIGRTMAX - 2); /* ends the JDK's blocked reads: its NativeThread.c */
    rc = pthread_attr_init(&attr);
    if (rc != 0) {
        return rc;
    }
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, stack_bytes);
    pthread_sigmask(SIG_SETMASK, &ours, &before);
    rc = pthread_create(&thread, &attr, run, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return rc;
}
