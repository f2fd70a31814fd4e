/* The way into Java: org.restypolyglot.core.Boot.load(byte[] spec, long taskQueue). */
#ifndef LOADER_CALL_BOOT_H
#define LOADER_CALL_BOOT_H

#include <jni.h>

#include "text.h"

/*
 * Attaches the calling thread for the time of the call, which lasts until the guest is loaded.
 * Returns what Java returned, which has told the host the text that goes with it; or 1 with
 * `error`, if Java was not reached or threw.
 */
int call_boot(JavaVM *vm, const char *spec, void *tq, text_t *error);

#endif
