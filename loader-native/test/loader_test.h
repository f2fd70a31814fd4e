/*
 * Test cases that run in a process of their own: a process has one try to boot a JVM, and some of
 * them end it. A case ends with its process; what it prints is shown if it fails.
 */
#ifndef LOADER_TEST_H
#define LOADER_TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    void (*run)(void);
    int exit_code; /* that the process has to end with; 0: run() has to return */
} test_case_t;

#define CASE(function)                                                                             \
    {                                                                                              \
        .name = #function, .run = function                                                         \
    }

/* Runs those whose names contain argv[1], or all. Returns main's result. */
int run_cases(const test_case_t *cases, size_t count, int argc, char **argv);

/* A new empty folder, removed with all that is in it once the case has ended. */
const char *test_folder(void);

/* The path of `name` in the folder that the test program was built into. */
const char *test_built(const char *name);

/* What this process has written to its standard streams so far. */
const char *test_output(void);

/* In the folder of the case; each makes the folders that are missing above it. */
const char *test_path(const char *name);
void test_write(const char *name, const char *content);
void test_copy(const char *from, const char *name);
const char *test_read(const char *name);
void test_link(const char *to, const char *name);

/* What ends the process in place of a case's exit code: a fuzzer wants a crash. */
extern void (*test_on_failure)(void);

_Noreturn void test_fail(const char *file, int line, const char *what, const char *detail);

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            test_fail(__FILE__, __LINE__, #condition, "");                                         \
        }                                                                                          \
    } while (0)

#define CHECK_INT(actual, expected)                                                                \
    do {                                                                                           \
        long actual_ = (actual);                                                                   \
        char detail_[64];                                                                          \
        if (actual_ != (long) (expected)) {                                                        \
            snprintf(detail_, sizeof(detail_), "%ld", actual_);                                    \
            test_fail(__FILE__, __LINE__, #actual " == " #expected, detail_);                      \
        }                                                                                          \
    } while (0)

#define CHECK_TEXT(actual, expected)                                                               \
    do {                                                                                           \
        const char *actual_ = (actual);                                                            \
        if (strcmp(actual_, expected) != 0) {                                                      \
            test_fail(__FILE__, __LINE__, #actual " is " #expected, actual_);                      \
        }                                                                                          \
    } while (0)

#define CHECK_HAS(actual, part)                                                                    \
    do {                                                                                           \
        const char *actual_ = (actual);                                                            \
        const char *part_ = (part);                                                                \
        if (strstr(actual_, part_) == NULL) {                                                      \
            fprintf(stderr, "expected: %s\n", part_);                                              \
            test_fail(__FILE__, __LINE__, #actual " has " #part, actual_);                         \
        }                                                                                          \
    } while (0)

#define CHECK_HAS_NOT(actual, part)                                                                \
    do {                                                                                           \
        const char *actual_ = (actual);                                                            \
        if (strstr(actual_, part) != NULL) {                                                       \
            test_fail(__FILE__, __LINE__, #actual " has not " #part, actual_);                     \
        }                                                                                          \
    } while (0)

#endif
