/*
 * The JVM's options: what resty-polyglot itself needs, then the lines of dist/conf/jvm.options,
 * then setup{jvm_options=}. Of two that contradict each other the JVM takes the later one.
 */
#ifndef LOADER_JVM_OPTIONS_H
#define LOADER_JVM_OPTIONS_H

#include "find_jdk.h"
#include "text.h"

typedef struct {
    const char *dist;
    const jdk_t *jdk;
    const char *prefix;  /* nginx's, NULL: not known */
    const char *setting; /* setup{jvm_options=}, one a line; NULL: not given */
} jvm_options_from_t;

/* 0, with a text in `warning` if guests will run in the interpreter; or -1. */
int jvm_options_make(const jvm_options_from_t *from, list_t *options, text_t *warning,
                     text_t *error);

#endif
