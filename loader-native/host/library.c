/* Native libraries. */
#include "library.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_FOR_CLOSE_NS (3000 * NS_PER_MS) /* a guest that does not end is not waited for */
#define FIRST_LOOK_NS (10 * NS_PER_MS)       /* whether the threads have ended; then less often */
#define LATER_LOOK_NS (1000 * NS_PER_MS)
#define STACK_BYTES (1024 * 1024)

struct library {
    library_t *next;
    char *path; /* as given to dlopen */
    void *handle;
    resty_ffi_init_pt init;
    bool closes; /* when it is released, and its threads have ended */

    /* The load thread, then nginx's; the closing thread's once it is released. */
    threads_t threads; /* that may be in its code */

    /* libraries.lock */
    bool unloading;
    bool released;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t closed;
    pthread_cond_t released;
    library_t *open; /* those that close */
    bool closing;    /* the closing thread runs */
    bool keep_open;  /* nginx has ended */
} libraries = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The load thread, the first one. */
static void libraries_init(void)
{
    cond_init(&libraries.closed);
    cond_init(&libraries.released);
}

/* The load thread. LuaJIT's rule for ffi.load: "foo" is libfoo.so. */
static void decorate(char *to, size_t size, const char *name)
{
    snprintf(to, size, "%s%s%s", strncmp(name, "lib", 3) == 0 ? "" : "lib", name,
             strchr(name, '.') == NULL ? ".so" : "");
}

/* The load thread. The folder of libresty_ffi.so, with a slash at its end. */
static bool own_folder(char to[PATH_MAX])
{
    Dl_info info;
    char *slash;

    if (dladdr((void *) &libraries, &info) == 0 || realpath(info.dli_fname, to) == NULL ||
        (slash = strrchr(to, '/')) == NULL) {
        return false;
    }
    slash[1] = '\0';
    return true;
}

/* The load thread. */
static void find(char to[PATH_MAX], const char *name)
{
    char file[NAME_MAX + 1];

    if (strchr(name, '/') != NULL) {
        snprintf(to, PATH_MAX, "%s", name);
        return;
    }
    decorate(file, sizeof(file), name);
    if (own_folder(to) && strlen(to) + strlen(file) < PATH_MAX) {
        strcat(to, file);
        if (access(to, F_OK) == 0) {
            return;
        }
    }
    snprintf(to, PATH_MAX, "%s", file);
}

/* The load thread. */
static void wait_until_closed(const char *path)
{
    int64_t deadline_ns = now_ns() + WAIT_FOR_CLOSE_NS;
    library_t *library;
    bool in_time = true;

    pthread_mutex_lock(&libraries.lock);
    do {
        for (library = libraries.open; library != NULL; library = library->next) {
            if (library->unloading && strcmp(library->path, path) == 0) {
                break;
            }
        }
        if (library != NULL) {
            in_time = cond_wait_until(&libraries.closed, &libraries.lock, deadline_ns);
        }
    } while (library != NULL && in_time);
    pthread_mutex_unlock(&libraries.lock);
    if (library != NULL) {
        host_log(LOG_WARN, "%s is loaded again though its last runtime has not ended yet", path);
    }
}

/* The load thread. */
static bool is_go(void *handle)
{
    return dlsym(handle, "crosscall2") != NULL || dlsym(handle, "_cgo_panic") != NULL;
}

/* The load thread. Linked with -z nodelete: dlclose() would do nothing. */
static bool is_nodelete(void *handle)
{
    struct link_map *map = NULL;

    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0) {
        for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_FLAGS_1) {
                return (entry->d_un.d_val & DF_1_NODELETE) != 0;
            }
        }
    }
    return false;
}

/* Any thread. */
static void library_free(library_t *library)
{
    threads_free(&library->threads);
    free(library->path);
    free(library);
}

/* The load thread. */
static char *explain(const char *name, const char *what)
{
    char *text = malloc(PATH_MAX + 512);

    if (text != NULL) {
        snprintf(text, PATH_MAX + 512, "cannot load library \"%s\": %s", name, what);
    }
    return text;
}

/* The load thread. */
library_t *library_open(const char *name, bool is_global, bool unpin, char **error)
{
    library_t *library = calloc(1, sizeof(*library));
    char path[PATH_MAX];
    void *init;

    pthread_once(&once, libraries_init);
    find(path, name);
    if (library == NULL || (library->path = strdup(path)) == NULL) {
        *error = explain(name, "no memory");
        free(library);
        return NULL;
    }
    wait_until_closed(path);
    if (unpin) {
        threads_add_all(&library->threads); /* until library_init: those that were there before */
    }
    library->handle = dlopen(path, RTLD_NOW | (is_global ? RTLD_GLOBAL : RTLD_LOCAL));
    if (library->handle == NULL) {
        *error = explain(name, dlerror());
        library_free(library);
        return NULL;
    }
    init = dlsym(library->handle, "libffi_init");
    if (init == NULL) {
        *error = explain(name, "it does not export libffi_init()");
        dlclose(library->handle);
        library_free(library);
        return NULL;
    }
    memcpy(&library->init, &init, sizeof(init));
    library->closes = unpin && !is_go(library->handle) && !is_nodelete(library->handle);
    if (library->closes) {
        pthread_mutex_lock(&libraries.lock);
        library->next = libraries.open;
        libraries.open = library;
        pthread_mutex_unlock(&libraries.lock);
    }
    return library;
}

/* The load thread. */
int library_init(library_t *library, char *cfg, void *tq)
{
    int rc = library->init(cfg, tq);

    if (library->closes) {
        threads_t now = {0};

        threads_add_all(&now);
        threads_remove(&now, &library->threads);
        now.unknown |= library->threads.unknown;
        threads_free(&library->threads);
        library->threads = now;
    }
    return rc;
}

/* The load thread. One that closes is in the list. */
void library_abandon(library_t *library)
{
    if (!library->closes) {
        library_free(library);
    }
}

/* nginx's thread. */
void library_unloading(library_t *library)
{
    if (library != NULL && library->closes) {
        pthread_mutex_lock(&libraries.lock);
        library->unloading = true;
        pthread_mutex_unlock(&libraries.lock);
    }
}

/* ---- closing -------------------------------------------------------------------------------- */

/* Any thread, under the lock. */
static void take_out(library_t *library)
{
    library_t **at = &libraries.open;

    while (*at != library) {
        at = &(*at)->next;
    }
    *at = library->next;
    pthread_cond_broadcast(&libraries.closed);
}

/* The closing thread, under the lock, which is released meanwhile. */
static void close_one(library_t *library)
{
    pthread_mutex_unlock(&libraries.lock);
    dlclose(library->handle);
    pthread_mutex_lock(&libraries.lock);
    take_out(library);
    library_free(library);
}

/* The closing thread, under the lock. One that can be closed, or NULL: `more` says if some wait. */
static library_t *next_to_close(bool *more)
{
    *more = false;
    for (library_t *library = libraries.open; library != NULL; library = library->next) {
        if (library->released && !threads_are_running(&library->threads)) {
            return library;
        }
        *more |= library->released;
    }
    return NULL;
}

/* The closing thread, of which there is one at most. */
static void *close_run(void *arg)
{
    int64_t pause_ns = FIRST_LOOK_NS;
    library_t *library;
    bool more = true;

    (void) arg;
    pthread_mutex_lock(&libraries.lock);
    while (more && !libraries.keep_open) {
        library = next_to_close(&more);
        if (library != NULL) {
            close_one(library);
            more = true;
        } else if (more &&
                   cond_wait_until(&libraries.released, &libraries.lock, now_ns() + pause_ns)) {
            pause_ns = FIRST_LOOK_NS; /* another one */
        } else {
            pause_ns = pause_ns * 2 > LATER_LOOK_NS ? LATER_LOOK_NS : pause_ns * 2;
        }
    }
    libraries.closing = false;
    pthread_mutex_unlock(&libraries.lock);
    return NULL;
}

/* nginx's thread, under the lock. 0, or an errno. */
static int start_closing(void)
{
    int rc = 0;

    if (!libraries.closing) {
        rc = thread_start(close_run, NULL, STACK_BYTES);
        libraries.closing = rc == 0;
    }
    pthread_cond_signal(&libraries.released);
    return rc;
}

/* nginx's thread. What stays open harms nobody. */
void library_release(library_t *library, threads_t *pollers, bool stays)
{
    int rc = 0;

    ON_NGINX_THREAD();
    threads_add(&library->threads, pollers);
    threads_free(pollers);
    if (!library->closes) {
        library_free(library);
        return;
    }
    pthread_mutex_lock(&libraries.lock);
    library->unloading = library->released = true;
    if (stays || (rc = start_closing()) != 0) {
        take_out(library);
        stays = true;
    }
    pthread_mutex_unlock(&libraries.lock);
    if (rc != 0) {
        host_log(LOG_WARN, "%s stays open: no thread to close it (%s)", library->path,
                 strerror(rc));
    }
    if (stays) {
        library_free(library);
    }
}

/* nginx's thread. */
void libraries_keep_open(void)
{
    ON_NGINX_THREAD();
    pthread_mutex_lock(&libraries.lock);
    libraries.keep_open = true;
    pthread_mutex_unlock(&libraries.lock);
}
