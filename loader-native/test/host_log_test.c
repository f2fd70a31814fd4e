/* Log lines: cut, cleaned, bounded. */
#include "host_fake_lua.h"
#include "loader_test.h"

#include <stdlib.h>
#include <string.h>

static bool log_has(void *part)
{
    return strstr(nginx_log(), part) != NULL;
}

static void await(const char *last_line)
{
    nginx_run_until(log_has, (void *) (uintptr_t) last_line);
}

static void log_text(int level, const char *text)
{
    CHECK_INT(resty_ffi_log(level, text, strlen(text)), 0);
}

static void lines_areLines_atTheirLevel(void)
{
    lua_open();
    log_text(6, "one\ntwo\r\nthree\n");
    log_text(8, "debug");
    log_text(4, "a\n\nb");
    await("4 b\n");
    CHECK_TEXT(nginx_log(), "6 one\n6 two\n6 three\n8 debug\n4 a\n4 \n4 b\n");
}

static void levels_outOfRange_areMadeToFit(void)
{
    lua_open();
    log_text(99, "high");
    log_text(-1, "low");
    await("low");
    CHECK_TEXT(nginx_log(), "8 high\n2 low\n");
}

static void controlCharacters_areReplaced(void)
{
    lua_open();
    CHECK_INT(resty_ffi_log(6, "tab\tesc\033[1m\0nul\x7F\r!", 18), 0);
    await("!");
    CHECK_TEXT(nginx_log(), "6 tab\tesc?[1m?nul?\?!\n");
}

static void longLine_isSplit_betweenCharacters(void)
{
    char text[6001], joined[6001] = "";
    const char *line;

    lua_open();
    for (int i = 0; i < 2000; i++) {
        memcpy(text + (size_t) i * 3, "\xE2\x82\xAC", 3);
    }
    text[6000] = '\0';
    log_text(6, text);
    log_text(6, "end");
    await("end");
    line = nginx_log();
    while (strncmp(line, "6 end", 5) != 0) {
        const char *end = strchr(line, '\n');
        size_t len = (size_t) (end - line) - 2;

        CHECK(len <= 1990 && len > 0);
        CHECK_INT(len % 3, 0);
        strncat(joined, line + 2, len);
        line = end + 1;
    }
    CHECK_TEXT(joined, text);
}

static void longLine_thatIsNotText_isSplitAnywhere(void)
{
    char text[6000];
    size_t total = 0;

    lua_open();
    memset(text, 0x80, sizeof(text));
    CHECK_INT(resty_ffi_log(6, text, sizeof(text)), 0);
    log_text(6, "end");
    await("end");
    for (const char *c = nginx_log(); *c != '\0'; c++) {
        total += (unsigned char) *c == 0x80;
    }
    CHECK_INT(total, 6000);
}

static void floods_areDropped_andCounted(void)
{
    char text[1000];
    int kept = 0, dropped = 0;
    char expected[64];

    lua_open();
    memset(text, 'x', sizeof(text));
    for (int i = 0; i < 5000; i++) { /* nginx does not turn meanwhile */
        if (resty_ffi_log(6, text, sizeof(text)) == 0) {
            kept++;
        } else {
            dropped++;
        }
    }
    CHECK(kept > 100 && dropped > 100);
    snprintf(expected, sizeof(expected), "5 %d log lines of guests were dropped", dropped);
    await(expected);
    log_text(6, "room again");
    await("room again");
}

static void nothing_isNothing(void)
{
    lua_open();
    CHECK_INT(resty_ffi_log(6, NULL, 5), 0);
    CHECK_INT(resty_ffi_log(6, "", 0), 0);
    log_text(6, "end");
    await("end");
    CHECK_TEXT(nginx_log(), "6 end\n");
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(lines_areLines_atTheirLevel),
        CASE(levels_outOfRange_areMadeToFit),
        CASE(controlCharacters_areReplaced),
        CASE(longLine_isSplit_betweenCharacters),
        CASE(longLine_thatIsNotText_isSplitAnywhere),
        CASE(floods_areDropped_andCounted),
        CASE(nothing_isNothing),
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
