/* The parts of the loader that need no JVM. */
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dist.h"
#include "find_jdk.h"
#include "jdk_release.h"
#include "jvm_options.h"
#include "loader_test.h"
#include "text.h"

/* ---- text ------------------------------------------------------------------------------------ */

static void text_grows(void)
{
    text_t text = {0};
    CHECK_TEXT(text_get(&text), "");
    for (int i = 0; i < 1000; i++) {
        text_add(&text, "%d,", i % 10);
    }
    CHECK_INT(text.len, 2000);
    CHECK_INT(strlen(text_get(&text)), 2000);
    CHECK(!text.failed);
    text_free(&text);
}

static void text_asLine_hasNoLineBreaks(void)
{
    text_t text = {0};
    text_add_as_line(&text, "\n  one \r\n\n\ttwo\nthree  \n\n");
    CHECK_TEXT(text_get(&text), "one; two; three");
    text_free(&text);
    text_add_as_line(&text, "\n \n");
    CHECK_TEXT(text_get(&text), "");
}

/* ---- release --------------------------------------------------------------------------------- */

static jdk_release_t release_of(const char *content)
{
    test_write("release", content);
    jdk_release_t release;
    jdk_release_read(test_folder(), &release);
    return release;
}

static void release_tellsVersion(void)
{
    static const struct {
        const char *text;
        int version[JDK_VERSION_PARTS];
    } rows[] = {
        {"JAVA_VERSION=\"25\"\n", {25, 0, 0, 0}},
        {"JAVA_VERSION=\"25.0.3\"\n", {25, 0, 3, 0}},
        {"OS_NAME=\"Linux\"\nJAVA_VERSION=\"25.0.3.1\"\nX=1", {25, 0, 3, 1}},
        {"JAVA_VERSION=\"26-ea\"\n", {26, 0, 0, 0}},
        {"JAVA_VERSION=\"1.8.0_402\"\n", {8, 0, 402, 0}},
        {"JAVA_VERSION=25.0.1", {25, 0, 1, 0}},
        {"JAVA_VERSION_DATE=\"2026-04-21\"\n", {0, 0, 0, 0}},
        {"JAVA_VERSION=\"\"\n", {0, 0, 0, 0}},
        {"JAVA_VERSION=\"25.99999999999999999999\"\n", {25, INT_MAX, 0, 0}},
        {"no equals sign\n\n=\nJAVA_VERSION\n", {0, 0, 0, 0}},
        {"", {0, 0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        jdk_release_t release = release_of(rows[i].text);
        for (int part = 0; part < JDK_VERSION_PARTS; part++) {
            CHECK_INT(release.version[part], rows[i].version[part]);
        }
    }
}

static void release_tellsCompilers(void)
{
    jdk_release_t plain = release_of("MODULES=\"java.base jdk.internal.vm.ci jdk.graal.compiler\"");
    CHECK(plain.has_jvmci && !plain.has_own_compiler);
    jdk_release_t without = release_of("MODULES=\"java.base jdk.internal.vm.cix\"");
    CHECK(!without.has_jvmci && !without.has_own_compiler);
    jdk_release_t graalvm = release_of("JAVA_VERSION=\"25\"\nGRAALVM_VERSION=\"25.0.3\"\n");
    CHECK(graalvm.has_own_compiler);
    jdk_release_t image = release_of("MODULES=\"java.base org.graalvm.truffle.compiler\"");
    CHECK(image.has_own_compiler);
}

static void release_absent_isUnknown(void)
{
    jdk_release_t release;
    jdk_release_read("/no/such/jdk", &release);
    CHECK_INT(release.version[0], 0);
    CHECK(!release.has_jvmci && !release.has_own_compiler);
}

static void versions_compareByParts(void)
{
    jdk_release_t older = {.version = {25, 0, 9, 0}};
    jdk_release_t newer = {.version = {25, 0, 10, 0}};
    CHECK(jdk_version_compare(&older, &newer) < 0);
    CHECK(jdk_version_compare(&newer, &older) > 0);
    CHECK_INT(jdk_version_compare(&older, &older), 0);
}

/* ---- finding a JDK --------------------------------------------------------------------------- */

/* A JDK whose libjvm.so can be opened, but does not boot. */
static void make_jdk(const char *place, const char *release)
{
    char name[512];
    snprintf(name, sizeof(name), "%s/lib/server/libjvm.so", place);
    test_copy(test_built("test/libloader_fake_jvm.so"), name);
    if (release != NULL) {
        snprintf(name, sizeof(name), "%s/release", place);
        test_write(name, release);
    }
}

static text_t note;
static text_t error;

/* Looks in the folder of the test only. The answer is relative to it; "" if there is none. */
static const char *find(jdk_places_t places)
{
    jdk_t jdk = {0};
    text_free(&note);
    text_free(&error);
    places.root = test_folder();
    if (find_jdk(&places, &jdk, &note, &error) != 0) {
        CHECK(error.len > 0);
        return "";
    }
    CHECK_INT(error.len, 0);
    CHECK(jdk.create_vm != NULL);
    CHECK_INT(strncmp(jdk.home, test_folder(), strlen(test_folder())), 0);
    static char found[512];
    snprintf(found, sizeof(found), "%s", jdk.home + strlen(test_folder()));
    free(jdk.home);
    dlclose(jdk.library);
    return found;
}

static void find_exactly25_beatsNewerAndOlder(void)
{
    make_jdk("usr/lib/jvm/jdk-17", "JAVA_VERSION=\"17.0.19\"\n");
    make_jdk("usr/lib/jvm/jdk-27", "JAVA_VERSION=\"27\"\n");
    CHECK_TEXT(find((jdk_places_t){0}), "/usr/lib/jvm/jdk-27");
    make_jdk("opt/jdk-25.0.2", "JAVA_VERSION=\"25.0.2\"\n");
    CHECK_TEXT(find((jdk_places_t){0}), "/opt/jdk-25.0.2");
    make_jdk("usr/java/jdk-25.0.10", "JAVA_VERSION=\"25.0.10\"\n");
    CHECK_TEXT(find((jdk_places_t){0}), "/usr/java/jdk-25.0.10");
    CHECK_INT(note.len, 0);
}

static void find_plainJdk_beatsGraalVm(void)
{
    make_jdk("usr/lib/jvm/graalvm", "JAVA_VERSION=\"25.0.9\"\nGRAALVM_VERSION=\"25.0.9\"\n");
    CHECK_TEXT(find((jdk_places_t){0}), "/usr/lib/jvm/graalvm");
    make_jdk("usr/lib/jvm/plain", "JAVA_VERSION=\"25.0.3\"\n");
    CHECK_TEXT(find((jdk_places_t){0}), "/usr/lib/jvm/plain");
}

static void find_looksInAllUsualPlaces(void)
{
    static const char *const places[] = {"usr/lib/jvm/x",  "usr/java/x", "usr/local/my-jdk-25",
                                         "opt/openjdk-25", "opt/java",   "opt/java/25",
                                         "opt/java-25"};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        make_jdk(places[i], "JAVA_VERSION=\"25\"\n");
        char expected[64];
        snprintf(expected, sizeof(expected), "/%s", places[i]);
        CHECK_TEXT(find((jdk_places_t){0}), expected);
        snprintf(expected, sizeof(expected), "%s/release", places[i]);
        CHECK_INT(unlink(test_path(expected)), 0);
    }
}

static void find_looksInHomeAndPath(void)
{
    char home[600];
    char path[1024];
    make_jdk("home/.sdkman/candidates/java/25-tem", "JAVA_VERSION=\"25.0.1\"\n");
    snprintf(home, sizeof(home), "%s/home", test_folder());
    CHECK_TEXT(find((jdk_places_t){.home = home}), "/home/.sdkman/candidates/java/25-tem");

    make_jdk("somewhere/jdk", "JAVA_VERSION=\"25.0.2\"\n");
    test_write("somewhere/jdk/bin/java", "");
    char java[600];
    snprintf(java, sizeof(java), "%s/somewhere/jdk/bin/java", test_folder());
    test_link(java, "bin/java");
    snprintf(path, sizeof(path), "/no/such/folder::%s/bin", test_folder());
    CHECK_TEXT(find((jdk_places_t){.home = home, .path = path}), "/somewhere/jdk");
}

static void find_javaHome_isTakenIfItWillDo(void)
{
    make_jdk("usr/lib/jvm/jdk-25", "JAVA_VERSION=\"25.0.3\"\n");
    make_jdk("mine", "JAVA_VERSION=\"26\"\n");
    char mine[600];
    snprintf(mine, sizeof(mine), "%s/mine", test_folder());
    CHECK_TEXT(find((jdk_places_t){.java_home = mine}), "/mine");
    CHECK_INT(note.len, 0);
    CHECK_TEXT(find((jdk_places_t){.java_home = ""}), "/usr/lib/jvm/jdk-25");
    CHECK_INT(note.len, 0);
}

static void find_javaHome_tooOld_isNotedAndPassedOver(void)
{
    make_jdk("usr/lib/jvm/jdk-25", "JAVA_VERSION=\"25.0.3\"\n");
    make_jdk("old", "JAVA_VERSION=\"17.0.19\"\n");
    char old[600];
    snprintf(old, sizeof(old), "%s/old", test_folder());
    CHECK_TEXT(find((jdk_places_t){.java_home = old}), "/usr/lib/jvm/jdk-25");
    CHECK_HAS(text_get(&note), "/old: is Java 17.0.19, and 25 or newer is needed");
    CHECK_HAS(text_get(&note), "/usr/lib/jvm/jdk-25 is used in its place");
    CHECK_TEXT(find((jdk_places_t){.java_home = "/no/such/jdk"}), "/usr/lib/jvm/jdk-25");
    CHECK_HAS(text_get(&note), "JAVA_HOME=/no/such/jdk: there is no such folder");
}

static void find_bundled_comesBehindJavaHome(void)
{
    make_jdk("usr/lib/jvm/jdk-25", "JAVA_VERSION=\"25.0.9\"\n");
    make_jdk("mine", "JAVA_VERSION=\"25.0.1\"\n");
    char mine[600];
    char bundled[600];
    snprintf(mine, sizeof(mine), "%s/mine", test_folder());
    snprintf(bundled, sizeof(bundled), "%s/java", test_folder());
    CHECK_TEXT(find((jdk_places_t){.bundled = bundled}), "/usr/lib/jvm/jdk-25");
    make_jdk("java", "JAVA_VERSION=\"25.0.3\"\n");
    CHECK_TEXT(find((jdk_places_t){.bundled = bundled}), "/java");
    CHECK_TEXT(find((jdk_places_t){.bundled = bundled, .java_home = mine}), "/mine");
    CHECK_TEXT(find((jdk_places_t){.bundled = bundled, .setting = mine}), "/mine");
    CHECK_INT(note.len, 0);
}

static void find_setting_isTakenOrAnError(void)
{
    make_jdk("usr/lib/jvm/jdk-25", "JAVA_VERSION=\"25.0.3\"\n");
    make_jdk("mine", "JAVA_VERSION=\"25.0.1\"\n");
    char path[600];
    snprintf(path, sizeof(path), "%s/mine", test_folder());
    CHECK_TEXT(find((jdk_places_t){.setting = path, .java_home = "/no/such"}), "/mine");

    CHECK_TEXT(find((jdk_places_t){.setting = "/no/such/jdk"}), "");
    CHECK_HAS(text_get(&error), "setup{java_home = \"/no/such/jdk\"}: there is no such folder");
    make_jdk("old", "JAVA_VERSION=\"21.0.2\"\n");
    snprintf(path, sizeof(path), "%s/old", test_folder());
    CHECK_TEXT(find((jdk_places_t){.setting = path}), "");
    CHECK_HAS(text_get(&error), path);
    CHECK_HAS(text_get(&error), "is Java 21.0.2, and 25 or newer is needed");
    CHECK_TEXT(find((jdk_places_t){.setting = ""}), "");
}

static void find_unknownVersion_isTakenOnlyIfNamed(void)
{
    make_jdk("usr/lib/jvm/unknown", NULL);
    CHECK_TEXT(find((jdk_places_t){0}), "");
    CHECK_HAS(text_get(&error), "/usr/lib/jvm/unknown: its version is not known");
    char path[600];
    snprintf(path, sizeof(path), "%s/usr/lib/jvm/unknown", test_folder());
    CHECK_TEXT(find((jdk_places_t){.setting = path}), "/usr/lib/jvm/unknown");
    CHECK_TEXT(find((jdk_places_t){.java_home = path}), "/usr/lib/jvm/unknown");
}

static void find_brokenLibrary_isPassedOver(void)
{
    test_write("usr/lib/jvm/a/lib/server/libjvm.so", "not a library");
    test_write("usr/lib/jvm/a/release", "JAVA_VERSION=\"25.0.9\"\n");
    test_copy(test_built("test/libloader_fake_nginx.so"), "usr/lib/jvm/b/lib/server/libjvm.so");
    test_write("usr/lib/jvm/b/release", "JAVA_VERSION=\"25.0.8\"\n");
    CHECK_TEXT(find((jdk_places_t){0}), "");
    CHECK_HAS(text_get(&error), "/usr/lib/jvm/a: cannot be loaded: ");
    CHECK_HAS(text_get(&error), "/usr/lib/jvm/b: lib/server/libjvm.so is not a JVM");
    make_jdk("usr/lib/jvm/c", "JAVA_VERSION=\"25.0.1\"\n");
    CHECK_TEXT(find((jdk_places_t){0}), "/usr/lib/jvm/c");
}

static void find_links_countOnce(void)
{
    make_jdk("usr/lib/jvm/jdk-21", "JAVA_VERSION=\"21.0.1\"\n");
    make_jdk("usr/lib/jvm/jdk-25", "JAVA_VERSION=\"25.0.1\"\n");
    test_link("jdk-25", "usr/lib/jvm/default");
    test_link("nowhere", "usr/lib/jvm/dangling");
    CHECK_TEXT(find((jdk_places_t){0}), "/usr/lib/jvm/jdk-25");
}

static void find_nothing_namesEveryPlace(void)
{
    make_jdk("usr/lib/jvm/jdk-17", "JAVA_VERSION=\"17.0.19\"\n");
    test_write("usr/lib/jvm/openjdk-17/src.txt", "");
    CHECK_TEXT(find((jdk_places_t){.java_home = "/no/such/jdk", .home = "/no/such/home"}), "");
    static const char *const parts[] = {"no JDK 25 or newer was found",
                                        "JAVA_HOME=/no/such/jdk: there is no such folder",
                                        "/usr/lib/jvm/jdk-17: is Java 17.0.19",
                                        "/usr/lib/jvm/openjdk-17: is no JDK",
                                        "/usr/java/*: nothing there",
                                        "/opt/java*: nothing there",
                                        "/no/such/home/.sdkman/candidates/java/*: nothing there",
                                        "java in PATH: PATH is not set",
                                        "setup{java_home = ",
                                        "env JAVA_HOME;"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        CHECK_HAS(text_get(&error), parts[i]);
    }
    CHECK_TEXT(find((jdk_places_t){.path = "/no/such/bin"}), "");
    CHECK_HAS(text_get(&error), "JAVA_HOME: not set");
    CHECK_HAS(text_get(&error), "java in PATH: not found");
}

/* ---- dist and options ------------------------------------------------------------------------ */

static jdk_t jdk_25 = {.home = (char *) "/jdk", .release = {.version = {25}, .has_jvmci = true}};
static list_t options;
static text_t warning;

static int make_options(const jdk_t *jdk, const char *prefix, const char *setting)
{
    list_free(&options);
    text_free(&warning);
    text_free(&error);
    jvm_options_from_t from = {
        .dist = test_folder(), .jdk = jdk, .prefix = prefix, .setting = setting};
    return jvm_options_make(&from, &options, &warning, &error);
}

/* The place of `option`, counted from 1; 0: it is not there. */
static size_t place_of(const char *option)
{
    for (size_t i = 0; i < options.count; i++) {
        if (strcmp(options.items[i], option) == 0) {
            return i + 1;
        }
    }
    return 0;
}

static void make_dist(void)
{
    test_write("jars/b.jar", "");
    test_write("jars/a.jar", "");
    test_write("jars/readme.txt", "");
    test_write("graal/compiler-25.0.3.jar", "");
    test_write("graal/truffle-compiler-25.0.3.jar", "");
    test_write("graal/collections-25.0.3.jar", "");
    test_write("graal/word-25.0.3.jar", "");
}

static const char *in_folder(const char *format)
{
    static char text[2048];
    snprintf(text, sizeof(text), format, test_folder(), test_folder());
    return text;
}

static void options_ownOnes(void)
{
    make_dist();
    CHECK_INT(make_options(&jdk_25, NULL, NULL), 0);
    CHECK(place_of(in_folder("-Djava.class.path=%s/jars/a.jar:%s/jars/b.jar")));
    CHECK(place_of(in_folder("-Dresty.polyglot.home=%s")));
    CHECK(place_of(in_folder("-Dpolyglot.engine.resourcePath=%s/resources")));
    CHECK(place_of("-Dpolyglot.engine.WarnInterpreterOnly=false"));
    CHECK(place_of("--enable-native-access=ALL-UNNAMED"));
    CHECK(place_of("--sun-misc-unsafe-memory-access=allow"));
    CHECK(place_of("-Xrs"));
    CHECK(place_of("-XX:+UnlockExperimentalVMOptions"));
    CHECK(place_of("-XX:+EnableJVMCI") > place_of("-XX:+UnlockExperimentalVMOptions"));
    CHECK(place_of(in_folder("--upgrade-module-path=%s/graal")));
    CHECK_INT(warning.len, 0);
    for (size_t i = 0; i < options.count; i++) {
        CHECK_HAS_NOT(options.items[i], "ErrorFile");
    }
}

static void options_errorFile_isInThePrefix(void)
{
    make_dist();
    CHECK_INT(make_options(&jdk_25, "/srv/100% nginx/", NULL), 0);
    CHECK(place_of("-XX:ErrorFile=/srv/100%% nginx/logs/hs_err_pid%p.log"));
    CHECK_INT(make_options(&jdk_25, "/", NULL), 0);
    CHECK(place_of("-XX:ErrorFile=/logs/hs_err_pid%p.log"));
}

static void options_ofTheFile_thenOfTheSetting(void)
{
    make_dist();
    test_write("conf/jvm.options", "# a comment\n\n  -Xmx1g\t\r\n -Da=b c # d\n   # another\n"
                                   "--add-modules  x,y\n--add-opens=a/b=c d\n-Dlast=1");
    CHECK_INT(make_options(&jdk_25, NULL, "-Xmx2g\n# no\n\n-Db=2\n"), 0);
    size_t first = place_of("-Xmx1g");
    CHECK(first > place_of("-Xrs"));
    CHECK_INT(place_of("-Da=b c # d"), first + 1);
    CHECK_INT(place_of("--add-modules=x,y"), first + 2);
    CHECK_INT(place_of("--add-opens=a/b=c d"), first + 3);
    CHECK_INT(place_of("-Dlast=1"), first + 4);
    CHECK_INT(place_of("-Xmx2g"), first + 5);
    CHECK_INT(place_of("-Db=2"), first + 6);
    CHECK_INT(options.count, first + 6);
}

static void options_fileThatCannotBeRead_isAnError(void)
{
    make_dist();
    test_path("conf/jvm.options/");
    CHECK_INT(make_options(&jdk_25, NULL, NULL), -1);
    CHECK_HAS(text_get(&error), "/conf/jvm.options: ");
}

static void options_shippedFile_isSane(void)
{
    make_dist();
    test_copy(test_built("test/jvm.options"), "conf/jvm.options");
    CHECK_INT(make_options(&jdk_25, NULL, NULL), 0);
    CHECK(place_of("-Xmx512m") && place_of("-XX:+UseSerialGC") && place_of("-XX:-UsePerfData"));
}

static void options_noJitFlags_whereTheCompilerCannotRun(void)
{
    static const struct {
        jdk_release_t release;
        const char *warning; /* NULL: none */
    } rows[] = {
        {{.version = {26}, .has_jvmci = true},
         "is version 26, and the just-in-time compiler needs 25"},
        {{.version = {25}}, "has no module jdk.internal.vm.ci"},
        {{.version = {0}}, "is not known"},
        {{.version = {26}, .has_own_compiler = true}, NULL},
    };
    make_dist();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        jdk_t jdk = {.home = (char *) "/jdk", .release = rows[i].release};
        CHECK_INT(make_options(&jdk, NULL, NULL), 0);
        CHECK_INT(place_of("-XX:+EnableJVMCI"), 0);
        CHECK_INT(place_of(in_folder("--upgrade-module-path=%s/graal")), 0);
        if (rows[i].warning == NULL) {
            CHECK_INT(warning.len, 0);
        } else {
            CHECK_HAS(text_get(&warning), rows[i].warning);
            CHECK_HAS(text_get(&warning), "guests run in the interpreter");
        }
    }
    CHECK_INT(unlink(test_path("graal/word-25.0.3.jar")), 0);
    CHECK_INT(make_options(&jdk_25, NULL, NULL), 0);
    CHECK_INT(place_of("-XX:+EnableJVMCI"), 0);
    CHECK_HAS(text_get(&warning), "graal/word*.jar");
}

static void options_ofAnImageWithTheCompiler(void)
{
    make_dist();
    jdk_t image = {.home = (char *) test_folder(),
                   .release = {.version = {25}, .has_jvmci = true, .has_own_compiler = true}};
    CHECK_INT(make_options(&image, NULL, NULL), 0);
    CHECK(place_of("-XX:+EnableJVMCI") > place_of("-XX:+UnlockExperimentalVMOptions"));
    CHECK_INT(place_of(in_folder("--upgrade-module-path=%s/graal")), 0);
    CHECK_INT(place_of(in_folder("-XX:AOTCache=%s/lib/resty-polyglot.aot")), 0);
    CHECK_INT(warning.len, 0);
    test_write("lib/resty-polyglot.aot", "");
    CHECK_INT(make_options(&image, NULL, NULL), 0);
    CHECK(place_of(in_folder("-XX:AOTCache=%s/lib/resty-polyglot.aot")));
    CHECK(place_of("-XX:ArchiveRelocationMode=0") > place_of("-XX:+UnlockDiagnosticVMOptions"));
}

static void dist_withoutJars_isNamed(void)
{
    CHECK_INT(make_options(&jdk_25, NULL, NULL), -1);
    CHECK_HAS(text_get(&error), in_folder("no jars in %s/jars"));
}

static void dist_withAColon_isRefused(void)
{
    test_write("a:b/jars/x.jar", "");
    text_t class_path = {0};
    CHECK_INT(dist_class_path(test_path("a:b"), &class_path, &error), -1);
    CHECK_HAS(text_get(&error), "colon");
}

static void dist_withOddCharacters_isFound(void)
{
    test_write("d [1]*?\\ x/jars/x.jar", "");
    text_t class_path = {0};
    CHECK_INT(dist_class_path(test_path("d [1]*?\\ x"), &class_path, &error), 0);
    CHECK_TEXT(text_get(&class_path), test_path("d [1]*?\\ x/jars/x.jar"));
    text_free(&class_path);
}

int main(int argc, char **argv)
{
    static const test_case_t cases[] = {
        CASE(text_grows),
        CASE(text_asLine_hasNoLineBreaks),
        CASE(release_tellsVersion),
        CASE(release_tellsCompilers),
        CASE(release_absent_isUnknown),
        CASE(versions_compareByParts),
        CASE(find_exactly25_beatsNewerAndOlder),
        CASE(find_plainJdk_beatsGraalVm),
        CASE(find_looksInAllUsualPlaces),
        CASE(find_looksInHomeAndPath),
        CASE(find_javaHome_isTakenIfItWillDo),
        CASE(find_javaHome_tooOld_isNotedAndPassedOver),
        CASE(find_bundled_comesBehindJavaHome),
        CASE(find_setting_isTakenOrAnError),
        CASE(find_unknownVersion_isTakenOnlyIfNamed),
        CASE(find_brokenLibrary_isPassedOver),
        CASE(find_links_countOnce),
        CASE(find_nothing_namesEveryPlace),
        CASE(options_ownOnes),
        CASE(options_errorFile_isInThePrefix),
        CASE(options_ofTheFile_thenOfTheSetting),
        CASE(options_fileThatCannotBeRead_isAnError),
        CASE(options_shippedFile_isSane),
        CASE(options_noJitFlags_whereTheCompilerCannotRun),
        CASE(options_ofAnImageWithTheCompiler),
        CASE(dist_withoutJars_isNamed),
        CASE(dist_withAColon_isRefused),
        CASE(dist_withOddCharacters_isFound),
    };
    return run_cases(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
