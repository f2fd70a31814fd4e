/* libresty_ffi.so as a library: what it shows, what it refuses, how it fits resty_ffi.lua. */
#include "host_fake_nginx.h"
#include "loader_test.h"
#include "lua_api.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#ifndef LOADER_NATIVE /* the Makefile's; other tools only read this file */
#define LOADER_NATIVE "."
#endif
#define LUA_FILE LOADER_NATIVE "/lualib/resty_ffi.lua"
#define HEADER_FILE LOADER_NATIVE "/host/lua_api.h"

static void *host;

/* As LuaJIT's ffi.load(path, true). */
static void *symbol(const char *name)
{
    void *found;

    if (host == NULL) {
        host = dlopen(test_built("libresty_ffi.so"), RTLD_LAZY | RTLD_GLOBAL);
        if (host == NULL) {
            test_fail(__FILE__, __LINE__, "dlopen", dlerror());
        }
    }
    found = dlsym(host, name);
    if (found == NULL) {
        test_fail(__FILE__, __LINE__, "dlsym", name);
    }
    return found;
}

static double open_host(resty_ffi_lua_result_t *result)
{
    double (*open)(resty_ffi_lua_result_t *) =
        (double (*)(resty_ffi_lua_result_t *)) symbol("resty_ffi_lua_open");

    return open(result);
}

static char *read_all(const char *path)
{
    static char text[128 * 1024];
    FILE *file = fopen(path, "r");
    size_t n;

    CHECK(file != NULL);
    n = fread(text, 1, sizeof(text) - 1, file);
    CHECK(n > 0 && n < sizeof(text) - 1);
    text[n] = '\0';
    fclose(file);
    return text;
}

/* From after `from` up to `to`, as a copy. */
static char *part(const char *text, const char *from, const char *to)
{
    const char *start = strstr(text, from), *end;

    CHECK(start != NULL);
    start += strlen(from);
    end = strstr(start, to);
    CHECK(end != NULL);
    return strndup(start, (size_t) (end - start));
}

static void abi_isVisible_toOtherLibraries(void)
{
    (void) symbol("resty_ffi_version");
    CHECK(dlsym(RTLD_DEFAULT, "ngx_http_lua_ffi_task_poll") != NULL);
    CHECK(dlsym(RTLD_DEFAULT, "ngx_http_lua_ffi_get_req") != NULL);
    CHECK(dlsym(RTLD_DEFAULT, "ngx_http_lua_ffi_respond") != NULL);
    CHECK(dlsym(RTLD_DEFAULT, "resty_ffi_group_poll") != NULL);
}

static void library_staysWhenItIsClosed(void)
{
    resty_ffi_lua_result_t result;

    CHECK(open_host(&result) != 0);
    dlclose(host);
    host = NULL;
    CHECK(dlopen(test_built("libresty_ffi.so"), RTLD_LAZY | RTLD_NOLOAD) != NULL);
    CHECK(open_host(&result) == 2); /* and it remembers the first Lua VM */
}

static void otherHost_isNamed(void)
{
    resty_ffi_lua_result_t result;
    void *notify = ngx_event_actions[6];

    CHECK(dlopen(test_built("test/libhost_other.so"), RTLD_NOW | RTLD_GLOBAL) != NULL);
    CHECK(open_host(&result) == 0);
    CHECK_HAS(result.text, "another host");
    CHECK_HAS(result.text, "libhost_other.so");
    CHECK(ngx_event_actions[6] == notify);
}

/* Sizes of what resty_ffi.lua declares, as LuaJIT has them. */
static size_t size_of(const char *type)
{
    return strcmp(type, "double") == 0    ? sizeof(double)
           : strcmp(type, "int32_t") == 0 ? sizeof(int32_t)
           : strchr(type, '*') != NULL    ? sizeof(void *)
                                          : 0;
}

/* What resty_ffi.lua's layout() computes, from the same table. */
static void layout_isTheOneOfTheLuaSide(void)
{
    const char *(*layout)(void) = (const char *(*) (void) ) symbol("resty_ffi_lua_layout");
    char *lua = read_all(LUA_FILE);
    char *version = part(lua, "version = \"", "\"");
    char *fields = part(lua, "local FIELDS = {\n", "\n}\n");
    char members[512] = "", expected[512];
    size_t offset = 0, align = 1;

    for (char *line = strtok(fields, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char name[64], type[64];
        size_t size;

        CHECK_INT(sscanf(line, " { \"%63[^\"]\", \"%63[^\"]\" }", name, type), 2);
        size = size_of(type);
        CHECK(size > 0);
        offset = (offset + size - 1) / size * size;
        align = size > align ? size : align;
        snprintf(members + strlen(members), sizeof(members) - strlen(members), " %s=%zu/%zu", name,
                 offset, size);
        offset += size;
    }
    offset = (offset + align - 1) / align * align;
    snprintf(expected, sizeof(expected), "%s result=%zu%s", version, offset, members);
    CHECK_TEXT(layout(), expected);
    free(version);
    free(fields);
}

/* One space between words, none beside punctuation. */
static char *squeezed(const char *text)
{
    char *result = malloc(strlen(text) + 1), *to = result;

    for (const char *c = text; *c != '\0'; c++) {
        if (!isspace((unsigned char) *c)) {
            *to++ = *c;
        } else if (to > result && isalnum((unsigned char) to[-1]) &&
                   (isalnum((unsigned char) c[1]) || c[1] == '_')) {
            *to++ = ' ';
        }
    }
    *to = '\0';
    return result;
}

/* Each function that resty_ffi.lua declares is declared so in C, and exported. */
static void declarations_areThoseOfTheLuaSide(void)
{
    char *cdef = part(read_all(LUA_FILE), "ffi.cdef [[", "]]");
    char *header = squeezed(read_all(HEADER_FILE));
    int count = 0;

    for (char *line = strtok(cdef, ";"); line != NULL; line = strtok(NULL, ";")) {
        char *declaration = squeezed(line), *name, expected[1024];

        if (*declaration != '\0') {
            snprintf(expected, sizeof(expected), "RESTY_FFI_API %s;", declaration);
            CHECK_HAS(header, expected);
            *strchr(declaration, '(') = '\0';
            name = strstr(declaration, "resty_ffi_lua_");
            if (strncmp(declaration, "const char*", 11) == 0) {
                name = declaration + 11;
            }
            CHECK(symbol(name) != NULL);
            count++;
        }
        free(declaration);
    }
    CHECK(count >= 10);
    CHECK(symbol("resty_ffi_lua_can_yield") != NULL);
    free(cdef);
    free(header);
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(abi_isVisible_toOtherLibraries),
        CASE(library_staysWhenItIsClosed),
        CASE(otherHost_isNamed),
        CASE(layout_isTheOneOfTheLuaSide),
        CASE(declarations_areThoseOfTheLuaSide),
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
