/*
 * What the JVM prints while it boots. Part of it goes through its vfprintf hook and part (an
 * exception of the boot layer, an agent) straight to file descriptor 2, so that is where it is
 * recorded: for the time of the boot, descriptor 2 is a file in memory.
 *
 * What another thread of the process prints to stderr just then is recorded along; nothing is lost,
 * as all of it is written out at the end. One recording at a time.
 */
#ifndef LOADER_BOOT_OUTPUT_H
#define LOADER_BOOT_OUTPUT_H

#include "text.h"

/* Where the system does not allow it, nothing is recorded, and all goes where it always went. */
void boot_output_record(void);

/* Gives descriptor 2 back, writes out what was recorded, and adds it to `output`. */
void boot_output_stop(text_t *output);

#endif
