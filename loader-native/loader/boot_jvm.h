/*
 * The one JVM of this process.
 *
 *            boot_jvm          JNI_CreateJavaVM
 *   NOT_YET ---------> BOOTING -----------------> UP       (for the rest of the process)
 *      ^                  |  \
 *      +------------------+   +-----------------> FAILED   (for the rest of the process)
 *       nothing was tried:       the JVM did not come up, or wanted to end the process: then the
 *       no JDK, no jars ...      thread on which it did stays where it is, for ever
 *
 * Whoever asks while it boots waits for the same boot.
 */
#ifndef LOADER_BOOT_JVM_H
#define LOADER_BOOT_JVM_H

#include <jni.h>

#include "text.h"

/* Stack of the threads that the loader starts, in bytes. */
#define LOADER_STACK_BYTES (8UL << 20)

/* The JVM, booted if need be; blocks meanwhile. NULL: the reason is in `error`. Any thread. */
JavaVM *boot_jvm(text_t *error);

#endif
