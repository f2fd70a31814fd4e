/*
 * A native JVM agent that ends the process while the JVM boots, past the JVM's hooks; or that puts
 * another file in the place of stderr, as nginx does when it reopens its logs; or that waits for a
 * file ("wait:path"); or that starts a process which prints after the boot ("spawn:path": when that
 * file is there).
 */
#include <fcntl.h>
#include <jni.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((visibility("default"))) jint JNICALL Agent_OnLoad(JavaVM *vm, char *options,
                                                                 void *reserved);

/* The boot thread, or another process; not for ever, as nobody may be left. */
static void wait_for(const char *file)
{
    for (int i = 0; i < 30 * 1000 && access(file, F_OK) != 0; i++) {
        usleep(1000);
    }
}

/* The boot thread. */
__attribute__((visibility("default"))) jint JNICALL Agent_OnLoad(JavaVM *vm, char *options,
                                                                 void *reserved)
{
    (void) vm;
    (void) reserved;
    fprintf(stderr, "the agent's last words\n");
    if (strcmp(options, "exit") == 0) {
        exit(3);
    } else if (strcmp(options, "_exit") == 0) {
        _exit(3);
    } else if (strcmp(options, "abort") == 0) {
        abort();
    } else if (options[0] == '/') {
        dup2(open(options, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600), STDERR_FILENO);
    }
    if (strncmp(options, "wait:", 5) == 0) {
        wait_for(options + 5);
    } else if (strncmp(options, "spawn:", 6) == 0 && fork() == 0) {
        wait_for(options + 6);
        (void) !write(STDERR_FILENO, "of a child\n", 11);
        _exit(0);
    }
    return JNI_OK;
}
