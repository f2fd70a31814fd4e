/*
 * Text that grows, and a list of strings. Neither knows a thread; each object belongs to one.
 *
 * Out of memory is remembered in `failed` and what did not fit is left out: messages become
 * shorter, and who needs the whole (options, paths) looks at `failed` once, at the end.
 */
#ifndef LOADER_TEXT_H
#define LOADER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty text. */
typedef struct {
    char *bytes; /* NUL-terminated, or NULL */
    size_t len;
    size_t size;
    bool failed;
} text_t;

__attribute__((format(printf, 2, 3))) void text_add(text_t *text, const char *format, ...);
void text_add_bytes(text_t *text, const char *bytes, size_t len);

/* Never NULL; valid until the text changes. */
const char *text_get(const text_t *text);

/* Adds `output` of another program: as one line, without blanks at its ends. */
void text_add_as_line(text_t *text, const char *output);

void text_free(text_t *text);

/* All zero is an empty list. */
typedef struct {
    char **items;
    size_t count;
    size_t size;
    bool failed;
} list_t;

__attribute__((format(printf, 2, 3))) void list_add(list_t *list, const char *format, ...);
void list_free(list_t *list);

#endif
