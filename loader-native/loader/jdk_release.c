#include "jdk_release.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Any thread. "25.0.3", "25-ea", and "1.8.0_402" as the Javas before 9 write it. */
static void read_version(const char *text, jdk_release_t *release)
{
    int parts[JDK_VERSION_PARTS + 1] = {0};
    size_t count = 0;
    while (count <= JDK_VERSION_PARTS && isdigit((unsigned char) *text)) {
        char *end;
        long part = strtol(text, &end, 10);
        parts[count++] = part > INT_MAX ? INT_MAX : (int) part;
        text = *end == '.' || *end == '_' ? end + 1 : end;
    }
    size_t first = parts[0] == 1 ? 1 : 0;
    memcpy(release->version, parts + first, sizeof(release->version));
}

/* Any thread. True if `module` is a word of `value`. */
static bool has_module(const char *value, const char *module)
{
    size_t len = strlen(module);
    for (const char *at = strstr(value, module); at != NULL; at = strstr(at + len, module)) {
        if ((at == value || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}

/* Any thread. */
static void read_line(char *line, jdk_release_t *release)
{
    char *value = strchr(line, '=');
    if (value == NULL) {
        return;
    }
    *value++ = '\0';
    value += *value == '"';
    value[strcspn(value, "\"\r\n")] = '\0';
    if (strcmp(line, "JAVA_VERSION") == 0) {
        read_version(value, release);
    } else if (strcmp(line, "GRAALVM_VERSION") == 0) {
        release->has_own_compiler = true;
    } else if (strcmp(line, "MODULES") == 0) {
        /* A plain JDK has jdk.graal.compiler too, but empty; the Truffle part is never empty. */
        release->has_jvmci = has_module(value, "jdk.internal.vm.ci");
        release->has_own_compiler |= has_module(value, "org.graalvm.truffle.compiler");
    }
}

/* Any thread. */
void jdk_release_read(const char *home, jdk_release_t *release)
{
    *release = (jdk_release_t){0};
    text_t path = {0};
    text_add(&path, "%s/release", home);
    FILE *file = fopen(text_get(&path), "re");
    text_free(&path);
    if (file == NULL) {
        return;
    }
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) > 0) {
        read_line(line, release);
    }
    free(line);
    fclose(file);
}

/* Any thread. */
int jdk_version_compare(const jdk_release_t *a, const jdk_release_t *b)
{
    for (size_t i = 0; i < JDK_VERSION_PARTS; i++) {
        if (a->version[i] != b->version[i]) {
            return a->version[i] < b->version[i] ? -1 : 1;
        }
    }
    return 0;
}
