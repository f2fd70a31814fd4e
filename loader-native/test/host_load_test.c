/* Loading: shared, timed, failing, tried again; libraries; what a load is told. */
#include "host_fake_lua.h"
#include "host_guest.h"
#include "loader_test.h"
#include "runtime.h"
#include "task.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic int inits;
static _Atomic bool may_return;

/* The load thread. */
static int init_slowly(char *cfg, void *tq)
{
    (void) cfg;
    inits++;
    while (!may_return) {
        usleep(1000);
    }
    return guest_echo(tq, 1);
}

/* The load thread. */
static int init_fails(char *cfg, void *tq)
{
    inits++;
    (void) cfg;
    while (!may_return) {
        usleep(1000);
    }
    resty_ffi_load_failed(tq, "old", 3);
    resty_ffi_load_failed(tq, "no such module xxx", 14);
    return 42;
}

/* The load thread. */
static int init_returns5(char *cfg, void *tq)
{
    (void) cfg;
    (void) tq;
    return 5;
}

/* The load thread. */
static int init_checks(char *cfg, void *tq)
{
    size_t len;
    const char *options = resty_ffi_options(tq, &len);

    CHECK_TEXT(cfg, "the config");
    CHECK(len == 7 && memcmp(options, "{\"a\":1}", 7) == 0);
    CHECK_TEXT(resty_ffi_setting("prefix"), "/prefix/");
    CHECK(resty_ffi_setting("java_home") == NULL);
    CHECK(resty_ffi_setting(NULL) == NULL);
    CHECK_INT(resty_ffi_version(), RESTY_FFI_ABI_VERSION);
    return guest_echo(tq, 1);
}

/* The load thread. */
static int init_checksNoConfig(char *cfg, void *tq)
{
    CHECK(cfg == NULL);
    return guest_echo(tq, 1);
}

static void init_getsConfigOptionsSettings(void)
{
    const lua_load_t how = {.options = "{\"a\":1}"};
    lua_op_t op;

    lua_open();
    CHECK_INT(resty_ffi_lua_setting("prefix", "/prefix/"), 0);
    CHECK_INT(resty_ffi_lua_setting("prefix", "/prefix/"), 0);
    CHECK_INT(resty_ffi_lua_setting("prefix", "/other/"), 1);
    guest_init = init_checks;
    lua_start_load(&op, "the config", &how);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_OK);
    guest_init = init_checksNoConfig;
    (void) lua_load(NULL);
}

/* The load thread. */
static int init_tellsItsStatus(char *cfg, void *tq)
{
    (void) cfg;
    resty_ffi_set_status(tq, "{}", 2);
    resty_ffi_set_status(tq, "{\"a\":1} and more", 7);
    return guest_echo(tq, 1);
}

static void status_isWhatTheRuntimeToldLast_untilItIsUnloaded(void)
{
    resty_ffi_lua_result_t result;
    double runtime, silent;

    lua_open();
    guest_init = init_tellsItsStatus;
    runtime = lua_load("tells");
    resty_ffi_lua_status(&result, runtime);
    CHECK_INT(result.status, RESTY_FFI_LUA_OK);
    CHECK_TEXT(result.text, "{\"a\":1}");
    CHECK_INT((int) result.len, 7);
    resty_ffi_lua_unload(runtime);
    resty_ffi_lua_status(&result, runtime);
    CHECK_INT(result.status, RESTY_FFI_LUA_HOST_ERROR);
    CHECK_TEXT(result.text, "task queue is finished");

    guest_init = init_checksNoConfig;
    silent = lua_load(NULL);
    resty_ffi_lua_status(&result, silent);
    CHECK_INT(result.status, RESTY_FFI_LUA_OK);
    CHECK(result.text == NULL);
}

static void loads_ofOneRuntime_shareIt(void)
{
    lua_op_t a, b, other;

    guest_init = init_slowly;
    lua_open();
    lua_start_load(&a, NULL, NULL);
    lua_start_load(&b, NULL, NULL);
    lua_start_load(&other, "other", NULL);
    nginx_run_ms(50);
    CHECK(!a.done && !b.done && !other.done);
    may_return = true;
    lua_await(&a);
    lua_await(&b);
    lua_await(&other);
    CHECK(a.runtime == b.runtime && a.runtime != other.runtime);
    CHECK_INT(inits, 2);
    CHECK(lua_load(NULL) == a.runtime);
    CHECK_INT(resty_ffi_lua_is_ready(a.runtime), 1);
    CHECK_INT(inits, 2);
}

static void load_wherePhaseCannotWait_returnsAtOnce(void)
{
    const lua_load_t in_init_worker = {.cannot_wait = true};
    lua_op_t load, call, wait;

    guest_init = init_slowly;
    lua_open();
    lua_start_load(&load, NULL, &in_init_worker);
    CHECK(load.done);
    CHECK_INT(load.status, RESTY_FFI_LUA_OK);
    CHECK_INT(resty_ffi_lua_is_ready(load.runtime), 0);
    lua_start_call(&call, load.runtime, "m", "waits", 5, 0);
    lua_start_load(&wait, NULL, NULL);
    nginx_run_ms(50);
    CHECK(!call.done && !wait.done);
    may_return = true;
    lua_await(&call);
    CHECK_TEXT(call.text, "waits");
    lua_clear(&call);
    lua_await(&wait);
    CHECK(wait.runtime == load.runtime);
}

static void load_thatTimesOut_goesOn(void)
{
    const lua_load_t quick = {.timeout_ms = 30};
    lua_op_t op;

    guest_init = init_slowly;
    lua_open();
    lua_start_load(&op, NULL, &quick);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_TIMED_OUT);
    may_return = true;
    lua_start_load(&op, NULL, NULL);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_OK);
    CHECK_INT(inits, 1);
    CHECK_TEXT(lua_call(op.runtime, "m", "x"), "x");
}

static void load_withoutATimeout_waitsOnAndOn(void)
{
    lua_op_t op;

    guest_init = init_slowly;
    lua_open();
    lua_start_load(&op, NULL, NULL);
    for (int i = 0; i < 3; i++) {
        nginx_expire(&op.coroutine);
        nginx_turn(0);
        CHECK(!op.done);
    }
    may_return = true;
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_OK);
}

static void killedCaller_ofALoad_leavesItAlone(void)
{
    lua_op_t op;

    guest_init = init_slowly;
    lua_open();
    lua_start_load(&op, NULL, NULL);
    nginx_kill(&op.coroutine);
    lua_settle();
    may_return = true;
    CHECK_TEXT(lua_call(lua_load(NULL), "m", "x"), "x");
    CHECK_INT(inits, 1);
    CHECK(!op.done);
}

static void closedVm_doesNotEndItsLoads(void)
{
    lua_op_t op;

    guest_init = init_slowly;
    lua_open();
    lua_start_load(&op, NULL, NULL);
    nginx_kill(&op.coroutine);
    lua_close();
    lua_open();
    may_return = true;
    CHECK_TEXT(lua_call(lua_load(NULL), "m", "x"), "x");
    CHECK_INT(inits, 1);
}

static void failure_reachesAll_thatWait(void)
{
    const lua_load_t in_init_worker = {.cannot_wait = true};
    lua_op_t load, wait, calls[3];
    resty_ffi_lua_result_t result;

    guest_init = init_fails;
    lua_open();
    lua_start_load(&load, NULL, &in_init_worker);
    lua_start_load(&wait, NULL, NULL);
    for (int i = 0; i < 3; i++) {
        lua_start_call(&calls[i], load.runtime, "m", "x", 1, 0);
    }
    may_return = true;
    lua_await(&wait);
    CHECK_INT(wait.status, RESTY_FFI_LUA_FAILED);
    CHECK_INT(wait.rc, 42);
    CHECK_TEXT(wait.text, "no such module");
    lua_clear(&wait);
    for (int i = 0; i < 3; i++) {
        lua_await(&calls[i]);
        CHECK_INT(calls[i].status, RESTY_FFI_LUA_HOST_ERROR);
        CHECK_TEXT(calls[i].text, "load failed: no such module");
        lua_clear(&calls[i]);
    }
    CHECK_TEXT(lua_call_refused(load.runtime, "m", "x"), "load failed: no such module");
    resty_ffi_lua_status(&result, load.runtime);
    CHECK_INT(result.status, RESTY_FFI_LUA_HOST_ERROR);
    CHECK_TEXT(result.text, "load failed: no such module");
}

static void failure_withoutText_namesLibraryAndRc(void)
{
    lua_op_t op;

    guest_init = init_returns5;
    lua_open();
    lua_start_load(&op, NULL, NULL);
    lua_await(&op);
    CHECK_INT(op.rc, 5);
    CHECK_HAS(op.text, "libffi_init() of ");
    CHECK_HAS(op.text, "libhost_guest.so returned 5");
    lua_clear(&op);
}

static void failedLoad_isTriedAgain_atMostOnceASecond(void)
{
    const lua_load_t in_init_worker = {.cannot_wait = true};
    lua_op_t op;
    double first;

    may_return = true;
    guest_init = init_fails;
    lua_open();
    lua_start_load(&op, NULL, &in_init_worker);
    first = op.runtime;
    lua_start_load(&op, NULL, NULL);
    lua_await(&op);
    lua_clear(&op);
    for (int i = 0; i < 10; i++) {
        lua_start_load(&op, NULL, NULL);
        CHECK(op.done); /* the same failure, at once */
        CHECK_INT(op.rc, 42);
        CHECK_TEXT(op.text, "no such module");
        lua_clear(&op);
    }
    CHECK_INT(inits, 1);
    guest_init = init_slowly;
    nginx_run_ms(1100);
    lua_start_load(&op, NULL, NULL);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_OK);
    CHECK_INT(inits, 2);
    CHECK(op.runtime == first); /* who got it in init_worker can use it now */
    CHECK_TEXT(lua_call(first, "m", "x"), "x");
}

static void unload_whileLoading_wakesWhoWaits(void)
{
    lua_op_t op, again;

    guest_init = init_slowly;
    lua_open();
    lua_start_load(&op, NULL, NULL);
    nginx_run_ms(20);
    resty_ffi_lua_unload(tasks_first()->runtime == NULL ? 0 : runtime_id(tasks_first()->runtime));
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_FAILED);
    CHECK_HAS(op.text, "unloaded");
    lua_clear(&op);
    lua_start_load(&again, NULL, NULL); /* afresh */
    may_return = true;
    lua_await(&again);
    CHECK_INT(again.status, RESTY_FFI_LUA_OK);
    CHECK_TEXT(lua_call(again.runtime, "m", "x"), "x");
    while (guest_ended() < 1) { /* the first load's poller has got its NULL */
        nginx_turn(1);
    }
}

static void load_unload_load_isANewRuntime(void)
{
    double first, second;

    lua_open();
    first = lua_load(NULL);
    resty_ffi_lua_unload(first);
    resty_ffi_lua_unload(first);
    second = lua_load(NULL);
    CHECK(first != second);
    CHECK_INT(resty_ffi_lua_is_ready(first), 0);
    CHECK_TEXT(lua_call_refused(first, "m", "x"), "task queue is finished");
    CHECK_TEXT(lua_call(second, "m", "x"), "x");
}

/* The key that both have is "<folder>/libguest.so&x&y". */
static void loads_thatOnlyLookAlike_areTwo(void)
{
    lua_load_t how = {0};
    lua_op_t first, second, again;

    test_copy(test_built("test/libhost_guest.so"), "libguest.so");
    test_copy(test_built("test/libhost_guest2.so"), "libguest.so&x");
    lua_open();
    how.lib = test_path("libguest.so");
    lua_start_load(&first, "x&y", &how);
    lua_await(&first);
    CHECK_INT(guest_library_version, 1);
    how.lib = test_path("libguest.so&x");
    lua_start_load(&second, "y", &how);
    lua_await(&second);
    CHECK_INT(second.status, RESTY_FFI_LUA_OK);
    CHECK_INT(guest_library_version, 2);
    CHECK(first.runtime != second.runtime);
    lua_start_load(&again, "y", &how);
    CHECK(again.runtime == second.runtime);
    how.lib = test_path("libguest.so");
    lua_start_load(&again, "x&y", &how);
    CHECK(again.runtime == first.runtime);
}

static void missingLibrary_isAnError(void)
{
    const lua_load_t by_name = {.lib = "host_no_such_library"};
    const lua_load_t by_path = {.lib = "/nowhere/libx.so"};
    const lua_load_t no_init = {.lib = "c.so.6"};
    lua_op_t op;

    lua_open();
    lua_start_load(&op, NULL, &by_name);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_FAILED);
    CHECK_INT(op.rc, -1);
    CHECK_HAS(op.text, "cannot load library \"host_no_such_library\"");
    CHECK_HAS(op.text, "libhost_no_such_library.so");
    lua_clear(&op);
    lua_start_load(&op, NULL, &by_path);
    lua_await(&op);
    CHECK_HAS(op.text, "/nowhere/libx.so");
    lua_clear(&op);
    lua_start_load(&op, NULL, &no_init);
    lua_await(&op);
    CHECK_HAS(op.text, "does not export libffi_init()");
    lua_clear(&op);
}

/* Somebody loads what a client names. */
static void oldFailures_areForgotten(void)
{
    lua_load_t how = {0};
    char name[64], key[80];
    lua_op_t op;

    lua_open();
    for (int i = 0; i < 600; i++) {
        snprintf(name, sizeof(name), "/nowhere/%d.so", i);
        how.lib = name;
        lua_start_load(&op, NULL, &how);
        lua_await(&op);
        CHECK_INT(op.status, RESTY_FFI_LUA_FAILED);
        lua_clear(&op);
        if (i == 400) {
            nginx_run_ms(1100);
        }
    }
    for (int i = 0; i < 600; i++) {
        snprintf(name, sizeof(name), "/nowhere/%d.so", i);
        snprintf(key, sizeof(key), "%s&", name);
        CHECK((runtime_find(key, name) == NULL) == (i <= 400));
    }
}

static bool is_mapped(void)
{
    void *handle = dlopen(test_built("test/libhost_guest.so"), RTLD_NOW | RTLD_NOLOAD);

    if (handle != NULL) {
        dlclose(handle);
    }
    return handle != NULL;
}

static void unpin_closesTheLibrary_andALoadWaitsForThat(void)
{
    const lua_load_t unpinned = {.flags = RESTY_FFI_LUA_UNPIN};
    lua_op_t op;

    lua_open();
    for (int i = 1; i <= 3; i++) {
        lua_start_load(&op, NULL, &unpinned);
        lua_await(&op);
        CHECK_INT(op.status, RESTY_FFI_LUA_OK);
        CHECK(is_mapped());
        CHECK_TEXT(lua_call(op.runtime, "m", "x"), "x");
        resty_ffi_lua_unload(op.runtime);
        if (i == 1) {
            while (is_mapped()) {
                nginx_turn(1);
            }
            CHECK_INT(guest_ended(), 1);
        }
    }
    /* With the last load begun while the one before was being closed, three have come and gone. */
    while (is_mapped()) {
        nginx_turn(1);
    }
    CHECK_INT(guest_ended(), 3);
    CHECK_HAS_NOT(nginx_log(), "has not ended yet");
}

static void unpinnedLibrary_thatWasReplaced_isReadAnew(void)
{
    const lua_load_t unpinned = {.lib = test_path("libguest.so"), .flags = RESTY_FFI_LUA_UNPIN};
    lua_op_t op;

    test_copy(test_built("test/libhost_guest.so"), "libguest.so");
    lua_open();
    lua_start_load(&op, NULL, &unpinned);
    lua_await(&op);
    CHECK_INT(guest_library_version, 1);
    CHECK_TEXT(lua_call(op.runtime, "m", "x"), "x");
    resty_ffi_lua_unload(op.runtime);

    CHECK(unlink(unpinned.lib) == 0);
    test_copy(test_built("test/libhost_guest2.so"), "libguest.so");
    lua_start_load(&op, NULL, &unpinned);
    lua_await(&op);
    CHECK_INT(op.status, RESTY_FFI_LUA_OK);
    CHECK_INT(guest_library_version, 2);
    CHECK_TEXT(lua_call(op.runtime, "m", "x"), "x");
}

static void pinnedLibrary_staysMapped(void)
{
    double runtime;

    lua_open();
    runtime = lua_load(NULL);
    resty_ffi_lua_unload(runtime);
    while (guest_ended() < 1) {
        nginx_turn(1);
    }
    nginx_run_ms(300);
    CHECK(is_mapped());
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(init_getsConfigOptionsSettings),
        CASE(status_isWhatTheRuntimeToldLast_untilItIsUnloaded),
        CASE(loads_ofOneRuntime_shareIt),
        CASE(load_wherePhaseCannotWait_returnsAtOnce),
        CASE(load_thatTimesOut_goesOn),
        CASE(load_withoutATimeout_waitsOnAndOn),
        CASE(killedCaller_ofALoad_leavesItAlone),
        CASE(closedVm_doesNotEndItsLoads),
        CASE(failure_reachesAll_thatWait),
        CASE(failure_withoutText_namesLibraryAndRc),
        CASE(failedLoad_isTriedAgain_atMostOnceASecond),
        CASE(unload_whileLoading_wakesWhoWaits),
        CASE(load_unload_load_isANewRuntime),
        CASE(loads_thatOnlyLookAlike_areTwo),
        CASE(missingLibrary_isAnError),
        CASE(oldFailures_areForgotten),
        CASE(unpin_closesTheLibrary_andALoadWaitsForThat),
        CASE(unpinnedLibrary_thatWasReplaced_isReadAnew),
        CASE(pinnedLibrary_staysMapped),
    };

    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
