/* Exports what another host of the same ABI would. */
#include <stddef.h>

#include "resty_ffi.h"

RESTY_FFI_API void *ngx_http_lua_ffi_task_poll(void *tq)
{
    (void) tq;
    return NULL;
}

RESTY_FFI_API char *ngx_http_lua_ffi_get_req(void *task, int *len)
{
    (void) task;
    (void) len;
    return NULL;
}

RESTY_FFI_API void ngx_http_lua_ffi_respond(void *task, int rc, char *rsp, int len)
{
    (void) task;
    (void) rc;
    (void) rsp;
    (void) len;
}
