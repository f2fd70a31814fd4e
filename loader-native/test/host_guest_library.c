/* libhost_guest.so: a library of the host's ABI whose runtime is in the test program. */
#include "resty_ffi.h"

extern int guest_library_init(char *cfg, void *tq);
RESTY_FFI_API int libffi_init(char *cfg, void *tq);

int libffi_init(char *cfg, void *tq)
{
    return guest_library_init(cfg, tq);
}
