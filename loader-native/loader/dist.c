#include "dist.h"

#include <dlfcn.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* Any thread. Cuts the last name off `path`. */
static void to_parent(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
}

/* Any thread. */
int dist_find(text_t *home, text_t *error)
{
    static const char here = 0;
    Dl_info info;
    if (dladdr(&here, &info) == 0 || info.dli_fname == NULL) {
        text_add(error, "the path of libffi_polyglot.so is not known");
        return -1;
    }
    char *path = realpath(info.dli_fname, NULL);
    if (path == NULL) {
        text_add(error, "%s: %s", info.dli_fname, strerror(errno));
        return -1;
    }
    to_parent(path);
    to_parent(path);
    text_add(home, "%s", path);
    free(path);
    return home->failed ? -1 : 0;
}

/* Any thread. Paths that match `home`/`pattern`, sorted. False, and nothing to free, if none do. */
static bool files(const char *home, const char *pattern, glob_t *found)
{
    text_t path = {0};
    /* The folder's own name may hold characters that glob() gives a meaning. */
    for (const char *c = home; *c != '\0'; c++) {
        text_add(&path, strchr("*?[]\\", *c) != NULL ? "\\%c" : "%c", *c);
    }
    text_add(&path, "/%s", pattern);
    bool some = !path.failed && glob(text_get(&path), 0, NULL, found) == 0;
    text_free(&path);
    return some;
}

/* Any thread. */
int dist_class_path(const char *home, text_t *class_path, text_t *error)
{
    if (strchr(home, ':') != NULL) {
        text_add(error, "\"%s\" has a colon in it, which a class path cannot hold: move it", home);
        return -1;
    }
    glob_t jars;
    if (!files(home, "jars/*.jar", &jars)) {
        text_add(error, "no jars in %s/jars: the installation is not complete", home);
        return -1;
    }
    for (size_t i = 0; i < jars.gl_pathc; i++) {
        text_add(class_path, "%s%s", i == 0 ? "" : ":", jars.gl_pathv[i]);
    }
    globfree(&jars);
    return 0;
}

/* Any thread. */
bool dist_has_compiler(const char *home, const char **missing)
{
    static const char *const jars[] = {"graal/compiler*.jar", "graal/truffle-compiler*.jar",
                                       "graal/collections*.jar", "graal/word*.jar"};
    for (size_t i = 0; i < sizeof(jars) / sizeof(jars[0]); i++) {
        glob_t found;
        if (!files(home, jars[i], &found)) {
            *missing = jars[i];
            return false;
        }
        globfree(&found);
    }
    return true;
}
