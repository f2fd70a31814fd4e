/*
 * Any text at any level, as a guest logs it: what nginx is given is lines below its limit, without
 * control characters, and together they are the text.
 */
#include "fuzz.h"

#include "../test/host_fake_lua.h"
#include "../test/loader_test.h"
#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

#define LINE_LIMIT 1950 /* nginx's is 2,048, with the date and so on */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    test_on_failure = abort;
    lua_open();
    return 0;
}

/* What has to come out, without the line breaks: the fake's log has "level text\n" for a line. */
static char *expected(const uint8_t *text, size_t len)
{
    char *to = malloc(len + 1);
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        uint8_t c = text[i];
        bool at_end = i + 1 == len || text[i + 1] == '\n';

        if (c != '\n' && !(c == '\r' && at_end)) {
            to[n++] = (c < 0x20 && c != '\t') || c == 0x7F ? '?' : (char) c;
        }
    }
    to[n] = '\0';
    return to;
}

/* Checks each line, and returns their texts. */
static char *printed(const char *log, int level)
{
    char *to = malloc(strlen(log) + 1);
    size_t n = 0;

    while (*log != '\0') {
        const char *end = strchr(log, '\n');
        size_t len = (size_t) (end - log) - 2;

        CHECK(log[0] == '0' + level && log[1] == ' ');
        CHECK(len <= LINE_LIMIT);
        memcpy(to + n, log + 2, len);
        n += len;
        log = end + 1;
    }
    to[n] = '\0';
    return to;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes_t bytes = {.at = data, .left = size};
    int level = take_byte(&bytes) % 16 - 2;
    char *copy = malloc(bytes.left); /* exactly, so that reading past its end is seen */
    char *wanted, *got;

    if (bytes.left > 0) {
        memcpy(copy, bytes.at, bytes.left);
    }
    CHECK_INT(resty_ffi_log(level, copy, bytes.left), 0);
    dispatch_messages_at_end(true);
    wanted = expected(bytes.at, bytes.left);
    got = printed(nginx_log(), level < 2 ? 2 : level > 8 ? 8 : level);
    CHECK_TEXT(got, wanted);
    free(wanted);
    free(got);
    free(copy);
    nginx_forget_log();
    return 0;
}
