#include "call_boot.h"

#include <stdint.h>
#include <string.h>

#define MAX_CAUSES 8

/* Load thread, attached. Adds a Java string, as UTF-8; false if Java could not give it. */
static bool add_string(JNIEnv *env, jstring string, text_t *text)
{
    jclass string_class = (*env)->GetObjectClass(env, string);
    jmethodID get_bytes =
        (*env)->GetMethodID(env, string_class, "getBytes", "(Ljava/lang/String;)[B");
    jstring utf8 = get_bytes == NULL ? NULL : (*env)->NewStringUTF(env, "UTF-8");
    if (utf8 == NULL) {
        return false;
    }
    jbyteArray bytes = (*env)->CallObjectMethod(env, string, get_bytes, utf8);
    if ((*env)->ExceptionCheck(env) || bytes == NULL) {
        return false;
    }
    jsize len = (*env)->GetArrayLength(env, bytes);
    jbyte *chars = (*env)->GetByteArrayElements(env, bytes, NULL);
    if (chars == NULL) {
        return false;
    }
    text_add_bytes(text, (const char *) chars, (size_t) len);
    (*env)->ReleaseByteArrayElements(env, bytes, chars, JNI_ABORT);
    return true;
}

/* Load thread, attached. Adds object.toString(). */
static bool add_object(JNIEnv *env, jobject object, text_t *text)
{
    jclass object_class = (*env)->GetObjectClass(env, object);
    jmethodID to_string =
        (*env)->GetMethodID(env, object_class, "toString", "()Ljava/lang/String;");
    if (to_string == NULL) {
        return false;
    }
    jstring string = (*env)->CallObjectMethod(env, object, to_string);
    return !(*env)->ExceptionCheck(env) && string != NULL && add_string(env, string, text);
}

/* Load thread, attached. NULL: no cause. */
static jthrowable cause_of(JNIEnv *env, jthrowable throwable)
{
    jclass throwable_class = (*env)->GetObjectClass(env, throwable);
    jmethodID get_cause =
        (*env)->GetMethodID(env, throwable_class, "getCause", "()Ljava/lang/Throwable;");
    if (get_cause == NULL) {
        return NULL;
    }
    jthrowable cause = (*env)->CallObjectMethod(env, throwable, get_cause);
    return (*env)->ExceptionCheck(env) ? NULL : cause;
}

/* Load thread, attached. The pending exception becomes text, and its stack goes to stderr. */
static void take_exception(JNIEnv *env, text_t *error)
{
    jthrowable throwable = (*env)->ExceptionOccurred(env);
    if (throwable == NULL) {
        text_add(error, "Java was not reached");
        return;
    }
    (*env)->ExceptionDescribe(env);
    (*env)->ExceptionClear(env);
    for (int i = 0; i < MAX_CAUSES && throwable != NULL; i++) {
        text_add(error, "%s", i == 0 ? "" : "; caused by ");
        if (!add_object(env, throwable, error)) {
            text_add(error, "an exception that has no text");
        }
        (*env)->ExceptionClear(env);
        throwable = cause_of(env, throwable);
        (*env)->ExceptionClear(env);
    }
}

/* Load thread, attached. The result of a static method without parameters; NULL: see there. */
static jobject call_static(JNIEnv *env, jclass of, const char *name, const char *type)
{
    jmethodID method = (*env)->GetStaticMethodID(env, of, name, type);
    return method == NULL ? NULL : (*env)->CallStaticObjectMethod(env, of, method);
}

/*
 * Load thread, attached. Java's threads have the class path's class loader at hand, and hand it on
 * to those that they start; an attached thread has none. -1: an exception is pending.
 */
static int set_context_class_loader(JNIEnv *env)
{
    jclass thread_class = (*env)->FindClass(env, "java/lang/Thread");
    jclass loader_class = (*env)->FindClass(env, "java/lang/ClassLoader");
    if (thread_class == NULL || loader_class == NULL) {
        return -1;
    }
    jobject thread = call_static(env, thread_class, "currentThread", "()Ljava/lang/Thread;");
    if ((*env)->ExceptionCheck(env)) {
        return -1;
    }
    jobject class_loader =
        call_static(env, loader_class, "getSystemClassLoader", "()Ljava/lang/ClassLoader;");
    if ((*env)->ExceptionCheck(env)) {
        return -1;
    }
    jmethodID set = (*env)->GetMethodID(env, thread_class, "setContextClassLoader",
                                        "(Ljava/lang/ClassLoader;)V");
    if (set == NULL) {
        return -1;
    }
    (*env)->CallVoidMethod(env, thread, set, class_loader);
    return (*env)->ExceptionCheck(env) ? -1 : 0;
}

/* Load thread, attached. -1: an exception is pending. */
static int call_load(JNIEnv *env, const char *spec, void *tq, jint *rc)
{
    jclass boot = (*env)->FindClass(env, "org/restypolyglot/core/Boot");
    jmethodID load = boot == NULL ? NULL : (*env)->GetStaticMethodID(env, boot, "load", "([BJ)I");
    if (load == NULL) {
        return -1;
    }
    jsize len = (jsize) strlen(spec);
    jbyteArray bytes = (*env)->NewByteArray(env, len);
    if (bytes == NULL) {
        return -1;
    }
    (*env)->SetByteArrayRegion(env, bytes, 0, len, (const jbyte *) spec);
    if ((*env)->ExceptionCheck(env)) {
        return -1;
    }
    *rc = (*env)->CallStaticIntMethod(env, boot, load, bytes, (jlong) (intptr_t) tq);
    return (*env)->ExceptionCheck(env) ? -1 : 0;
}

/* The load thread; never nginx's. */
int call_boot(JavaVM *vm, const char *spec, void *tq, text_t *error)
{
    JavaVMAttachArgs args = {.version = JNI_VERSION_10, .name = (char *) "resty-load"};
    void *env = NULL;
    jint attached = (*vm)->AttachCurrentThreadAsDaemon(vm, &env, &args);
    if (attached != JNI_OK) {
        text_add(error, "the JVM takes no more threads (%d)", (int) attached);
        return 1;
    }
    jint rc = 1;
    if (set_context_class_loader(env) != 0 || call_load(env, spec, tq, &rc) != 0) {
        take_exception(env, error);
        rc = 1;
    }
    (*vm)->DetachCurrentThread(vm);
    return rc;
}
