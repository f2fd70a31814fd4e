#include "host_abi.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "resty_ffi.h"
#include "text.h"

/* Any thread. NULL where the host lacks `name`, or where its extension is of another version. */
static void *extension(const char *name)
{
    int (*version)(void);
    *(void **) &version = dlsym(RTLD_DEFAULT, "resty_ffi_version");
    if (version == NULL || version() != RESTY_FFI_ABI_VERSION) {
        return NULL;
    }
    return dlsym(RTLD_DEFAULT, name);
}

/* Any thread. */
const char *host_setting(const char *name)
{
    const char *(*setting)(const char *);
    *(void **) &setting = extension("resty_ffi_setting");
    return setting == NULL ? NULL : setting(name);
}

/* Any thread. */
static void log_to_stderr(enum log_level level, const char *text)
{
    static const char *const names[] = {
        [LEVEL_ERROR] = "error", [LEVEL_WARN] = "warn", [LEVEL_NOTICE] = "notice"};
    fprintf(stderr, "[%s] %s\n", names[level], text);
}

/* Any thread. */
void host_log(enum log_level level, const char *text)
{
    text_t line = {0};
    text_add(&line, "ffi_polyglot: %s", text);
    int (*log)(int, const char *, size_t);
    *(void **) &log = extension("resty_ffi_log");
    if (log == NULL || log((int) level, text_get(&line), line.len) != 0) {
        log_to_stderr(level, text_get(&line));
    }
    text_free(&line);
}

/* Any thread. */
void host_load_failed(void *tq, const char *text)
{
    void (*load_failed)(void *, const char *, size_t);
    *(void **) &load_failed = extension("resty_ffi_load_failed");
    if (load_failed != NULL) {
        load_failed(tq, text, strlen(text));
    }
    text_t line = {0};
    text_add(&line, "load failed: %s", text);
    host_log(LEVEL_ERROR, text_get(&line));
    text_free(&line);
}
