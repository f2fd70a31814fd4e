#include "jvm_options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dist.h"

/*
 * Boot thread. False, with the reason in `warning`, if dist's compiler cannot run on this JDK,
 * which has none: guests then run in the interpreter.
 */
static bool takes_compiler(const char *dist, const jdk_t *jdk, text_t *warning)
{
    const char *missing = NULL;
    if (jdk->release.version[0] == 0) {
        text_add(warning, "the version of the JDK in %s is not known before it runs", jdk->home);
    } else if (jdk->release.version[0] != JDK_FEATURE) {
        text_add(warning, "the JDK in %s is version %d, and the just-in-time compiler needs %d",
                 jdk->home, jdk->release.version[0], JDK_FEATURE);
    } else if (!jdk->release.has_jvmci) {
        text_add(warning, "the JDK in %s has no module jdk.internal.vm.ci", jdk->home);
    } else if (!dist_has_compiler(dist, &missing)) {
        text_add(warning, "there is no %s/%s", dist, missing);
    } else {
        return true;
    }
    text_add(warning, ": guests run in the interpreter, without the just-in-time compiler");
    return false;
}

/* Boot thread. `line` is without blanks at its ends. */
static void add_line(list_t *options, const char *line)
{
    size_t name = strcspn(line, " \t=");
    if (strncmp(line, "--", 2) == 0 && (line[name] == ' ' || line[name] == '\t')) {
        /* `--add-modules x`, as the java command takes it; the JVM itself wants a "=". */
        list_add(options, "%.*s=%s", (int) name, line, line + name + strspn(line + name, " \t"));
    } else {
        list_add(options, "%s", line);
    }
}

/* Boot thread. One option a line; blank lines and those that start with # count for nothing. */
static void add_lines(list_t *options, const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\r\n");
        const char *next = text + len + strspn(text + len, "\r\n");
        while (len > 0 && isspace((unsigned char) *text)) {
            text++;
            len--;
        }
        while (len > 0 && isspace((unsigned char) text[len - 1])) {
            len--;
        }
        if (len > 0 && *text != '#') {
            text_t line = {0};
            text_add_bytes(&line, text, len);
            options->failed |= line.failed;
            add_line(options, text_get(&line));
            text_free(&line);
        }
        text = next;
    }
}

/* Boot thread. The file may be absent: then the JVM's own defaults hold. */
static int add_file(list_t *options, const char *dist, text_t *error)
{
    text_t path = {0};
    text_t content = {0};
    text_add(&path, "%s/conf/jvm.options", dist);
    FILE *file = fopen(text_get(&path), "re");
    int problem = file == NULL ? errno : 0;
    if (file != NULL) {
        char part[4096];
        size_t len;
        while ((len = fread(part, 1, sizeof(part), file)) > 0) {
            text_add_bytes(&content, part, len);
        }
        problem = ferror(file) ? EIO : 0;
        fclose(file);
    }
    if (problem == ENOENT) {
        problem = 0;
    }
    if (problem != 0) {
        text_add(error, "%s: %s", text_get(&path), strerror(problem));
    }
    add_lines(options, text_get(&content));
    options->failed |= content.failed;
    text_free(&path);
    text_free(&content);
    return problem == 0 ? 0 : -1;
}

/* Boot thread. The JVM's crash report goes to nginx's logs; a % in the path has to be doubled. */
static void add_error_file(list_t *options, const char *prefix)
{
    text_t path = {0};
    size_t len = strlen(prefix);
    while (len > 0 && prefix[len - 1] == '/') {
        len--;
    }
    for (size_t i = 0; i < len; i++) {
        text_add(&path, prefix[i] == '%' ? "%%%%" : "%c", prefix[i]);
    }
    list_add(options, "-XX:ErrorFile=%s/logs/hs_err_pid%%p.log", text_get(&path));
    options->failed |= path.failed;
    text_free(&path);
}

/* Boot thread. */
static void add_jvmci(list_t *options)
{
    list_add(options, "-XX:+UnlockExperimentalVMOptions");
    list_add(options, "-XX:+EnableJVMCI");
}

/*
 * Boot thread. The cache beside the JDK that the build has made. One that does not fit, as the jars
 * are others or have other times, is left alone by the JVM, which is not worth a line at each boot.
 * Moved to another address, as it is without the last option, 130 MB of it are each worker's own;
 * where it was made for, all but 55 MB are pages of the file, which the workers share.
 */
static void add_aot_cache(list_t *options, const char *home)
{
    text_t cache = {0};
    text_add(&cache, "%s/lib/resty-polyglot.aot", home);
    if (!cache.failed && access(text_get(&cache), R_OK) == 0) {
        list_add(options, "-XX:AOTCache=%s", text_get(&cache));
        list_add(options, "-Xlog:aot=off,cds=off");
        list_add(options, "-XX:+UnlockDiagnosticVMOptions");
        list_add(options, "-XX:ArchiveRelocationMode=0");
    }
    options->failed |= cache.failed;
    text_free(&cache);
}

/* Boot thread. */
static int add_own(const jvm_options_from_t *from, list_t *options, text_t *warning, text_t *error)
{
    text_t class_path = {0};
    if (dist_class_path(from->dist, &class_path, error) != 0) {
        return -1;
    }
    list_add(options, "-Djava.class.path=%s", text_get(&class_path));
    options->failed |= class_path.failed;
    text_free(&class_path);

    list_add(options, "-Dresty.polyglot.home=%s", from->dist);
    list_add(options, "-Dpolyglot.engine.resourcePath=%s/resources", from->dist);
    list_add(options, "-Dpolyglot.engine.WarnInterpreterOnly=false");
    list_add(options, "--enable-native-access=ALL-UNNAMED");
    list_add(options, "--sun-misc-unsafe-memory-access=allow");
    /* HUP, INT, TERM and QUIT are nginx's. */
    list_add(options, "-Xrs");
    /* nginx's stdout leads nowhere, its stderr into error.log. */
    list_add(options, "-XX:+DisplayVMOutputToStderr");
    if (from->prefix != NULL && from->prefix[0] != '\0') {
        add_error_file(options, from->prefix);
    }
    if (from->jdk->release.has_own_compiler) {
        if (from->jdk->release.has_jvmci) {
            add_jvmci(options);
        }
        add_aot_cache(options, from->jdk->home);
    } else if (takes_compiler(from->dist, from->jdk, warning)) {
        add_jvmci(options);
        list_add(options, "--upgrade-module-path=%s/graal", from->dist);
    }
    return 0;
}

/* Boot thread. */
int jvm_options_make(const jvm_options_from_t *from, list_t *options, text_t *warning,
                     text_t *error)
{
    if (add_own(from, options, warning, error) != 0 || add_file(options, from->dist, error) != 0) {
        return -1;
    }
    if (from->setting != NULL) {
        add_lines(options, from->setting);
    }
    if (options->failed) {
        text_add(error, "no memory for the JVM's options");
        return -1;
    }
    return 0;
}
