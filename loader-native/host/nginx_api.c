/* The symbols of nginx and lua-nginx-module. */
#include "nginx_api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

nginx_api_t nginx;

/* nginx's thread. */
bool nginx_find(char *err, size_t size)
{
    static const struct {
        const char *name;
        void *to;
        const char *owner;
    } symbols[] = {
        {"ngx_event_actions", &nginx.event_actions, "nginx"},
        {"ngx_time_update", &nginx.time_update, "nginx"},
        {"ngx_process", &nginx.process, "nginx"},
        {"ngx_exiting", &nginx.exiting, "nginx"},
        {"ngx_terminate", &nginx.terminate, "nginx"},
        {"ngx_quit", &nginx.quit, "nginx"},
        {"ngx_cycle", &nginx.cycle, "nginx"},
        {"ngx_http_lua_ffi_sema_new", &nginx.sema_new, "lua-nginx-module"},
        {"ngx_http_lua_ffi_sema_post", &nginx.sema_post, "lua-nginx-module"},
        {"ngx_http_lua_ffi_sema_wait", &nginx.sema_wait, "lua-nginx-module"},
        {"ngx_http_lua_ffi_sema_count", &nginx.sema_count, "lua-nginx-module"},
        {"ngx_http_lua_ffi_sema_gc", &nginx.sema_gc, "lua-nginx-module"},
        {"ngx_http_lua_ffi_raw_log", &nginx.raw_log, "lua-nginx-module"},
    };

    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        void *address = dlsym(RTLD_DEFAULT, symbols[i].name);

        if (address == NULL) {
            snprintf(err, size, "%s does not export %s: too old, or built without it",
                     symbols[i].owner, symbols[i].name);
            return false;
        }
        /* As memcpy: ISO C has no cast between pointers to objects and to functions. */
        memcpy(symbols[i].to, &address, sizeof(address));
    }
    return true;
}

/* nginx's thread. */
bool nginx_is_exiting(void)
{
    return *nginx.exiting != 0 || *nginx.terminate != 0 || *nginx.quit != 0;
}
