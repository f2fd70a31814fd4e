/*
 * A libjvm.so that boots the real one (its path: $TEST_LIBJVM) and then says that it is Java 24,
 * for a JDK whose file `release` does not tell.
 */
#include <dlfcn.h>
#include <jni.h>
#include <stdlib.h>

typedef jint(JNICALL *create_vm_pt)(JavaVM **vm, void **env, void *args);

/* The boot thread. */
JNIEXPORT jint JNICALL JNI_CreateJavaVM(JavaVM **vm, void **penv, void *args)
{
    create_vm_pt create_vm;
    *(void **) &create_vm =
        dlsym(dlopen(getenv("TEST_LIBJVM"), RTLD_NOW | RTLD_LOCAL), "JNI_CreateJavaVM");
    jint rc = create_vm(vm, penv, args);
    if (rc == JNI_OK) {
        JNIEnv *env = *penv;
        jclass system = (*env)->FindClass(env, "java/lang/System");
        jmethodID set = (*env)->GetStaticMethodID(
            env, system, "setProperty", "(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;");
        (*env)->CallStaticObjectMethod(env, system, set,
                                       (*env)->NewStringUTF(env, "java.specification.version"),
                                       (*env)->NewStringUTF(env, "24"));
    }
    return rc;
}
