/* A libjvm.so that can be opened, and nothing more. */
#include <jni.h>

JNIEXPORT jint JNICALL JNI_CreateJavaVM(JavaVM **vm, void **env, void *args)
{
    (void) vm;
    (void) env;
    (void) args;
    return JNI_ERR;
}
