#include "boot_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define STACK_BYTES (256UL << 10)

static struct {
    pthread_mutex_t lock;
    /* lock: */
    bool recording;
    text_t text;
    int pipe;     /* its end to read from, which does not block; -1: nobody writes any more */
    int original; /* what descriptor 2 was */
} output = {.lock = PTHREAD_MUTEX_INITIALIZER, .pipe = -1, .original = -1};

/* Any thread. */
static void write_all(int to, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(to, bytes, len);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return;
        }
        bytes += written;
        len -= (size_t) written;
    }
}

/* With the lock. How much there was; 0: nobody can write to the pipe any more; -1: nothing now. */
static ssize_t copy_some(void)
{
    char part[4096];
    ssize_t len = read(output.pipe, part, sizeof(part));
    if (len > 0) {
        write_all(output.original, part, (size_t) len);
        if (output.recording) {
            text_add_bytes(&output.text, part, (size_t) len);
        }
    }
    return len;
}

/* The copying thread: until the last process that has the pipe as its stderr has ended. */
static void *copy_thread(void *unused)
{
    (void) unused;
    pthread_mutex_lock(&output.lock);
    struct pollfd readable = {.fd = output.pipe, .events = POLLIN};
    pthread_mutex_unlock(&output.lock);
    ssize_t len;
    do {
        poll(&readable, 1, -1);
        pthread_mutex_lock(&output.lock);
        len = copy_some();
        if (len == 0) {
            close(output.pipe);
            close(output.original);
            output.pipe = output.original = -1;
        }
        pthread_mutex_unlock(&output.lock);
    } while (len != 0);
    return NULL;
}

/* The boot thread. nginx's signals are nginx's. */
static bool start_copy_thread(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_t thread;
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, &attributes, copy_thread, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

/* The boot thread. */
void boot_output_record(void)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    fflush(stderr);
    pthread_mutex_lock(&output.lock);
    output.pipe = ends[0];
    output.original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (output.original >= 0 && fcntl(output.pipe, F_SETFL, O_NONBLOCK) == 0 &&
        start_copy_thread()) {
        output.recording = dup2(ends[1], STDERR_FILENO) >= 0;
    } else {
        close(output.pipe);
        close(output.original);
    }
    pthread_mutex_unlock(&output.lock);
    close(ends[1]); /* with which the thread ends where nothing else has the pipe */
}

/* With the lock. False if somebody has put another file there meanwhile: nginx reopens its log.
 */
static bool is_still_recording(void)
{
    struct stat ours, now;
    return output.pipe >= 0 && fstat(output.pipe, &ours) == 0 && fstat(STDERR_FILENO, &now) == 0 &&
           ours.st_dev == now.st_dev && ours.st_ino == now.st_ino;
}

/* The boot thread, or the thread on which the JVM gives up. */
void boot_output_stop(text_t *text)
{
    fflush(stderr); /* before the lock: who holds stderr may wait for the copying thread */
    pthread_mutex_lock(&output.lock);
    if (output.recording) {
        if (is_still_recording()) {
            dup2(output.original, STDERR_FILENO);
        }
        while (output.pipe >= 0 && copy_some() > 0) {
        }
        text_add_bytes(text, text_get(&output.text), output.text.len);
        text_free(&output.text);
        output.recording = false;
    }
    pthread_mutex_unlock(&output.lock);
}
