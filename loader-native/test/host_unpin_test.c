/* `unpin`: a library is closed when its runtime has ended, and never under its own threads. */
#include "host_fake_lua.h"
#include "loader_test.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern _Atomic int poller_library_ended;
__attribute__((visibility("default"))) _Atomic int poller_library_ended;

static const char *library = "test/libhost_poller.so";

static bool is_mapped(void)
{
    void *handle = dlopen(test_built(library), RTLD_NOW | RTLD_NOLOAD);

    if (handle != NULL) {
        dlclose(handle);
    }
    return handle != NULL;
}

/* Waits for the load; its runtime, or 0 where it failed. */
static double load(const char *cfg)
{
    lua_load_t how = {.lib = test_built(library), .flags = RESTY_FFI_LUA_UNPIN};
    lua_op_t op;

    lua_start_load(&op, cfg, &how);
    lua_await(&op);
    lua_clear(&op);
    return op.status == RESTY_FFI_LUA_OK ? op.runtime : 0;
}

/* The threads of the library end by themselves, unless it is unmapped under them. */
static void await_end_and_close(int threads)
{
    bool mapped;

    do {
        mapped = is_mapped();
        CHECK(mapped || poller_library_ended == threads);
        nginx_turn(1);
    } while (poller_library_ended < threads);
    while (is_mapped()) {
        nginx_turn(1);
    }
}

static void pollerBetweenTwoPolls_isWaitedFor(void)
{
    double runtime;

    lua_open();
    runtime = load("slow");
    CHECK_TEXT(lua_call(runtime, "m", "x"), "polled");
    resty_ffi_lua_unload(runtime);
    await_end_and_close(1);
}

static void pollerThatHasNotPolledYet_isWaitedFor(void)
{
    lua_open();
    resty_ffi_lua_unload(load("late"));
    await_end_and_close(1);
}

static void pollerThatCleansUp_isWaitedFor(void)
{
    double runtime;

    lua_open();
    runtime = load("cleanup");
    CHECK_TEXT(lua_call(runtime, "m", "x"), "polled");
    resty_ffi_lua_unload(runtime);
    await_end_and_close(1);
}

static void threadThatNeverPolls_isWaitedFor(void)
{
    lua_open();
    resty_ffi_lua_unload(load("starts another"));
    await_end_and_close(2);
}

static void threadOfAFailedLoad_isWaitedFor(void)
{
    lua_open();
    CHECK(load("fails") == 0);
    await_end_and_close(1);
}

static void worker_thatEnds_closesNothing(void)
{
    double runtime;

    lua_open();
    runtime = load("");
    CHECK_TEXT(lua_call(runtime, "m", "x"), "polled");
    nginx_end(lua_close);
    while (poller_library_ended < 1) {
        usleep(1000);
    }
    usleep(300 * 1000);
    CHECK(is_mapped());
}

static void worker_thatEnds_whileALibraryIsToBeClosed_closesNothing(void)
{
    double runtime;

    lua_open();
    runtime = load("slow");
    CHECK_TEXT(lua_call(runtime, "m", "x"), "polled");
    resty_ffi_lua_unload(runtime);
    nginx_end(lua_close);
    while (poller_library_ended < 1) {
        usleep(1000);
    }
    usleep(300 * 1000);
    CHECK(is_mapped());
}

/* Many at once, some of them while others of the same library are being closed. */
static void loadsAndUnloads_inTurn_endWell(void)
{
    double runtimes[8];
    char cfg[16];

    lua_open();
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 8; i++) {
            snprintf(cfg, sizeof(cfg), "%d", i);
            runtimes[i] = load(cfg);
            CHECK_TEXT(lua_call(runtimes[i], "m", "x"), "polled");
        }
        for (int i = 0; i < 8; i++) {
            resty_ffi_lua_unload(runtimes[i]);
        }
    }
    await_end_and_close(3 * 8);
    CHECK_HAS_NOT(nginx_log(), "has not ended yet");
}

/* Nobody waits for its end: it never goes away. */
static void libraryThatCannotGo_stays(void)
{
    library = "test/libhost_nodelete.so";
    lua_open();
    resty_ffi_lua_unload(load("late"));
    resty_ffi_lua_unload(load("late"));
    CHECK_INT(poller_library_ended, 0);
    while (poller_library_ended < 2) {
        nginx_turn(1);
    }
    nginx_run_ms(300);
    CHECK(is_mapped());
    CHECK_HAS_NOT(nginx_log(), "has not ended yet");
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(pollerBetweenTwoPolls_isWaitedFor),
        CASE(pollerThatHasNotPolledYet_isWaitedFor),
        CASE(pollerThatCleansUp_isWaitedFor),
        CASE(threadThatNeverPolls_isWaitedFor),
        CASE(threadOfAFailedLoad_isWaitedFor),
        CASE(worker_thatEnds_closesNothing),
        CASE(worker_thatEnds_whileALibraryIsToBeClosed_closesNothing),
        CASE(loadsAndUnloads_inTurn_endWell),
        CASE(libraryThatCannotGo_stays),
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
