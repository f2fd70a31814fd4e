/* Native libraries. */
#include "library.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LEAVE_NS (100 * NS_PER_MS)           /* pollers that got NULL leave the library's code */
#define WAIT_FOR_CLOSE_NS (3000 * NS_PER_MS) /* a guest that does not end is not waited for */
#define STACK_BYTES (1024 * 1024)

struct library {
    library_t *next;
    char *path; /* as given to dlopen */
    void *handle;
    resty_ffi_init_pt init;
    bool closes; /* when it is released */
    bool unloading;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t closed;
    library_t *open; /* those that close */
} libraries = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The load thread, the first one. */
static void libraries_init(void)
{
    cond_init(&libraries.closed);
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
    library->handle = dlopen(path, RTLD_NOW | (is_global ? RTLD_GLOBAL : RTLD_LOCAL));
    if (library->handle == NULL) {
        *error = explain(name, dlerror());
        free(library->path);
        free(library);
        return NULL;
    }
    init = dlsym(library->handle, "libffi_init");
    if (init == NULL) {
        *error = explain(name, "it does not export libffi_init()");
        dlclose(library->handle);
        free(library->path);
        free(library);
        return NULL;
    }
    memcpy(&library->init, &init, sizeof(init));
    library->closes = unpin && !is_go(library->handle);
    if (library->closes) {
        pthread_mutex_lock(&libraries.lock);
        library->next = libraries.open;
        libraries.open = library;
        pthread_mutex_unlock(&libraries.lock);
    }
    return library;
}

/* The load thread. */
resty_ffi_init_pt library_init_function(const library_t *library)
{
    return library->init;
}

/* The load thread. One that closes is in the list. */
void library_abandon(library_t *library)
{
    if (!library->closes) {
        free(library->path);
        free(library);
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

/* A thread of its own. */
static void *close_run(void *arg)
{
    library_t *library = arg;
    struct timespec leave = {.tv_nsec = LEAVE_NS};

    nanosleep(&leave, NULL);
    dlclose(library->handle);

    pthread_mutex_lock(&libraries.lock);
    for (library_t **at = &libraries.open; *at != NULL; at = &(*at)->next) {
        if (*at == library) {
            *at = library->next;
            break;
        }
    }
    pthread_cond_broadcast(&libraries.closed);
    pthread_mutex_unlock(&libraries.lock);
    free(library->path);
    free(library);
    return NULL;
}

/* nginx's thread. Without a thread to close it, it stays open, which harms nobody. */
void library_release(library_t *library)
{
    ON_NGINX_THREAD();
    if (!library->closes) {
        free(library->path);
        free(library);
        return;
    }
    library_unloading(library);
    if (thread_start(close_run, library, STACK_BYTES) != 0) {
        host_log(LOG_WARN, "%s stays open: no thread to close it", library->path);
    }
}
