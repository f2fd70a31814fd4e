/*
 * A native JVM agent that ends the process while the JVM boots, past the JVM's hooks; or that puts
 * another file in the place of stderr, as nginx does when it reopens its logs.
 */
#include <fcntl.h>
#include <jni.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((visibility("default"))) jint JNICALL Agent_OnLoad(JavaVM *vm, char *options,
                                                                 void *reserved);

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
    return JNI_OK;
}
