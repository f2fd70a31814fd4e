/* Log lines. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nginx_api.h"

/* nginx cuts a line, with its date, level and process, at 2,048 bytes. */
#define LINE_MAX_BYTES 1900
#define PENDING_MAX_BYTES (1024 * 1024)
#define LINE_OVERHEAD 64
#define LINES_PER_TURN 200 /* each is a write() */

typedef struct {
    message_t message;
    int level;
    size_t len;
    char text[];
} log_line_t;

static _Atomic size_t pending_bytes;
static _Atomic size_t dropped;
static _Atomic bool behind;

/* nginx's thread: lines that were taken and not printed yet. */
static struct {
    message_t *first;
    message_t *last;
} taken;

/* Any thread. How many bytes of `text` make the next line: never through a character of UTF-8. */
static size_t line_length(const char *text, size_t len)
{
    size_t n = LINE_MAX_BYTES;

    if (len <= LINE_MAX_BYTES) {
        return len;
    }
    while (n > LINE_MAX_BYTES - 4 && ((unsigned char) text[n] & 0xC0) == 0x80) {
        n--;
    }
    /* No start of a character within its longest form: not UTF-8, cut anywhere. */
    return ((unsigned char) text[n] & 0xC0) == 0x80 ? LINE_MAX_BYTES : n;
}

/* Any thread. NULL: too much is pending, or no memory. */
static log_line_t *line_new(int level, const char *text, size_t len)
{
    size_t bytes = len + LINE_OVERHEAD;
    log_line_t *line;

    if (atomic_fetch_add(&pending_bytes, bytes) + bytes > PENDING_MAX_BYTES ||
        (line = malloc(sizeof(*line) + len)) == NULL) {
        atomic_fetch_sub(&pending_bytes, bytes);
        atomic_fetch_add(&dropped, 1);
        return NULL;
    }
    line->message.next = NULL;
    line->message.kind = MESSAGE_LOG;
    line->level = level;
    line->len = len;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char) text[i];

        line->text[i] = (c < 0x20 && c != '\t') || c == 0x7F ? '?' : text[i];
    }
    return line;
}

/* Any thread. */
static void line_free(log_line_t *line)
{
    atomic_fetch_sub(&pending_bytes, line->len + LINE_OVERHEAD);
    free(line);
}

/* Any thread. The lines of one call stay together. */
int resty_ffi_log(int level, const char *text, size_t len)
{
    message_t *first = NULL, *last = NULL;
    int rc = 0;

    level = level < LOG_ALERT ? LOG_ALERT : level > LOG_DEBUG ? LOG_DEBUG : level;
    while (text != NULL && len > 0) {
        const char *newline = memchr(text, '\n', len);
        size_t whole = newline == NULL ? len : (size_t) (newline - text);
        size_t n = line_length(text, whole);
        size_t shown = n > 0 && n == whole && text[n - 1] == '\r' ? n - 1 : n;
        log_line_t *line = line_new(level, text, shown);

        if (line == NULL) {
            rc = -1;
        } else if (first == NULL) {
            first = last = &line->message;
        } else {
            last = last->next = &line->message;
        }
        n += newline != NULL && n == whole ? 1 : 0;
        text += n;
        len -= n;
    }
    if (first != NULL && !messages_push_all(first, last)) {
        for (message_t *next; first != NULL; first = next) {
            next = first->next;
            line_free(CONTAINER_OF(first, log_line_t, message));
        }
        rc = -1;
    }
    return rc;
}

/* Any thread. */
void host_log(int level, const char *format, ...)
{
    char text[1024];
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n > 0) {
        (void) resty_ffi_log(level, text, strlen(text));
    }
}

/* nginx's thread. */
void log_take(message_t *message)
{
    ON_NGINX_THREAD();
    message->next = NULL;
    if (taken.first == NULL) {
        taken.first = message;
    } else {
        taken.last->next = message;
    }
    taken.last = message;
}

/* nginx's thread. The oldest line that was taken, out of the list; NULL: there is none. */
static log_line_t *next_line(void)
{
    message_t *message = taken.first;

    if (message == NULL) {
        return NULL;
    }
    taken.first = message->next;
    return CONTAINER_OF(message, log_line_t, message);
}

/* nginx's thread. */
static void print(const log_line_t *line)
{
    (void) nginx.raw_log(NULL, line->level, (const unsigned char *) line->text, line->len);
}

/* nginx's thread. */
static void print_dropped(void)
{
    size_t lines = atomic_load(&dropped) == 0 ? 0 : atomic_exchange(&dropped, 0);
    char text[128];
    int n;

    if (lines > 0) {
        n = snprintf(text, sizeof(text), "%zu log lines of guests were dropped: too many at once",
                     lines);
        (void) nginx.raw_log(NULL, LOG_WARN, (const unsigned char *) text, (size_t) n);
    }
}

/* nginx's thread. */
bool log_print_some(void)
{
    log_line_t *line;

    ON_NGINX_THREAD();
    for (int n = 0; n < LINES_PER_TURN && (line = next_line()) != NULL; n++) {
        print(line);
        line_free(line);
    }
    if (taken.first == NULL) {
        print_dropped();
    }
    atomic_store(&behind, taken.first != NULL);
    return taken.first != NULL;
}

/* Any thread. */
bool log_is_behind(void)
{
    return atomic_load(&behind);
}

/* nginx's thread. */
void log_print_all(bool may_print)
{
    log_line_t *line;

    ON_NGINX_THREAD();
    while ((line = next_line()) != NULL) {
        if (may_print) {
            print(line);
        }
        line_free(line);
    }
    if (may_print) {
        print_dropped();
    }
}
