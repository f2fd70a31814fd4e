/* Prints the layout of what Lua sees, as C's compiler makes it. */
#include <stdio.h>

#include "lua_api.h"

#define FIELD(name) printf(#name " %zu\n", offsetof(resty_ffi_lua_result_t, name))

int main(void)
{
    printf("resty_ffi_lua_result_t %zu\n", sizeof(resty_ffi_lua_result_t));
    FIELD(runtime);
    FIELD(timeout_ms);
    FIELD(text);
    FIELD(len);
    FIELD(status);
    FIELD(rc);
    return 0;
}
