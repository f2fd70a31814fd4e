/*
 * The host's start and end in a worker, and the Lua VMs between.
 *
 * It starts with the first load. It ends when nginx does: the worker's Lua VM is closed with the
 * configuration cycle, while lua-nginx-module is still there; after that it is unmapped, and
 * nothing of nginx is touched any more. Other VMs come and go (lua_code_cache off: one for each
 * request).
 *
 * All on nginx's thread, but for host_may_run_here.
 */
#ifndef LIFECYCLE_H
#define LIFECYCLE_H

#include "host.h"

/* Any thread. Whether it is nginx's: Lua runs on others, too (ngx.run_worker_thread). */
bool host_may_run_here(void);

/* Starts the host if need be. 0: `err` says why it cannot; else the number of the new Lua VM. */
uint64_t host_open_vm(char *err, size_t size);
/* The VM's callers are gone; if it was the cycle's at the worker's end, so is the host. */
void host_close_vm(uint64_t vm);

#endif
