/*
 * Any text as dist/conf/jvm.options (the part before the first line "----"), and as
 * setup{jvm_options=} (the rest): each option is one line, without blanks around it, and no
 * comment.
 */
#include "fuzz.h"

#include "../test/loader_test.h"
#include "jvm_options.h"

#include <ctype.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dist[] = "/tmp/fuzz-dist-XXXXXX";
static char paths[4][64]; /* files, then folders */
static size_t own;        /* options that are there without any */

static void remove_all(void)
{
    unlink(paths[0]);
    unlink(paths[1]);
    rmdir(paths[2]);
    rmdir(paths[3]);
    rmdir(dist);
}

static void write_file(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "w");

    CHECK(file != NULL);
    CHECK(fwrite(bytes, 1, size, file) == size);
    CHECK_INT(fclose(file), 0);
}

static list_t make(const char *setting)
{
    char jdk_home[] = "/jdk";
    const jdk_t jdk = {.home = jdk_home, .release = {.version = {26}}};
    const jvm_options_from_t from = {
        .dist = dist, .jdk = &jdk, .prefix = "/prefix/", .setting = setting};
    list_t options = {0};
    text_t warning = {0}, error = {0};

    CHECK_INT(jvm_options_make(&from, &options, &warning, &error), 0);
    CHECK(error.len == 0 && warning.len > 0);
    text_free(&warning);
    text_free(&error);
    return options;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    list_t options;

    (void) argc;
    (void) argv;
    test_on_failure = abort;
    CHECK(mkdtemp(dist) != NULL);
    snprintf(paths[0], sizeof(paths[0]), "%s/conf/jvm.options", dist);
    snprintf(paths[1], sizeof(paths[1]), "%s/jars/a.jar", dist);
    snprintf(paths[2], sizeof(paths[2]), "%s/conf", dist);
    snprintf(paths[3], sizeof(paths[3]), "%s/jars", dist);
    CHECK_INT(mkdir(paths[2], 0700), 0);
    CHECK_INT(mkdir(paths[3], 0700), 0);
    atexit(remove_all);
    write_file(paths[1], NULL, 0);
    options = make(NULL);
    own = options.count;
    CHECK(own > 5);
    list_free(&options);
    return 0;
}

static void check_option(const char *option)
{
    size_t len = strlen(option);

    CHECK(len > 0 && option[0] != '#');
    CHECK(!isspace((unsigned char) option[0]) && !isspace((unsigned char) option[len - 1]));
    CHECK(strpbrk(option, "\r\n") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *between = memmem(data, size, "----\n", 5);
    size_t first = between == NULL ? size : (size_t) (between - data);
    char *setting = between == NULL ? NULL : strndup((const char *) between + 5, size - first - 5);
    list_t options;

    write_file(paths[0], data, first);
    options = make(setting);
    CHECK(!options.failed && options.count >= own);
    for (size_t i = own; i < options.count; i++) {
        check_option(options.items[i]);
    }
    list_free(&options);
    free(setting);
    return 0;
}
