#include "boot_jvm.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot_output.h"
#include "dist.h"
#include "exit_guard.h"
#include "find_jdk.h"
#include "host_abi.h"
#include "jvm_options.h"

#define ONE_TRY                                                                                    \
    ". A process has one try to boot a JVM: mend what is wrong, then restart or reload nginx"

enum state { NOT_YET, BOOTING, UP, FAILED };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum state state;     /* lock */
    unsigned attempts;    /* lock; how often BOOTING ended */
    text_t error;         /* lock; of the last attempt */
    JavaVM *vm;           /* lock; if UP */
    atomic_int pid;       /* of the process that first asked; 0: nobody has */
    atomic_bool creating; /* within JNI_CreateJavaVM, or for ever where that never returned */
} boot = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/*
 * Any thread. Ends the attempt, if it has not ended yet. The text that the JVM printed in the
 * meantime is added to `error`, which is the boot's from here on.
 */
static void end_attempt(enum state state, JavaVM *vm, text_t *error)
{
    pthread_mutex_lock(&boot.lock);
    if (boot.state == BOOTING) {
        text_t output = {0};
        boot_output_stop(&output);
        if (state == FAILED) {
            if (output.len > 0) {
                text_add(error, ": ");
                text_add_as_line(error, text_get(&output));
            }
            text_add(error, ONE_TRY);
        }
        text_free(&output);
        text_free(&boot.error);
        boot.error = *error;
        *error = (text_t){0};
        boot.state = state;
        boot.vm = vm;
        boot.attempts++;
        pthread_cond_broadcast(&boot.changed);
    }
    pthread_mutex_unlock(&boot.lock);
    text_free(error);
}

/*
 * A thread of the JVM, or nginx's. While the JVM boots its threads cannot end the process: the boot
 * has failed, and the thread stays here, with whatever the JVM has locked. nginx's own thread may
 * always end its process.
 */
static void refuse_to_end(const char *call)
{
    if (!atomic_load(&boot.creating) || gettid() == getpid()) {
        return;
    }
    text_t error = {0};
    text_add(&error, "the JVM did not boot, it called %s", call);
    end_attempt(FAILED, NULL, &error);
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    for (;;) {
        pause();
    }
}

/* A thread of the JVM. After the boot it is a guest or an agent that ends the worker. */
static void JNICALL exit_hook(jint code)
{
    char call[32];
    snprintf(call, sizeof(call), "exit(%d)", (int) code);
    refuse_to_end(call);
    fprintf(stderr, "[error] ffi_polyglot: the JVM ends this process, %s\n", call);
}

/* A thread of the JVM, perhaps in a signal handler. After the boot it is a crash. */
static void JNICALL abort_hook(void)
{
    refuse_to_end("abort()");
}

/*
 * A thread of the JVM, perhaps in a signal handler. nginx sends stderr to error.log; another file
 * is the user's own, from -Xlog:...:file=.
 */
__attribute__((format(printf, 2, 0))) static jint JNICALL vfprintf_hook(FILE *file,
                                                                        const char *format,
                                                                        va_list args)
{
    return vfprintf(file == stdout ? stderr : file, format, args);
}

/* Boot thread. */
static const char *name_of(jint jni_error)
{
    switch (jni_error) {
    case JNI_EVERSION:
        return "JNI_EVERSION";
    case JNI_ENOMEM:
        return "no memory";
    case JNI_EEXIST:
        return "there is a JVM in this process that the loader has not booted";
    case JNI_EINVAL:
        return "an option is not valid";
    default:
        return "JNI_ERR";
    }
}

/* Boot thread. Reads a system property. -1: it is not a number. */
static int number_property(JNIEnv *env, const char *name)
{
    int number = -1;
    jclass system = (*env)->FindClass(env, "java/lang/System");
    jmethodID get = system == NULL
                        ? NULL
                        : (*env)->GetStaticMethodID(env, system, "getProperty",
                                                    "(Ljava/lang/String;)Ljava/lang/String;");
    jstring key = get == NULL ? NULL : (*env)->NewStringUTF(env, name);
    jstring value = NULL;
    if (key != NULL) {
        value = (*env)->CallStaticObjectMethod(env, system, get, key);
    }
    if (!(*env)->ExceptionCheck(env) && value != NULL) {
        const char *chars = (*env)->GetStringUTFChars(env, value, NULL);
        if (chars != NULL) {
            number = atoi(chars);
            (*env)->ReleaseStringUTFChars(env, value, chars);
        }
    }
    (*env)->ExceptionClear(env);
    return number;
}

/* Boot thread. A JDK without a `release` file tells its version only now. */
static bool is_old(JNIEnv *env, const jdk_t *jdk, text_t *error)
{
    if (jdk->release.version[0] != 0) {
        return false;
    }
    int feature = number_property(env, "java.specification.version");
    if (feature >= JDK_FEATURE) {
        return false;
    }
    text_add(error, "the JDK in %s is Java %d, and %d or newer is needed", jdk->home, feature,
             JDK_FEATURE);
    return true;
}

/*
 * The thread that calls exit(), as nginx's worker does in the end. exit() would go on to destroy
 * the static objects of libjvm.so while the JVM's threads use them: a garbage collection at that
 * moment would end the worker by a signal. What was registered for the exit before the boot is left
 * out.
 */
static void end_before_destructors(int status, void *unused)
{
    (void) unused;
    fflush(stdout);
    _exit(status);
}

/* Boot thread. */
static void create_jvm(const jdk_t *jdk, const list_t *options)
{
    text_t error = {0};
    JavaVMOption *all = calloc(options->count + 3, sizeof(*all));
    if (all == NULL) {
        text_add(&error, "no memory for the JVM's options");
        end_attempt(NOT_YET, NULL, &error);
        return;
    }
    size_t count = 0;
    all[count++] = (JavaVMOption){"exit", (void *) exit_hook};
    all[count++] = (JavaVMOption){"abort", (void *) abort_hook};
    all[count++] = (JavaVMOption){"vfprintf", (void *) vfprintf_hook};
    for (size_t i = 0; i < options->count; i++) {
        all[count++] = (JavaVMOption){options->items[i], NULL};
    }
    JavaVMInitArgs args = {.version = JNI_VERSION_10, .nOptions = (jint) count, .options = all};

    JavaVM *vm = NULL;
    void *env = NULL;
    boot_output_record();
    on_exit(end_before_destructors, NULL);
    atomic_store(&boot.creating, true);
    exit_guard_arm(jdk->library, refuse_to_end);
    jint rc = jdk->create_vm(&vm, &env, &args);
    atomic_store(&boot.creating, false);
    exit_guard_disarm();
    free(all);

    if (rc != JNI_OK) {
        text_add(&error, "the JVM of %s did not boot (%s)", jdk->home, name_of(rc));
        end_attempt(FAILED, NULL, &error);
        return;
    }
    bool old = is_old(env, jdk, &error);
    (*vm)->DetachCurrentThread(vm);
    end_attempt(old ? FAILED : UP, old ? NULL : vm, &error);
}

/* Boot thread. 0, or -1 with the reason in `error`: nothing has been tried yet. */
static int prepare(jdk_t *jdk, list_t *options, text_t *error)
{
    text_t dist = {0};
    text_t note = {0};
    text_t warning = {0};
    text_t bundled = {0};
    int rc = dist_find(&dist, error);
    if (rc == 0) {
        text_add(&bundled, "%s/java", text_get(&dist));
        jdk_places_t places = {.setting = host_setting("java_home"),
                               .java_home = getenv("JAVA_HOME"),
                               .bundled = text_get(&bundled),
                               .home = getenv("HOME"),
                               .path = getenv("PATH"),
                               .root = ""};
        rc = find_jdk(&places, jdk, &note, error);
    }
    if (rc == 0) {
        jvm_options_from_t from = {.dist = text_get(&dist),
                                   .jdk = jdk,
                                   .prefix = host_setting("prefix"),
                                   .setting = host_setting("jvm_options")};
        rc = jvm_options_make(&from, options, &warning, error);
    }
    if (rc == 0 && note.len > 0) {
        host_log(LEVEL_NOTICE, text_get(&note));
    }
    if (rc == 0 && warning.len > 0) {
        host_log(LEVEL_WARN, text_get(&warning));
    }
    text_free(&dist);
    text_free(&bundled);
    text_free(&note);
    text_free(&warning);
    return rc;
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && value[0] != '\0';
}

/*
 * Boot thread. nginx takes the locale out of its workers' environment, and Java, which has nothing
 * else to go by, would take the names of files for ASCII. Python does the same where there is none.
 * A process's first setenv leaves the old list as it is, for whoever reads it at that moment.
 */
static void choose_locale(void)
{
    if (!is_set("LC_ALL") && !is_set("LC_CTYPE") && !is_set("LANG")) {
        setenv("LC_CTYPE", "C.UTF-8", 1);
    }
}

/* The boot thread, of which there is one for each attempt. */
static void *boot_thread(void *unused)
{
    (void) unused;
    jdk_t jdk = {0};
    list_t options = {0};
    text_t error = {0};
    if (prepare(&jdk, &options, &error) == 0) {
        choose_locale();
        create_jvm(&jdk, &options);
    } else {
        end_attempt(NOT_YET, NULL, &error);
    }
    list_free(&options);
    free(jdk.home);
    return NULL;
}

/* With the lock. */
static int start_boot_thread(text_t *error)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, LOADER_STACK_BYTES);
    pthread_t thread;
    int problem = pthread_create(&thread, &attributes, boot_thread, NULL);
    pthread_attr_destroy(&attributes);
    if (problem != 0) {
        text_add(error, "cannot start a thread: %s", strerror(problem));
        return -1;
    }
    boot.state = BOOTING;
    return 0;
}

/* Any thread. */
JavaVM *boot_jvm(text_t *error)
{
    /* Before the lock: in a forked process nobody may be left to release it. */
    int nobody = 0;
    if (!atomic_compare_exchange_strong(&boot.pid, &nobody, getpid()) && nobody != getpid()) {
        text_add(error,
                 "this process was forked from process %d, which has a JVM: it did not survive the "
                 "fork",
                 nobody);
        return NULL;
    }
    pthread_mutex_lock(&boot.lock);
    JavaVM *vm = NULL;
    if (boot.state != NOT_YET || start_boot_thread(error) == 0) {
        unsigned attempt = boot.attempts;
        while (boot.state == BOOTING && boot.attempts == attempt) {
            pthread_cond_wait(&boot.changed, &boot.lock);
        }
        vm = boot.vm;
        if (vm == NULL) {
            text_add(error, "%s", text_get(&boot.error));
        }
    }
    pthread_mutex_unlock(&boot.lock);
    return vm;
}
