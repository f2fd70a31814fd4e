/* What a JDK says about itself in its file `release`. Any thread. */
#ifndef LOADER_JDK_RELEASE_H
#define LOADER_JDK_RELEASE_H

#include <stdbool.h>

#define JDK_VERSION_PARTS 4

typedef struct {
    int version[JDK_VERSION_PARTS]; /* 25.0.3 is {25, 0, 3, 0}; all 0: not known */
    bool has_jvmci;                 /* the JVM's side of a compiler that is written in Java */
    bool has_own_compiler;          /* a GraalVM, or an image with the compiler linked in */
} jdk_release_t;

/* Reads `home`/release; where there is none, or no version in it, the version is not known. */
void jdk_release_read(const char *home, jdk_release_t *release);

/* Less than, equal to or more than 0, as strcmp(). */
int jdk_version_compare(const jdk_release_t *a, const jdk_release_t *b);

#endif
