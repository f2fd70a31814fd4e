#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Any thread. Room for `more` bytes and a NUL. */
static bool text_reserve(text_t *text, size_t more)
{
    size_t need = text->len + more + 1;
    if (need <= text->size) {
        return true;
    }
    size_t size = need < 128 ? 128 : need * 2;
    char *bytes = realloc(text->bytes, size);
    if (bytes == NULL) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->size = size;
    return true;
}

/* Any thread. */
void text_add_bytes(text_t *text, const char *bytes, size_t len)
{
    if (!text_reserve(text, len)) {
        return;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    text->bytes[text->len] = '\0';
}

/* Any thread. */
void text_add(text_t *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len >= 0 && text_reserve(text, (size_t) len)) {
        vsnprintf(text->bytes + text->len, (size_t) len + 1, format, again);
        text->len += (size_t) len;
    }
    va_end(again);
}

/* Any thread. */
const char *text_get(const text_t *text)
{
    return text->bytes == NULL ? "" : text->bytes;
}

/* Any thread. */
void text_add_as_line(text_t *text, const char *output)
{
    const char *between = "";
    while (*output != '\0') {
        size_t len = strcspn(output, "\r\n");
        const char *end = output + len;
        while (len > 0 && isspace((unsigned char) *output)) {
            output++;
            len--;
        }
        while (len > 0 && isspace((unsigned char) output[len - 1])) {
            len--;
        }
        if (len > 0) {
            text_add(text, "%s%.*s", between, (int) len, output);
            between = "; ";
        }
        output = end + strspn(end, "\r\n");
    }
}

/* Any thread. */
void text_free(text_t *text)
{
    free(text->bytes);
    *text = (text_t){0};
}

/* Any thread. */
void list_add(list_t *list, const char *format, ...)
{
    if (list->count == list->size) {
        size_t size = list->size == 0 ? 16 : list->size * 2;
        char **items = realloc(list->items, size * sizeof(*items));
        if (items == NULL) {
            list->failed = true;
            return;
        }
        list->items = items;
        list->size = size;
    }
    va_list args;
    va_start(args, format);
    int len = vasprintf(&list->items[list->count], format, args);
    va_end(args);
    if (len < 0) {
        list->failed = true;
        return;
    }
    list->count++;
}

/* Any thread. */
void list_free(list_t *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i]);
    }
    free(list->items);
    *list = (list_t){0};
}
