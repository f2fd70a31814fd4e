/*
 * Native libraries: where they are looked up, and when they are closed.
 *
 * A library stays open for good, unless the load said `unpin`. Then it is closed when its queue is,
 * and no thread is left that may be in its code: of those that appeared while it was opened and
 * initialised, and of those that have polled its queue. The NULL from poll is not enough, as the
 * thread returns into the library with it. A thread that a library starts later and that never
 * polls is not known: the library has to join it before its pollers end. A load of the same library
 * waits for the end, so that a file that was replaced is read anew.
 *
 * It stays open after all if nginx ends first, if it polls through a group (then others may be in
 * its code), if it is in Go, whose runtime has threads that do not end, and if it is linked so.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include "host.h"
#include "threads.h"

typedef struct library library_t;

/*
 * The load thread. By path; or by name in the folder of this library, then as the linker does.
 * NULL: `error` (malloc) says why.
 */
library_t *library_open(const char *name, bool is_global, bool unpin, char **error);
/* The load thread. Calls its libffi_init. */
int library_init(library_t *library, char *cfg, void *tq);

/* nginx's thread. It will be released. NULL is allowed. */
void library_unloading(library_t *library);
/* The load thread, when nginx has ended. It stays open. */
void library_abandon(library_t *library);
/*
 * nginx's thread. Its queue is closed, which `pollers` have polled; the set is taken over. `stays`:
 * open, whatever the load said.
 */
void library_release(library_t *library, threads_t *pollers, bool stays);
/* nginx's thread, when nginx ends: none is closed any more. */
void libraries_keep_open(void);

#endif
