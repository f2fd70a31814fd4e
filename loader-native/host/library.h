/*
 * Native libraries: where they are looked up, and when they are closed.
 *
 * A library stays open for good, unless the load said `unpin`. Then it is closed when its queue is
 * (every poller has got its NULL), after a moment in which the pollers' threads leave its code; a
 * load of the same library waits for that, so that a file that was replaced is read anew. A library
 * in Go is never closed: its runtime has threads that do not end.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include "host.h"

typedef struct library library_t;

/*
 * The load thread. By path; or by name in the folder of this library, then as the linker does.
 * NULL: `error` (malloc) says why.
 */
library_t *library_open(const char *name, bool is_global, bool unpin, char **error);
/* The load thread. */
resty_ffi_init_pt library_init_function(const library_t *library);

/* nginx's thread. It will be released. NULL is allowed. */
void library_unloading(library_t *library);
/* The load thread, when nginx has ended. It stays open. */
void library_abandon(library_t *library);
/* nginx's thread. No thread of the host will call into it any more. */
void library_release(library_t *library);

#endif
