/*
 * Finds a JDK that the JVM can be booted from: Java 25 or newer, and exactly 25 where there is a
 * choice, as the just-in-time compiler in dist/graal works with no other.
 */
#ifndef LOADER_FIND_JDK_H
#define LOADER_FIND_JDK_H

#include <jni.h>

#include "jdk_release.h"
#include "text.h"

#define JDK_FEATURE 25

/* Where to look; NULL: not given. */
typedef struct {
    const char *setting;   /* setup{java_home=}: this one or none */
    const char *java_home; /* the environment's: this one if it will do */
    const char *bundled;   /* dist/java: this one if it is there */
    const char *home;      /* the user's */
    const char *path;      /* the environment's */
    const char *root;      /* goes before the usual places; "" except in tests */
} jdk_places_t;

typedef jint(JNICALL *create_vm_pt)(JavaVM **vm, void **env, void *args);

typedef struct {
    char *home;
    jdk_release_t release; /* version not known: to be asked of the JVM once it is up */
    void *library;         /* libjvm.so; stays open until the process ends */
    create_vm_pt create_vm;
} jdk_t;

/*
 * 0, with the JDK; `note` tells if JAVA_HOME had to be passed over. Or -1: `error` names every
 * place and what is wrong with it.
 */
int find_jdk(const jdk_places_t *places, jdk_t *jdk, text_t *note, text_t *error);

#endif
