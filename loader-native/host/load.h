/*
 * Loading: on a thread of its own, so that nginx serves on while a library is opened, a virtual
 * machine starts and a guest's modules are read. libffi_init may take as long as it likes.
 */
#ifndef LOAD_H
#define LOAD_H

#include "messages.h"
#include "runtime.h"

/* nginx's thread. Ends in runtime_loaded, at once if no thread can be started. */
void load_start(runtime_t *runtime, queue_t *queue);

/* nginx's thread, on MESSAGE_LOADED. */
void load_finished(message_t *message);

/* nginx's thread. Load threads that have not reported yet. */
int loads_running(void);

#endif
