/*
 * The loader as a host uses it: libffi_polyglot.so in a dist/ of the test's own, with a real JVM
 * and a Boot class of the test's own. The process is a host with lua-resty-ffi's functions
 * (stub_host.c); a case that wants the extension, or nginx's symbols, loads them.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader_test.h"
#include "stub_host.h"

#if defined(__SANITIZE_ADDRESS__)
/* The JVM uses SIGSEGV itself, and never frees what lives as long as it does. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "handle_segv=0:detect_leaks=0";
}
#endif

typedef int (*libffi_init_pt)(char *cfg, void *tq);

static libffi_init_pt libffi_init;

/* ---- set-up ---------------------------------------------------------------------------------- */

static void *open_library(const char *path, int flags)
{
    void *library = dlopen(path, flags);
    if (library == NULL) {
        test_fail(__FILE__, __LINE__, path, dlerror());
    }
    return library;
}

/* An installation with the test's Boot class, and the loader from it. */
static void make_dist(void)
{
    test_copy(test_built("libffi_polyglot.so"), "dist/lib/libffi_polyglot.so");
    test_copy(test_built("test/loader_boot.jar"), "dist/jars/boot.jar");
    test_copy(test_built("test/jvm.options"), "dist/conf/jvm.options");
}

/* Modules of the right names; without them the loader warns. */
static void add_compiler(void)
{
    static const char *const names[] = {"compiler", "truffle-compiler", "collections", "word"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char name[64];
        snprintf(name, sizeof(name), "dist/graal/%s-25.0.3.jar", names[i]);
        test_copy(test_built("test/loader_empty.jar"), name);
    }
}

static void open_loader(const char *path)
{
    void *library = open_library(path, RTLD_NOW | RTLD_LOCAL);
    *(void **) &libffi_init = dlsym(library, "libffi_init");
    CHECK(libffi_init != NULL);
}

static void use_jdk(const char *home)
{
    setenv("JAVA_HOME", home, 1);
    setenv("PATH", "/no/such/folder", 1);
}

static void set_up(void)
{
    make_dist();
    use_jdk(test_built("test/jdk"));
    open_loader(test_path("dist/lib/libffi_polyglot.so"));
}

static int load(const char *spec)
{
    char *cfg = strdup(spec);
    int rc = libffi_init(cfg, (void *) 0x4000123456789abc);
    free(cfg);
    return rc;
}

/* ---- the extension of the host --------------------------------------------------------------- */

static char *fake_log;
static char *fake_failure;

static void *extension_variable(const char *name)
{
    void *variable = dlsym(RTLD_DEFAULT, name);
    CHECK(variable != NULL);
    return variable;
}

static void add_extension(void)
{
    open_library(test_built("test/libloader_fake_extension.so"), RTLD_NOW | RTLD_GLOBAL);
    fake_log = extension_variable("fake_log");
    fake_failure = extension_variable("fake_failure");
}

static void set(const char *setting, const char *value)
{
    *(const char **) extension_variable(setting) = strdup(value);
}

static void set_up_with_options(const char *jvm_options)
{
    set_up();
    add_extension();
    set("fake_jvm_options", jvm_options);
}

/* ---- a JDK that differs ---------------------------------------------------------------------- */

/* The real JDK under another path, with a `release` of the test's own (NULL: none). */
static const char *linked_jdk(const char *release)
{
    char lib[PATH_MAX];
    snprintf(lib, sizeof(lib), "%s/lib", test_built("test/jdk"));
    test_link(lib, "jdk/lib");
    if (release != NULL) {
        test_write("jdk/release", release);
    }
    return strdup(test_path("jdk"));
}

/* ---- loads ----------------------------------------------------------------------------------- */

static void load_returnsWhatJavaReturns(void)
{
    set_up();
    add_compiler();
    CHECK_INT(load("rc:0"), 0);
    CHECK_INT(load("rc:7"), 7);
    CHECK_INT(load("rc:-3"), -3);
    CHECK_INT(load("loads"), 4);
    CHECK_TEXT(test_output(), "");
}

static void load_passesSpecAndQueueUnchanged(void)
{
    set_up();
    int sum = 0;
    char spec[300] = "sum:";
    for (int i = 4; i < 259; i++) {
        spec[i] = (char) (i - 3); /* all bytes but NUL: not UTF-8 */
    }
    for (const char *c = spec; *c != '\0'; c++) {
        sum += (unsigned char) *c;
    }
    CHECK_INT(load(spec), sum);
    CHECK_INT(load("tq:4000123456789abc"), 0);
}

static void load_runsOnADaemonThreadWithALargeStack(void)
{
    set_up();
    CHECK_INT(load("thread"), 0);
    CHECK_INT(load("stack:30000"), 0);
}

static void load_withCheckJni_isClean(void)
{
    set_up_with_options("-Xcheck:jni");
    CHECK_INT(load("rc:0"), 0);
    CHECK_INT(load("throw"), 1);
    CHECK_INT(load("no-text"), 1);
    CHECK_HAS(test_output(),
              "IllegalStateException"); /* its stack is there, so this is the output */
    CHECK_HAS_NOT(test_output(), "WARNING");
    CHECK_HAS_NOT(test_output(), "FATAL");
}

static void load_withoutASpec_saysWhatIsExpected(void)
{
    set_up();
    CHECK_INT(libffi_init(NULL, NULL), 1);
    CHECK_HAS(test_output(), "[error] ffi_polyglot: ");
    CHECK_HAS(test_output(), "lang:module[?],entry[,config]");
}

static void throwable_becomesText_onStderr(void)
{
    set_up();
    CHECK_INT(load("throw"), 1);
    CHECK_HAS(test_output(),
              "[error] ffi_polyglot: load failed: java.lang.IllegalStateException: Grüße; caused "
              "by java.lang.Exception: the cause\n");
    CHECK_HAS(test_output(), "\tat org.restypolyglot.core.Boot.load");
    CHECK_INT(load("rc:0"), 0);
}

static void throwable_becomesText_throughTheExtension(void)
{
    set_up();
    add_extension();
    CHECK_INT(load("throw"), 1);
    CHECK_TEXT(fake_failure, "java.lang.IllegalStateException: Grüße; caused by "
                             "java.lang.Exception: the cause");
    CHECK(*(void **) extension_variable("fake_failed_queue") == (void *) 0x4000123456789abc);
    CHECK_HAS_NOT(test_output(), "[error]");
    CHECK_INT(load("no-text"), 1);
    CHECK_TEXT(fake_failure, "an exception that has no text");
    fake_failure[0] = '\0';
    CHECK_INT(load("rc:5"), 5); /* Java itself tells the host */
    CHECK_TEXT(fake_failure, "");
}

static void extension_ofAnotherVersion_isNotUsed(void)
{
    set_up_with_options("-XX:+NoSuchOption");
    *(int *) extension_variable("fake_version") = 2;
    CHECK_INT(load("throw"), 1); /* the JVM is up, as that option was not seen */
    CHECK_HAS(test_output(), "[error] ffi_polyglot: load failed: java.lang.IllegalStateException");
    CHECK_TEXT(fake_failure, "");
}

static void bootClass_absent_isNamed(void)
{
    set_up();
    test_copy(test_built("test/loader_empty.jar"), "dist/jars/boot.jar");
    CHECK_INT(load("rc:0"), 1);
    CHECK_HAS(test_output(), "NoClassDefFoundError: org/restypolyglot/core/Boot");
}

static void *load_in_thread(void *rc)
{
    *(int *) rc = load("rc:0");
    return NULL;
}

static void loads_atOnce_shareOneBoot(void)
{
    enum { THREADS = 8 };
    set_up_with_options("-Xlog:safepoint*=off\n-Xlog:startuptime=off");
    pthread_t threads[THREADS];
    int rcs[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_create(&threads[i], NULL, load_in_thread, &rcs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(rcs[i], 0);
    }
    CHECK_INT(load("loads"), THREADS + 1);
}

static void loads_atOnce_shareOneFailure(void)
{
    enum { THREADS = 4 };
    set_up_with_options("-Xms2g\n-Xmx1g");
    pthread_t threads[THREADS];
    int rcs[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_create(&threads[i], NULL, load_in_thread, &rcs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(rcs[i], 1);
    }
    CHECK_HAS(fake_failure, "Initial heap size set to a larger value");
}

static void guest_pollsAHostWithoutTheExtension(void)
{
    set_up();
    stub_queue_t *queue = stub_queue_new();
    char spec[] = "echo";
    CHECK_INT(libffi_init(spec, queue), 0);
    for (int i = 0; i < 1000; i++) {
        char req[32];
        int len = snprintf(req, sizeof(req), "request %d", i);
        stub_reply_t reply = stub_call(queue, req, (size_t) len);
        CHECK_INT(reply.rc, 0);
        CHECK_INT(reply.len, len);
        CHECK_INT(memcmp(reply.bytes, req, (size_t) len), 0);
        free(reply.bytes);
    }
    stub_unload(queue);
}

/* ---- which process --------------------------------------------------------------------------- */

static void set_nginx(unsigned long process, bool serves)
{
    if (dlsym(RTLD_DEFAULT, "ngx_process") == NULL) {
        open_library(test_built("test/libloader_fake_nginx.so"), RTLD_NOW | RTLD_GLOBAL);
    }
    *(unsigned long *) extension_variable("ngx_process") = process;
    ((void **) extension_variable("ngx_event_actions"))[0] = serves ? &libffi_init : NULL;
}

static void master_isRefused_workerIsNot(void)
{
    set_up();
    set_nginx(0, false); /* init_by_lua at the first start */
    CHECK_INT(load("rc:0"), 1);
    CHECK_HAS(test_output(), "init_by_lua");
    CHECK_HAS(test_output(), "init_worker_by_lua");
    set_nginx(1, true); /* init_by_lua at a reload */
    CHECK_INT(load("rc:0"), 1);
    set_nginx(3, true); /* a worker */
    CHECK_INT(load("rc:0"), 0);
    set_nginx(0, true); /* master_process off */
    CHECK_INT(load("rc:0"), 0);
}

static void forkAfterBoot_isRefused(void)
{
    set_up();
    CHECK_INT(load("rc:0"), 0);
    pid_t child = fork();
    if (child == 0) {
        _exit(load("rc:0") == 1 ? 42 : 1);
    }
    int status;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 42);
    CHECK_HAS(test_output(), "was forked from process");
    CHECK_INT(load("rc:0"), 0);
}

static void forkBeforeBoot_bootsInEachProcess(void)
{
    set_up();
    pid_t child = fork();
    CHECK_INT(load("rc:0"), 0);
    if (child == 0) {
        _exit(42);
    }
    int status;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(WEXITSTATUS(status), 42);
}

static void signalHandlers_ofNginx_areLeftAlone(void)
{
    static const int signals[] = {SIGHUP,  SIGINT,   SIGTERM, SIGQUIT, SIGUSR1,
                                  SIGCHLD, SIGWINCH, SIGALRM, SIGIO,   SIGSYS};
    struct sigaction handler = {.sa_handler = SIG_IGN};
    set_up();
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        CHECK_INT(sigaction(signals[i], &handler, NULL), 0);
    }
    CHECK_INT(load("rc:0"), 0);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        struct sigaction now;
        CHECK_INT(sigaction(signals[i], NULL, &now), 0);
        CHECK(now.sa_handler == SIG_IGN);
    }
}

/* ---- a JVM that does not boot ---------------------------------------------------------------- */

/* No descriptor of the recording is left, and what is written to stderr arrives. */
static void check_stderr(void)
{
    fprintf(stderr, "stderr works\n");
    CHECK_HAS(test_output(), "stderr works\n");
    DIR *folder = opendir("/proc/self/fd");
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[PATH_MAX];
        char target[PATH_MAX] = "";
        snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
        if (readlink(path, target, sizeof(target) - 1) > 0) {
            CHECK_HAS_NOT(target, "memfd");
        }
    }
    closedir(folder);
}

/* The load fails with `expected` in its text, so does the next; the process lives on. */
static void check_failed_boot(const char *expected)
{
    CHECK_INT(load("rc:0"), 1);
    CHECK_HAS(fake_failure, expected);
    CHECK_HAS(fake_failure, "A process has one try to boot a JVM");
    CHECK_HAS(fake_log, "4 ffi_polyglot: load failed: the JVM ");
    CHECK_HAS(fake_log, expected);
    CHECK_HAS_NOT(fake_failure, "\n");
    CHECK_HAS_NOT(test_output(), "[error]");
    check_stderr();

    char first[8192];
    strcpy(first, fake_failure);
    fake_failure[0] = '\0';
    CHECK_INT(load("rc:0"), 1);
    CHECK_TEXT(fake_failure, first);
}

#define BAD_OPTION(name, options, expected)                                                        \
    static void name(void)                                                                         \
    {                                                                                              \
        set_up_with_options(options);                                                              \
        check_failed_boot(expected);                                                               \
    }

BAD_OPTION(badOption_hugeHeap, "-Xmx999999g", "Could not reserve enough space")
BAD_OPTION(badOption_tinyHeap, "-Xmx1k", "heap")
BAD_OPTION(badOption_initialAboveMaximum, "-Xms2g\n-Xmx1g",
           "Initial heap size set to a larger value than the maximum heap size")
BAD_OPTION(badOption_unknownXX, "-XX:NoSuchFlag", "Unrecognized VM option 'NoSuchFlag'")
BAD_OPTION(badOption_unknown, "-nosuch", "Unrecognized option: -nosuch")
BAD_OPTION(badOption_twoCollectors, "-XX:+UseG1GC\n-XX:+UseSerialGC", "Multiple garbage collectors")
BAD_OPTION(badOption_smallStack, "-Xss10k", "stack size specified is too small")
BAD_OPTION(badOption_module, "--add-modules no.such.module", "Module no.such.module not found")
BAD_OPTION(badOption_agent, "-agentlib:nosuch", "Could not find agent library nosuch")
BAD_OPTION(badOption_help, "-Xlog:help", "it called exit(0)")
BAD_OPTION(badOption_debugPort, "-agentlib:jdwp=transport=dt_socket,server=y,address=1.2.3.4:99",
           "transport error 202")

static void badOption_modulePath(void)
{
    set_up();
    add_extension();
    test_write("modules/bad.jar", "not a jar");
    char option[PATH_MAX];
    snprintf(option, sizeof(option), "--upgrade-module-path=%s", test_path("modules"));
    set("fake_jvm_options", option);
    check_failed_boot("Error reading ");
}

static void agent(const char *how, const char *expected)
{
    set_up();
    add_extension();
    char option[PATH_MAX];
    snprintf(option, sizeof(option), how, test_built("test"));
    set("fake_jvm_options", option);
    check_failed_boot(expected);
}

static void agent_thatExits(void)
{
    agent("-agentpath:%s/libloader_agent.so=exit", "exit(3): the agent's last words");
}

static void agent_thatExitsAtOnce(void)
{
    agent("-agentpath:%s/libloader_agent.so=_exit", "_exit(3): the agent's last words");
}

static void agent_thatAborts(void)
{
    agent("-agentpath:%s/libloader_agent.so=abort", "abort(): the agent's last words");
}

static void javaAgent_thatExits(void)
{
    agent("-javaagent:%s/loader_agent.jar=exit", "exit(3)");
}

static void javaAgent_thatHalts(void)
{
    agent("-javaagent:%s/loader_agent.jar=halt", "exit(3)");
}

static void javaAgent_thatExitsOnAnotherThread(void)
{
    agent("-javaagent:%s/loader_agent.jar=thread", "exit(3)");
}

static void agent_thatDoesNothing_boots(void)
{
    set_up();
    add_extension();
    char option[PATH_MAX];
    snprintf(option, sizeof(option), "-agentpath:%s/libloader_agent.so=nothing",
             test_built("test"));
    set("fake_jvm_options", option);
    CHECK_INT(load("rc:0"), 0);
    CHECK_HAS(test_output(), "the agent's last words\n"); /* recorded, and written out */
    check_stderr();
}

static void log_reopenedDuringTheBoot_stays(void)
{
    set_up();
    add_extension();
    char option[2 * PATH_MAX];
    char log[PATH_MAX];
    snprintf(log, sizeof(log), "%s", test_path("reopened.log"));
    snprintf(option, sizeof(option), "-agentpath:%s/libloader_agent.so=%s", test_built("test"),
             log);
    set("fake_jvm_options", option);
    CHECK_INT(load("rc:0"), 0);
    fprintf(stderr, "after the boot\n");
    CHECK_HAS(test_output(), "the agent's last words\n"); /* of before */
    CHECK_TEXT(test_read("reopened.log"), "after the boot\n");
}

/* "wait" or "spawn", until there is a file "go". */
static void use_agent(const char *does)
{
    char option[2 * PATH_MAX];
    set_up();
    add_extension();
    snprintf(option, sizeof(option), "-agentpath:%s/libloader_agent.so=%s:%s", test_built("test"),
             does, test_path("go"));
    set("fake_jvm_options", option);
}

static void *load_well(void *unused)
{
    (void) unused;
    CHECK_INT(load("rc:0"), 0);
    return NULL;
}

static void await_output(const char *text)
{
    while (strstr(test_output(), text) == NULL) { /* or the case's alarm */
        usleep(1000);
    }
}

/* A worker that is killed just then, or a boot that takes long, hides nothing. */
static void output_ofTheBoot_isThereAtOnce(void)
{
    pthread_t thread;
    use_agent("wait");
    CHECK(pthread_create(&thread, NULL, load_well, NULL) == 0);
    await_output("the agent's last words\n");
    fprintf(stderr, "nginx's own line\n");
    await_output("nginx's own line\n");
    test_write("go", "");
    pthread_join(thread, NULL);
    CHECK_TEXT(strstr(test_output(), "the agent's"), "the agent's last words\nnginx's own line\n");
}

static void child_ofTheBoot_keepsItsStderr(void)
{
    use_agent("spawn");
    CHECK_INT(load("rc:0"), 0);
    fprintf(stderr, "after the boot\n");
    test_write("go", "");
    await_output("after the boot\nof a child\n");
}

static void process_endsAfterAFailedBoot(void)
{
    set_up_with_options("-Xlog:help");
    check_failed_boot("exit");
    exit(42); /* on the main thread, as nginx's worker ends */
}

static void process_endsWithAJvm(void)
{
    set_up();
    CHECK_INT(load("rc:0"), 0);
    exit(42);
}

static void fail_at_exit(void)
{
    _exit(1);
}

/* The destructors of libjvm.so are among what the process would do after this. */
static void process_endsBeforeTheJvmIsTakenApart(void)
{
    CHECK_INT(atexit(fail_at_exit), 0);
    set_up();
    CHECK_INT(load("rc:0"), 0);
    exit(42);
}

static void *load_and_sleep(void *unused)
{
    (void) unused;
    load("sleep:60000");
    return NULL;
}

static void process_endsWhileGuestsLoad(void)
{
    set_up();
    CHECK_INT(load("rc:0"), 0);
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        CHECK_INT(pthread_create(&thread, NULL, load_and_sleep, NULL), 0);
    }
    while (load("loads") < 6) {
        usleep(1000);
    }
    exit(42);
}

static void process_endsWhileTheJvmBoots(void)
{
    set_up();
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, NULL, load_and_sleep, NULL), 0);
    usleep(30000); /* somewhere in the midst of it */
    exit(42);
}

/* A thread of the JVM. */
static void check_log_at_exit(void)
{
    CHECK_HAS(test_output(), "[error] ffi_polyglot: the JVM ends this process, exit(42)");
}

static void guest_endsTheProcess_isLogged(void)
{
    set_up();
    CHECK_INT(load("rc:0"), 0);
    CHECK_INT(atexit(check_log_at_exit), 0);
    load("exit:42");
    CHECK(false);
}

/* ---- JDK, options and dist ------------------------------------------------------------------- */

static void javaHome_thatIsNoJdk_isPassedOverAndNoted(void)
{
    set_up();
    add_extension();
    test_write("broken/lib/server/libjvm.so", "not a library");
    test_write("broken/release", "JAVA_VERSION=\"25.0.3\"\n");
    char java[PATH_MAX];
    snprintf(java, sizeof(java), "%s/bin", test_built("test/jdk"));
    setenv("JAVA_HOME", test_path("broken"), 1);
    setenv("PATH", java, 1);
    CHECK_INT(load("rc:0"), 0);
    CHECK_HAS(fake_log, "6 ffi_polyglot: JAVA_HOME=");
    CHECK_HAS(fake_log, "/broken: cannot be loaded");
    CHECK_HAS(fake_log, " is used in its place");
}

static void javaHomeSetting_thatIsNoJdk_isAnError_butNoTry(void)
{
    set_up();
    add_extension();
    test_write("broken/lib/server/libjvm.so", "not a library");
    set("fake_java_home", test_path("broken"));
    CHECK_INT(load("rc:0"), 1);
    CHECK_HAS(fake_failure, test_path("broken"));
    CHECK_HAS(fake_failure, "cannot be loaded");
    CHECK_HAS_NOT(fake_failure, "one try");
    set("fake_java_home", test_built("test/jdk"));
    CHECK_INT(load("rc:0"), 0);
}

static void jars_absent_isNamed_butNoTry(void)
{
    set_up();
    CHECK_INT(unlink(test_path("dist/jars/boot.jar")), 0);
    CHECK_INT(load("rc:0"), 1);
    CHECK_HAS(test_output(), "no jars in ");
    test_copy(test_built("test/loader_boot.jar"), "dist/jars/boot.jar");
    CHECK_INT(load("rc:0"), 0);
}

static void jdkWithoutRelease_isAskedOnceItRuns(void)
{
    set_up();
    use_jdk(linked_jdk(NULL));
    CHECK_INT(load("rc:0"), 0);
    CHECK_HAS(test_output(), "[warn] ffi_polyglot: the version of the JDK in ");
    CHECK_HAS(test_output(), "guests run in the interpreter");
}

static void jdkWithoutRelease_tooOld_isNamed(void)
{
    set_up();
    char libjvm[PATH_MAX];
    snprintf(libjvm, sizeof(libjvm), "%s/lib/server/libjvm.so", test_built("test/jdk"));
    setenv("TEST_LIBJVM", libjvm, 1);
    test_copy(test_built("test/libloader_old_jvm.so"), "jdk/lib/server/libjvm.so");
    use_jdk(test_path("jdk"));
    CHECK_INT(load("rc:0"), 1);
    CHECK_HAS(test_output(), "is Java 24, and 25 or newer is needed");
    CHECK_HAS(test_output(), "one try");
}

static void newerJdk_getsNoJitFlags_andAWarning(void)
{
    set_up_with_options("-XX:+UnlockExperimentalVMOptions"); /* else the option is not shown */
    use_jdk(linked_jdk("JAVA_VERSION=\"26\"\nMODULES=\"java.base jdk.internal.vm.ci\"\n"));
    CHECK_INT(load("option:EnableJVMCI=false"), 0);
    CHECK_HAS(fake_log, "5 ffi_polyglot: the JDK in ");
    CHECK_HAS(fake_log, "version 26, and the just-in-time compiler needs 25");
}

static void compiler_isPutOnTheUpgradeModulePath(void)
{
    set_up();
    add_extension();
    add_compiler();
    char spec[PATH_MAX];
    snprintf(spec, sizeof(spec), "property:jdk.module.upgrade.path=%s/dist/graal", test_folder());
    CHECK_INT(load(spec), 0);
    CHECK_INT(load("option:EnableJVMCI=true"), 0);
    CHECK_TEXT(fake_log, "");
}

static void options_reachTheJvm(void)
{
    set_up_with_options("-Da=from setup\n-Xmx100m");
    add_compiler();
    set("fake_prefix", test_path("pre%fix/"));
    char spec[PATH_MAX];
    snprintf(spec, sizeof(spec), "option:ErrorFile=%s/pre%%%%fix/logs/hs_err_pid%%p.log",
             test_folder());
    CHECK_INT(load(spec), 0);
    CHECK_INT(load("property:a=from setup"), 0);
    CHECK_INT(load("option:MaxHeapSize=104857600"), 0); /* not the file's 512 MB */
    CHECK_INT(load("option:UseSerialGC=true"), 0);
    CHECK_INT(load("option:UsePerfData=false"), 0);
    CHECK_INT(load("option:ReduceSignalUsage=true"), 0);
    CHECK_INT(load("property:polyglot.engine.WarnInterpreterOnly=false"), 0);
    snprintf(spec, sizeof(spec), "property:resty.polyglot.home=%s/dist", test_folder());
    CHECK_INT(load(spec), 0);
    CHECK_TEXT(test_output(), "");
}

static void dist_isFoundThroughALink(void)
{
    make_dist();
    use_jdk(test_built("test/jdk"));
    test_link("../dist/lib/libffi_polyglot.so", "elsewhere/libffi_polyglot.so");
    open_loader(test_path("elsewhere/libffi_polyglot.so"));
    char spec[PATH_MAX];
    snprintf(spec, sizeof(spec), "property:resty.polyglot.home=%s/dist", test_folder());
    CHECK_INT(load(spec), 0);
}

static void loader_staysAfterDlclose(void)
{
    make_dist();
    use_jdk(test_built("test/jdk"));
    void *library = open_library(test_path("dist/lib/libffi_polyglot.so"), RTLD_NOW | RTLD_LOCAL);
    *(void **) &libffi_init = dlsym(library, "libffi_init");
    CHECK_INT(dlclose(library), 0);
    CHECK_INT(load("rc:0"), 0);
}

int main(int argc, char **argv)
{
#if defined(__SANITIZE_THREAD__)
    puts("skipped: a JVM does not run under ThreadSanitizer");
    return 0;
#endif
    static const test_case_t cases[] = {
        CASE(load_returnsWhatJavaReturns),
        CASE(load_passesSpecAndQueueUnchanged),
        CASE(load_runsOnADaemonThreadWithALargeStack),
        CASE(load_withCheckJni_isClean),
        CASE(load_withoutASpec_saysWhatIsExpected),
        CASE(throwable_becomesText_onStderr),
        CASE(throwable_becomesText_throughTheExtension),
        CASE(extension_ofAnotherVersion_isNotUsed),
        CASE(bootClass_absent_isNamed),
        CASE(loads_atOnce_shareOneBoot),
        CASE(loads_atOnce_shareOneFailure),
        CASE(guest_pollsAHostWithoutTheExtension),
        CASE(master_isRefused_workerIsNot),
        CASE(forkAfterBoot_isRefused),
        CASE(forkBeforeBoot_bootsInEachProcess),
        CASE(signalHandlers_ofNginx_areLeftAlone),
        CASE(badOption_hugeHeap),
        CASE(badOption_tinyHeap),
        CASE(badOption_initialAboveMaximum),
        CASE(badOption_unknownXX),
        CASE(badOption_unknown),
        CASE(badOption_twoCollectors),
        CASE(badOption_smallStack),
        CASE(badOption_module),
        CASE(badOption_modulePath),
        CASE(badOption_agent),
        CASE(badOption_help),
        CASE(badOption_debugPort),
        CASE(agent_thatExits),
        CASE(agent_thatExitsAtOnce),
        CASE(agent_thatAborts),
        CASE(javaAgent_thatExits),
        CASE(javaAgent_thatHalts),
        CASE(javaAgent_thatExitsOnAnotherThread),
        CASE(agent_thatDoesNothing_boots),
        CASE(log_reopenedDuringTheBoot_stays),
        CASE(output_ofTheBoot_isThereAtOnce),
        CASE(child_ofTheBoot_keepsItsStderr),
        {.name = "process_endsAfterAFailedBoot",
         .run = process_endsAfterAFailedBoot,
         .exit_code = 42},
        {.name = "process_endsWithAJvm", .run = process_endsWithAJvm, .exit_code = 42},
        {.name = "process_endsBeforeTheJvmIsTakenApart",
         .run = process_endsBeforeTheJvmIsTakenApart,
         .exit_code = 42},
        {.name = "process_endsWhileGuestsLoad",
         .run = process_endsWhileGuestsLoad,
         .exit_code = 42},
        {.name = "process_endsWhileTheJvmBoots",
         .run = process_endsWhileTheJvmBoots,
         .exit_code = 42},
        {.name = "guest_endsTheProcess_isLogged",
         .run = guest_endsTheProcess_isLogged,
         .exit_code = 42},
        CASE(javaHome_thatIsNoJdk_isPassedOverAndNoted),
        CASE(javaHomeSetting_thatIsNoJdk_isAnError_butNoTry),
        CASE(jars_absent_isNamed_butNoTry),
        CASE(jdkWithoutRelease_isAskedOnceItRuns),
        CASE(jdkWithoutRelease_tooOld_isNamed),
        CASE(newerJdk_getsNoJitFlags_andAWarning),
        CASE(compiler_isPutOnTheUpgradeModulePath),
        CASE(options_reachTheJvm),
        CASE(dist_isFoundThroughALink),
        CASE(loader_staysAfterDlclose),
    };
    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
