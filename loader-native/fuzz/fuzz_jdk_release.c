/* Any file `release`: a version that has no negative parts, or none. */
#include "fuzz.h"

#include "../test/loader_test.h"
#include "jdk_release.h"

#include <stdlib.h>
#include <unistd.h>

static char home[] = "/tmp/fuzz-release-XXXXXX";
static char path[64];

static void remove_all(void)
{
    unlink(path);
    rmdir(home);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    test_on_failure = abort;
    CHECK(mkdtemp(home) != NULL);
    snprintf(path, sizeof(path), "%s/release", home);
    atexit(remove_all);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "w");
    jdk_release_t release;

    CHECK(file != NULL);
    CHECK(fwrite(data, 1, size, file) == size);
    CHECK_INT(fclose(file), 0);
    jdk_release_read(home, &release);
    for (int i = 0; i < JDK_VERSION_PARTS; i++) {
        CHECK(release.version[i] >= 0);
    }
    CHECK_INT(jdk_version_compare(&release, &release), 0);
    return 0;
}
