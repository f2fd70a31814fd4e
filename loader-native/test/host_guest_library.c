/* libhost_guest.so: a library of the host's ABI whose runtime is in the test program. */
#include "resty_ffi.h"

#ifndef GUEST_VERSION
#define GUEST_VERSION 1
#endif

extern int guest_library_init(char *cfg, void *tq);
extern _Atomic int guest_library_version;
RESTY_FFI_API int libffi_init(char *cfg, void *tq);

int libffi_init(char *cfg, void *tq)
{
    guest_library_version = GUEST_VERSION;
    return guest_library_init(cfg, tq);
}
