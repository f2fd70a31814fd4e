#include "find_jdk.h"

#include <dlfcn.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HINT                                                                                       \
    "give setup{java_home = \"/path/to/jdk-25\"}, or set JAVA_HOME and put `env JAVA_HOME;` into " \
    "nginx.conf, as nginx's workers see only the variables that `env` names"

/* Under places->root. */
static const char *const usual_places[] = {"/usr/lib/jvm/*", "/usr/java/*", "/usr/local/*jdk*",
                                           "/opt/*jdk*",     "/opt/java*",  "/opt/java*/*"};
/* Under the user's home. */
static const char *const home_places[] = {"/.sdkman/candidates/java/*", "/.jdks/*"};

typedef struct {
    char *home;
    jdk_release_t release;
} candidate_t;

typedef struct {
    candidate_t *items;
    size_t count;
    text_t tried; /* "place: what is wrong with it", for each that will not do */
} search_t;

/* Any thread. */
static void reject(search_t *search, const char *place, const char *format, const char *detail)
{
    text_add(&search->tried, "%s%s: ", search->tried.len == 0 ? "" : "; ", place);
    text_add(&search->tried, format, detail);
}

/* Any thread. */
static void add_version(text_t *text, const jdk_release_t *release)
{
    int last = JDK_VERSION_PARTS - 1;
    while (last > 0 && release->version[last] == 0) {
        last--;
    }
    for (int i = 0; i <= last; i++) {
        text_add(text, "%s%d", i == 0 ? "" : ".", release->version[i]);
    }
}

/* Any thread. What can be said of the JDK in `home` from its files; NULL: it may do. */
static char *problem_of(const char *home, const jdk_release_t *release)
{
    text_t problem = {0};
    text_t libjvm = {0};
    text_add(&libjvm, "%s/lib/server/libjvm.so", home);
    if (access(home, F_OK) != 0) {
        text_add(&problem, "there is no such folder");
    } else if (release->version[0] != 0 && release->version[0] < JDK_FEATURE) {
        text_add(&problem, "is Java ");
        add_version(&problem, release);
        text_add(&problem, ", and %d or newer is needed", JDK_FEATURE);
    } else if (access(text_get(&libjvm), R_OK) != 0) {
        text_add(&problem, "is no JDK (lib/server/libjvm.so cannot be read)");
    }
    text_free(&libjvm);
    return problem.bytes;
}

/* Any thread. Opens the JVM's library; a problem is noted under the name `place`. */
static int open_jdk(search_t *search, const char *place, const candidate_t *from, jdk_t *jdk)
{
    text_t libjvm = {0};
    text_add(&libjvm, "%s/lib/server/libjvm.so", from->home);
    void *library = dlopen(text_get(&libjvm), RTLD_NOW | RTLD_LOCAL);
    text_free(&libjvm);
    if (library == NULL) {
        reject(search, place, "cannot be loaded: %s", dlerror());
        return -1;
    }
    create_vm_pt create_vm;
    *(void **) &create_vm = dlsym(library, "JNI_CreateJavaVM");
    if (create_vm == NULL) {
        dlclose(library);
        reject(search, place, "lib/server/libjvm.so is not a JVM: %s", "no JNI_CreateJavaVM in it");
        return -1;
    }
    *jdk = (jdk_t){.home = strdup(from->home),
                   .release = from->release,
                   .library = library,
                   .create_vm = create_vm};
    return jdk->home == NULL ? -1 : 0;
}

/* Any thread. A place that somebody named: taken if it will do, even without a known version. */
static int try_named(search_t *search, const char *place, const char *home, jdk_t *jdk)
{
    candidate_t candidate = {.home = (char *) home};
    jdk_release_read(home, &candidate.release);
    char *problem = problem_of(home, &candidate.release);
    if (problem != NULL) {
        reject(search, place, "%s", problem);
        free(problem);
        return -1;
    }
    return open_jdk(search, place, &candidate, jdk);
}

/* Any thread. Remembers a usual place, each folder once, however many links lead to it. */
static void consider(search_t *search, const char *place)
{
    char *home = realpath(place, NULL);
    if (home == NULL) {
        reject(search, place, "%s", "cannot be resolved");
        return;
    }
    for (size_t i = 0; i < search->count; i++) {
        if (strcmp(search->items[i].home, home) == 0) {
            free(home);
            return;
        }
    }
    candidate_t candidate = {.home = home};
    jdk_release_read(home, &candidate.release);
    char *problem = problem_of(home, &candidate.release);
    if (problem == NULL && candidate.release.version[0] == 0) {
        problem = strdup("its version is not known (no JAVA_VERSION in its file `release`)");
    }
    candidate_t *items = NULL;
    if (problem == NULL) {
        items = realloc(search->items, (search->count + 1) * sizeof(*items));
    }
    if (items == NULL) {
        reject(search, place, "%s", problem == NULL ? "no memory" : problem);
        free(problem);
        free(home);
        return;
    }
    search->items = items;
    search->items[search->count++] = candidate;
}

/* Any thread. */
static void consider_all(search_t *search, const char *root, const char *pattern)
{
    text_t path = {0};
    text_add(&path, "%s%s", root, pattern);
    glob_t found;
    if (!path.failed && glob(text_get(&path), GLOB_ONLYDIR, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            consider(search, found.gl_pathv[i]);
        }
        globfree(&found);
    } else {
        reject(search, text_get(&path), "%s", "nothing there");
    }
    text_free(&path);
}

/* Any thread. The JDK that the `java` of PATH is a part of: <home>/bin/java, links resolved. */
static void consider_path(search_t *search, const char *path)
{
    if (path == NULL) {
        reject(search, "java in PATH", "%s", "PATH is not set");
        return;
    }
    while (*path != '\0') {
        size_t len = strcspn(path, ":");
        text_t java = {0};
        text_add(&java, "%.*s/java", (int) len, path);
        char *found = len > 0 ? realpath(text_get(&java), NULL) : NULL;
        text_free(&java);
        if (found != NULL) {
            for (int i = 0; i < 2 && strrchr(found, '/') != NULL; i++) {
                *strrchr(found, '/') = '\0';
            }
            consider(search, found);
            free(found);
            return;
        }
        path += len + (path[len] == ':');
    }
    reject(search, "java in PATH", "%s", "not found");
}

/*
 * Any thread. The best first: exactly 25 before newer ones; among these a plain JDK, whose compiler
 * is dist's own and so of the right version, before one that brings another; the newest update.
 */
static int by_preference(const void *left, const void *right)
{
    const jdk_release_t *a = &((const candidate_t *) left)->release;
    const jdk_release_t *b = &((const candidate_t *) right)->release;
    bool a_exact = a->version[0] == JDK_FEATURE;
    bool b_exact = b->version[0] == JDK_FEATURE;
    if (a_exact != b_exact) {
        return a_exact ? -1 : 1;
    }
    if (a->has_own_compiler != b->has_own_compiler) {
        return a->has_own_compiler ? 1 : -1;
    }
    return jdk_version_compare(b, a);
}

/* Any thread. */
static int try_usual(search_t *search, const jdk_places_t *places, jdk_t *jdk)
{
    for (size_t i = 0; i < sizeof(usual_places) / sizeof(usual_places[0]); i++) {
        consider_all(search, places->root, usual_places[i]);
    }
    for (size_t i = 0; i < sizeof(home_places) / sizeof(home_places[0]); i++) {
        if (places->home != NULL && places->home[0] == '/') {
            consider_all(search, places->home, home_places[i]);
        }
    }
    consider_path(search, places->path);
    if (search->count > 0) {
        qsort(search->items, search->count, sizeof(*search->items), by_preference);
    }
    int rc = -1;
    for (size_t i = 0; i < search->count && rc != 0; i++) {
        rc = open_jdk(search, search->items[i].home, &search->items[i], jdk);
    }
    return rc;
}

/* Any thread. */
static int search_all(search_t *search, const jdk_places_t *places, jdk_t *jdk, text_t *note,
                      text_t *error)
{
    if (places->setting != NULL) {
        text_t place = {0};
        text_add(&place, "setup{java_home = \"%s\"}", places->setting);
        int rc = try_named(search, text_get(&place), places->setting, jdk);
        text_free(&place);
        if (rc != 0) {
            text_add(error, "%s; no other place is tried, as it is given",
                     text_get(&search->tried));
        }
        return rc;
    }
    text_t java_home = {0};
    if (places->java_home != NULL && places->java_home[0] != '\0') {
        text_add(&java_home, "JAVA_HOME=%s", places->java_home);
        if (try_named(search, text_get(&java_home), places->java_home, jdk) == 0) {
            text_free(&java_home);
            return 0;
        }
        text_add(note, "%s", text_get(&search->tried));
    } else {
        reject(search, "JAVA_HOME", "%s", "not set");
    }
    text_free(&java_home);

    int rc = -1;
    if (places->bundled != NULL) {
        rc = try_named(search, places->bundled, places->bundled, jdk);
    }
    if (rc != 0) {
        rc = try_usual(search, places, jdk);
    }
    if (rc != 0) {
        text_add(error, "no JDK %d or newer was found; tried %s; " HINT, JDK_FEATURE,
                 text_get(&search->tried));
    } else if (note->len > 0) {
        text_add(note, "; %s is used in its place", jdk->home);
    }
    return rc;
}

/* The boot thread. */
int find_jdk(const jdk_places_t *places, jdk_t *jdk, text_t *note, text_t *error)
{
    search_t search = {0};
    int rc = search_all(&search, places, jdk, note, error);
    for (size_t i = 0; i < search.count; i++) {
        free(search.items[i].home);
    }
    free(search.items);
    text_free(&search.tried);
    return rc;
}
