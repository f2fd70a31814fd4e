/*
 * The host's extension (resty_ffi.h), as far as the loader uses it, looked up by name at each use:
 * any host of lua-resty-ffi's ABI may be on the other side, and most have none of it.
 */
#ifndef LOADER_HOST_ABI_H
#define LOADER_HOST_ABI_H

/* nginx's numbers. */
enum log_level {
    LEVEL_ERROR = 4,
    LEVEL_WARN = 5,
    LEVEL_NOTICE = 6,
};

/* What setup{} gave for `name`; NULL: nothing, or the host has no settings. */
const char *host_setting(const char *name);

/* A line for nginx's error.log: through the host, else through stderr, which nginx sends there. */
void host_log(enum log_level level, const char *text);

/* The text that goes with the rc of libffi_init: for the host to give to Lua, and for the log. */
void host_load_failed(void *tq, const char *text);

#endif
