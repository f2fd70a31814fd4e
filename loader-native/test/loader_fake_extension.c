/* The host's extension, as far as the loader uses it; the test reads and writes the variables. */
#include <stdio.h>
#include <string.h>

#include "resty_ffi.h"

int fake_version = RESTY_FFI_ABI_VERSION;
const char *fake_java_home;
const char *fake_jvm_options;
const char *fake_prefix;
char fake_log[8192];
char fake_failure[8192];
void *fake_failed_queue;

int resty_ffi_version(void)
{
    return fake_version;
}

const char *resty_ffi_setting(const char *name)
{
    if (strcmp(name, "java_home") == 0) {
        return fake_java_home;
    }
    if (strcmp(name, "jvm_options") == 0) {
        return fake_jvm_options;
    }
    return strcmp(name, "prefix") == 0 ? fake_prefix : NULL;
}

int resty_ffi_log(int level, const char *text, size_t len)
{
    size_t used = strlen(fake_log);
    snprintf(fake_log + used, sizeof(fake_log) - used, "%d %.*s\n", level, (int) len, text);
    return 0;
}

void resty_ffi_load_failed(void *tq, const char *text, size_t len)
{
    fake_failed_queue = tq;
    snprintf(fake_failure, sizeof(fake_failure), "%.*s", (int) len, text);
}
