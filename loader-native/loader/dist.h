/* The installation (dist/) that this library belongs to. Any thread. */
#ifndef LOADER_DIST_H
#define LOADER_DIST_H

#include <stdbool.h>

#include "text.h"

/* Puts the folder into `home`, found from the place of this library, <dist>/lib. 0 or -1. */
int dist_find(text_t *home, text_t *error);

/* dist/jars, spelled out, as a JVM that is booted from C does not know wildcards. 0 or -1. */
int dist_class_path(const char *home, text_t *class_path, text_t *error);

/* True if dist/graal has all jars of the just-in-time compiler; else `missing` names one. */
bool dist_has_compiler(const char *home, const char **missing);

#endif
