/* Sets of threads. */
#include "threads.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIELDS_BEFORE_START 19 /* of /proc/<pid>/stat, after the name: state ... itrealvalue */

enum found { FOUND, GONE, UNKNOWN };

/* Any thread. */
static enum found look_up(pid_t id, unsigned long long *started)
{
    char path[64], text[1024];
    const char *at;
    ssize_t len;
    int fd;

    snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int) id);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? GONE : UNKNOWN;
    }
    len = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (len <= 0) {
        return len < 0 && errno == ESRCH ? GONE : UNKNOWN;
    }
    text[len] = '\0';
    at = strrchr(text, ')'); /* the name may have blanks and brackets in it */
    for (int i = 0; at != NULL && i <= FIELDS_BEFORE_START; i++) {
        at = strchr(at + 1, ' ');
    }
    return at != NULL && sscanf(at, " %llu", started) == 1 ? FOUND : UNKNOWN;
}

/* Any thread. */
static bool has(const threads_t *threads, const thread_id_t *thread)
{
    for (size_t i = 0; i < threads->count; i++) {
        if (threads->items[i].id == thread->id && threads->items[i].started == thread->started) {
            return true;
        }
    }
    return false;
}

/* Any thread. */
static void add(threads_t *threads, const thread_id_t *thread)
{
    if (has(threads, thread)) {
        return;
    }
    if (threads->count == threads->size) {
        size_t size = threads->size == 0 ? 16 : threads->size * 2;
        thread_id_t *items = realloc(threads->items, size * sizeof(*items));

        if (items == NULL) {
            threads->unknown = true;
            return;
        }
        threads->items = items;
        threads->size = size;
    }
    threads->items[threads->count++] = *thread;
}

/* Any thread. One that has ended meanwhile does not matter. */
static void add_id(threads_t *threads, pid_t id)
{
    thread_id_t thread = {.id = id};

    switch (look_up(id, &thread.started)) {
    case FOUND:
        add(threads, &thread);
        break;
    case GONE:
        break;
    case UNKNOWN:
        threads->unknown = true;
        break;
    }
}

/* Any thread. */
void threads_add_self(threads_t *threads)
{
    add_id(threads, gettid());
}

/* Any thread. */
void threads_add_all(threads_t *threads)
{
    DIR *folder = opendir("/proc/self/task");
    struct dirent *entry;

    if (folder == NULL) {
        threads->unknown = true;
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            add_id(threads, (pid_t) atoi(entry->d_name));
        }
    }
    closedir(folder);
}

/* Any thread. */
void threads_add(threads_t *threads, const threads_t *more)
{
    for (size_t i = 0; i < more->count; i++) {
        add(threads, &more->items[i]);
    }
    threads->unknown |= more->unknown;
}

/* Any thread. */
void threads_remove(threads_t *threads, const threads_t *those)
{
    size_t left = 0;

    for (size_t i = 0; i < threads->count; i++) {
        if (!has(those, &threads->items[i])) {
            threads->items[left++] = threads->items[i];
        }
    }
    threads->count = left;
}

/* Any thread. */
bool threads_are_running(threads_t *threads)
{
    size_t left = 0;

    for (size_t i = 0; i < threads->count; i++) {
        unsigned long long started = 0;
        enum found found = look_up(threads->items[i].id, &started);

        if (threads->items[i].id != gettid() &&
            (found == UNKNOWN || (found == FOUND && started == threads->items[i].started))) {
            threads->items[left++] = threads->items[i];
        }
    }
    threads->count = left;
    return left > 0 || threads->unknown;
}

/* Any thread. */
void threads_free(threads_t *threads)
{
    free(threads->items);
    *threads = (threads_t){0};
}
