/*
 * What the JVM prints while it boots. Part of it goes through its vfprintf hook and part (an
 * exception of the boot layer, an agent) straight to file descriptor 2, so that is where it is
 * recorded: for the time of the boot, descriptor 2 is a pipe, whose content a thread copies on to
 * where it was going, at once. A process that is started meanwhile keeps the pipe as its stderr,
 * and the thread stays for it.
 *
 * What another thread of the process prints to stderr just then is recorded along. One recording in
 * a process.
 */
#ifndef LOADER_BOOT_OUTPUT_H
#define LOADER_BOOT_OUTPUT_H

#include "text.h"

/* Where the system does not allow it, nothing is recorded, and all goes where it always went. */
void boot_output_record(void);

/* Gives descriptor 2 back, and adds what was recorded to `output`. */
void boot_output_stop(text_t *output);

#endif
