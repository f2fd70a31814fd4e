/* libhost_other.so: what the process looks like when another host of the ABI came first. */
void *ngx_http_lua_ffi_task_poll(void *tq);

void *ngx_http_lua_ffi_task_poll(void *tq)
{
    return tq;
}
