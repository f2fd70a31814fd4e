/*
 * Keeps a JVM that boots from ending the process behind the back of its exit and abort hooks.
 *
 * The hooks see most of its ends, but not all: libjvm.so calls exit() itself while it reads options
 * (-Xlog:help), and an agent does (a debugger's port that is in use). atexit() is no answer: exit()
 * holds a lock (glibc 2.41), so that a thread that stays in a handler keeps nginx's worker from
 * ever exiting. So for the time of the boot the slots through which libjvm.so, and what it opens,
 * call exit(), _exit() and abort() lead here.
 */
#ifndef LOADER_EXIT_GUARD_H
#define LOADER_EXIT_GUARD_H

/*
 * Called on the thread that wants to end the process, with what it has called, such as "exit(1)";
 * if it returns, the process ends.
 */
typedef void (*exit_guard_pt)(const char *call);

/* `library`: libjvm.so, from dlopen(), open until the process ends. One guard at a time. */
void exit_guard_arm(void *library, exit_guard_pt guard);

/* Puts the slots of `library` back as they were. From here on `guard` must only return. */
void exit_guard_disarm(void);

#endif
