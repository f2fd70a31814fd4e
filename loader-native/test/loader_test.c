#include "loader_test.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CASE_MAX_SECONDS 120
#define RETURNED 77 /* exit code of a case that ran to its end; 0 is what a JVM may exit with */

void (*test_on_failure)(void);

static char folder[PATH_MAX];
static char output_file[PATH_MAX];

const char *test_folder(void)
{
    return folder;
}

const char *test_built(const char *name)
{
    static char path[2 * PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);
    CHECK(len > 0);
    path[len] = '\0';
    for (int i = 0; i < 2; i++) { /* build/test/program */
        *strrchr(path, '/') = '\0';
    }
    strcat(path, "/");
    strcat(path, name);
    return path;
}

static char *read_file(const char *path)
{
    static char content[1 << 20];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t more;
    while ((more = read(fd, content + len, sizeof(content) - 1 - len)) > 0) {
        len += (size_t) more;
    }
    close(fd);
    content[len] = '\0';
    return content;
}

const char *test_output(void)
{
    fflush(NULL);
    return read_file(output_file);
}

const char *test_path(const char *name)
{
    static char path[2 * PATH_MAX];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST) {
            test_fail(__FILE__, __LINE__, path, strerror(errno));
        }
        *slash = '/';
    }
    return path;
}

void test_write(const char *name, const char *content)
{
    FILE *file = fopen(test_path(name), "w");
    CHECK(file != NULL);
    fputs(content, file);
    CHECK_INT(fclose(file), 0);
}

const char *test_read(const char *name)
{
    return read_file(test_path(name));
}

void test_copy(const char *from, const char *name)
{
    FILE *in = fopen(from, "r");
    FILE *out = fopen(test_path(name), "w");
    if (in == NULL || out == NULL) {
        test_fail(__FILE__, __LINE__, from, strerror(errno));
    }
    char part[4096];
    size_t len;
    while ((len = fread(part, 1, sizeof(part), in)) > 0) {
        CHECK_INT(fwrite(part, 1, len, out), len);
    }
    fclose(in);
    CHECK_INT(fclose(out), 0);
}

void test_link(const char *to, const char *name)
{
    CHECK_INT(symlink(to, test_path(name)), 0);
}

void test_fail(const char *file, int line, const char *what, const char *detail)
{
    fprintf(stderr, "%s:%d: failed: %s\n%s\n", file, line, what, detail);
    fflush(NULL);
    if (test_on_failure != NULL) {
        test_on_failure();
    }
    _exit(99);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void) status;
    (void) type;
    (void) at;
    return remove(path);
}

/* The child; its main thread plays nginx's. */
static void run_case(const test_case_t *test)
{
    int fd = open(output_file, O_CREAT | O_RDWR | O_APPEND, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    close(fd);
    alarm(CASE_MAX_SECONDS);
    test->run();
    exit(RETURNED);
}

static bool passes(const test_case_t *test)
{
    snprintf(folder, sizeof(folder), "%s/loader-test-XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    if (mkdtemp(folder) == NULL || realpath(folder, output_file) == NULL) {
        perror(folder);
        return false;
    }
    strcpy(folder, output_file);
    strcat(output_file, "/output.txt");
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        run_case(test);
    }
    int status = -1;
    waitpid(child, &status, 0);
    int expected = test->exit_code == 0 ? RETURNED : test->exit_code;
    bool passed = WIFEXITED(status) && WEXITSTATUS(status) == expected;
    printf("%s %s\n", passed ? "ok    " : "FAILED", test->name);
    if (!passed) {
        printf("  ended with %s %d, printed:\n%s\n", WIFSIGNALED(status) ? "signal" : "code",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
               read_file(output_file));
    }
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return passed;
}

int run_cases(const test_case_t *cases, size_t count, int argc, char **argv)
{
    int failed = 0;
    int ran = 0;
    for (size_t i = 0; i < count; i++) {
        if (argc < 2 || strstr(cases[i].name, argv[1]) != NULL) {
            ran++;
            failed += !passes(&cases[i]);
        }
    }
    printf("%s: %d passed, %d failed\n", argv[0], ran - failed, failed);
    return failed != 0;
}
