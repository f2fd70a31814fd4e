/*
 * What load_ffi and calls are given in Lua, up to the border with C: no input makes resty_ffi.lua
 * throw, and what it hands to the library is sound (spec.lua checks that). LuaJIT's library is that
 * of nginx's module, opened by name; the lines of Lua that run are libFuzzer's coverage.
 */
#include "fuzz.h"

#include "../test/loader_test.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#ifndef LOADER_NATIVE /* the Makefile's; other tools only read this file */
#define LOADER_NATIVE "."
#endif
#define LUA_LIBRARY "libluajit-5.1.so.2"
#define INPUTS_PER_STATE 2000 /* resty_ffi.lua keeps what was loaded */
#define LINES 2048

/* Of lua.h 5.1, as LuaJIT has it. */
typedef struct lua_State lua_State;
typedef struct {
    int event;
    const char *name, *namewhat, *what, *source;
    int currentline;
    char more[256];
} lua_Debug;
typedef void (*lua_Hook)(lua_State *L, lua_Debug *ar);
enum { LUA_MASKLINE = 1 << 2, LUA_MULTRET = -1 };

#define FUNCTIONS(with)                                                                            \
    with(lua_State *, luaL_newstate, (void) ) with(void, luaL_openlibs, (lua_State * L))           \
        with(void, lua_close, (lua_State * L))                                                     \
            with(int, luaL_loadfile, (lua_State * L, const char *name))                            \
                with(int, luaL_loadstring, (lua_State * L, const char *text))                      \
                    with(int, lua_pcall, (lua_State * L, int arguments, int results, int handler)) \
                        with(void, lua_pushlstring, (lua_State * L, const char *text, size_t len)) \
                            with(void, lua_pushvalue, (lua_State * L, int at)) with(               \
                                const char *, lua_tolstring, (lua_State * L, int at, size_t *len)) \
                                with(int, lua_sethook,                                             \
                                     (lua_State * L, lua_Hook hook, int mask, int n))

#define DECLARE(type, name, parameters) static type(*name) parameters;
FUNCTIONS(DECLARE)

/* libFuzzer takes it for edges of the program. */
__attribute__((used, section("__libfuzzer_extra_counters"))) static uint8_t lines[LINES];

static lua_State *lua;

static void count_line(lua_State *L, lua_Debug *ar)
{
    (void) L;
    lines[(unsigned) ar->currentline % LINES]++;
}

static void find(void *to, const char *name, void *library)
{
    void *found = dlsym(library, name);

    CHECK(found != NULL);
    memcpy(to, &found, sizeof(found));
}

static void check_lua(int rc)
{
    if (rc != 0) {
        const char *error = lua_tolstring(lua, -1, NULL);

        test_fail(__FILE__, __LINE__, "Lua", error == NULL ? "no text" : error);
    }
}

/* Without the compiler, which runs no hooks. */
static void new_state(void)
{
    static const char file[] = LOADER_NATIVE "/lualib/resty_ffi.lua";

    if (lua != NULL) {
        lua_close(lua);
    }
    lua = luaL_newstate();
    luaL_openlibs(lua);
    check_lua(luaL_loadstring(lua, "require('jit').off()"));
    check_lua(lua_pcall(lua, 0, 0, 0));
    check_lua(luaL_loadfile(lua, LOADER_NATIVE "/fuzz/spec.lua"));
    lua_pushlstring(lua, file, sizeof(file) - 1);
    check_lua(lua_pcall(lua, 1, 1, 0));
    CHECK_INT(lua_sethook(lua, count_line, LUA_MASKLINE, 0), 1);
}

/* LuaJIT's memory, in which pointers are, is not malloc's. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    void *library = dlopen(LUA_LIBRARY, RTLD_NOW | RTLD_GLOBAL);

    (void) argc;
    (void) argv;
    test_on_failure = abort;
    if (library == NULL) {
        test_fail(__FILE__, __LINE__, LUA_LIBRARY, dlerror());
    }
#define FIND(type, name, parameters) find(&name, #name, library);
    FUNCTIONS(FIND)
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int inputs;

    if (inputs++ % INPUTS_PER_STATE == 0) {
        new_state();
    }
    lua_pushvalue(lua, -1);
    lua_pushlstring(lua, (const char *) data, size);
    check_lua(lua_pcall(lua, 1, 0, 0));
    return 0;
}
