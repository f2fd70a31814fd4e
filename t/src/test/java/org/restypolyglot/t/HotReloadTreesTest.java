package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.Shell;

/** Hot reload where files are behind links or mounts, are thousands, or cannot be watched. */
class HotReloadTreesTest {

  private static String answering(String text) {
    return "exports.init = () => () => '" + text + "';";
  }

  private static String get(Nginx nginx, String spec) {
    return nginx.lua("return load('%s'):get()", spec);
  }

  private static void awaitReply(Nginx nginx, String spec, String text) {
    String wanted = "true, '" + text + "'";
    AtomicInteger tries = new AtomicInteger();
    Await.until(
        () -> wanted + ", not " + get(nginx, spec) + " after " + tries,
        () -> {
          tries.incrementAndGet();
          return get(nginx, spec).equals(wanted);
        });
  }

  private static String changed(Nginx nginx, String spec) {
    return nginx.lua("return load('%s'):__status().reload.changed[1]", spec);
  }

  /** How many folders the worker watches. */
  private static long watches(Nginx nginx) throws IOException {
    long all = 0;
    Path descriptors = Path.of("/proc/" + nginx.worker() + "/fdinfo");
    try (Stream<Path> list = Files.list(descriptors)) {
      for (Path descriptor : list.toList()) {
        try {
          all +=
              Files.readAllLines(descriptor).stream()
                  .filter(line -> line.startsWith("inotify "))
                  .count();
        } catch (IOException closedMeanwhile) {
          // one less
        }
      }
    }
    return all;
  }

  private static void turn(Path link, String target) throws IOException {
    Path next = Files.createSymbolicLink(link.resolveSibling("next"), Path.of(target));
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
  }

  /** As deployments do it: current -> releases/2. */
  @Test
  void linkToARelease_isTurned() throws IOException {
    try (Nginx nginx = new NginxConf().start()) {
      nginx.write("releases/1/app.js", answering("one"));
      nginx.write("releases/2/app.js", "exports.init = () => () => require('./text');");
      nginx.write("releases/2/text.js", "module.exports = 'two';");
      Path current =
          Files.createSymbolicLink(nginx.prefix().resolve("current"), Path.of("releases/1"));
      String spec = "js:current/app?,init";
      assertThat(get(nginx, spec)).isEqualTo("true, 'one'");
      turn(current, "releases/2");
      awaitReply(nginx, spec, "two");
      nginx.write("releases/2/text.js", "module.exports = 'two, changed';");
      awaitReply(nginx, spec, "two, changed");
      turn(current, "releases/1");
      awaitReply(nginx, spec, "one");
      nginx.write("releases/2/text.js", "module.exports = 'nobody looks';");
      nginx.write("releases/1/app.js", answering("one, changed"));
      awaitReply(nginx, spec, "one, changed");
      assertThat(nginx.lua("return load('%s'):__status().generation", spec)).isEqualTo("5");
      nginx.check();
    }
  }

  /** As in a ConfigMap of Kubernetes: each file is a link through one that is turned. */
  @Test
  void linksThroughALink_areTurned() throws IOException {
    try (Nginx nginx = new NginxConf().start()) {
      nginx.write("config/..1/m.js", answering("one"));
      nginx.write("config/..2/m.js", answering("two"));
      Path data = Files.createSymbolicLink(nginx.prefix().resolve("config/..data"), Path.of("..1"));
      Files.createSymbolicLink(nginx.prefix().resolve("config/m.js"), Path.of("..data/m.js"));
      String spec = "js:config/m?,init";
      assertThat(get(nginx, spec)).isEqualTo("true, 'one'");
      turn(data, "..2");
      awaitReply(nginx, spec, "two");
      nginx.check();
    }
  }

  /**
   * An nginx that sees other mounts than we do; it takes them with it when it ends. Its own files
   * are below /proc.
   */
  private static Nginx startWith(String mounts) throws IOException, InterruptedException {
    Shell.Result possible =
        Shell.run(
            "unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt && mount --bind /mnt /mnt");
    assumeThat(possible.rc()).as("may mount: %s", possible.stderr()).isZero();
    String script =
        "set -e; cd \"$PREFIX\"; mkdir -p real seen lower upper work; " + mounts + "; exec \"$@\"";
    return new NginxConf().launcher("unshare", "-m", "sh", "-c", script, "sh").start();
  }

  private static Path inside(Nginx nginx, String path) {
    return Path.of("/proc/" + nginx.worker() + "/root" + nginx.prefix().resolve(path));
  }

  @Test
  void boundFolder_changedUnderEitherName() throws Exception {
    try (Nginx nginx = startWith("mount --bind real seen")) {
      Path seen = inside(nginx, "seen/m.js");
      nginx.write("real/m.js", answering("one"));
      assertThat(nginx.prefix().resolve("seen/m.js")).as("it is a mount").doesNotExist();
      String spec = "js:seen/m?,init";
      assertThat(get(nginx, spec)).isEqualTo("true, 'one'");
      Files.writeString(seen, answering("under its own name"));
      awaitReply(nginx, spec, "under its own name");
      nginx.write("real/m.js", answering("under the other"));
      awaitReply(nginx, spec, "under the other");
      Files.move(
          nginx.write("real/w~", answering("renamed to")),
          nginx.prefix().resolve("real/m.js"),
          StandardCopyOption.ATOMIC_MOVE);
      awaitReply(nginx, spec, "renamed to");
      assertThat(changed(nginx, spec)).isEqualTo("'" + nginx.prefix() + "/seen/m.js'");
      nginx.check();
    }
  }

  /** As a container engine mounts one file; its folder tells nothing of what happens elsewhere. */
  @Test
  void boundFile_changedUnderEitherName() throws Exception {
    try (Nginx nginx =
        startWith(
            "echo \"exports.init = () => () => 'one'\" > real/m.js; touch seen/m.js;"
                + " mount --bind real/m.js seen/m.js")) {
      String spec = "js:seen/m?,init";
      assertThat(get(nginx, spec)).isEqualTo("true, 'one'");
      nginx.write("real/m.js", answering("under the other"));
      awaitReply(nginx, spec, "under the other");
      Files.writeString(inside(nginx, "seen/m.js"), answering("under its own name"));
      awaitReply(nginx, spec, "under its own name");
      nginx.check();
    }
  }

  /** A tree that is mounted over the one that was read, and unmounted again. */
  @Test
  void overlay_changedAndCovered() throws Exception {
    try (Nginx nginx =
        startWith(
            "mount -t tmpfs none work; mkdir work/upper work/work;"
                + " echo \"exports.init = () => () => 'lower'\" > lower/m.js;"
                + " mount -t overlay overlay -o"
                + " lowerdir=lower,upperdir=work/upper,workdir=work/work seen")) {
      String spec = "js:seen/m?,init";
      assertThat(get(nginx, spec)).isEqualTo("true, 'lower'");
      Files.writeString(inside(nginx, "seen/m.js"), answering("copied up"));
      awaitReply(nginx, spec, "copied up");
      Files.writeString(inside(nginx, "seen/m.js"), answering("changed again"));
      awaitReply(nginx, spec, "changed again");
      assertThat(nginx.prefix().resolve("lower/m.js")).content().contains("lower");
      nginx.write("real/m.js", answering("covered"));
      inNamespaceOf(nginx, "mount --bind real seen");
      awaitReply(nginx, spec, "covered");
      nginx.write("real/m.js", answering("covered, changed"));
      awaitReply(nginx, spec, "covered, changed");
      inNamespaceOf(nginx, "umount seen");
      awaitReply(nginx, spec, "changed again");
      nginx.check();
    }
  }

  private static void inNamespaceOf(Nginx nginx, String command)
      throws IOException, InterruptedException {
    String script = "cd '" + nginx.prefix() + "' && " + command;
    Shell.run("nsenter", "-m", "-t", Long.toString(nginx.worker()), "sh", "-c", script).orThrow();
  }

  /** An nginx whose processes may have no more than some inotify watches, or instances. */
  private static Nginx startWithLimit(String limit, int value)
      throws IOException, InterruptedException {
    String file = "/proc/sys/user/" + limit;
    String set = "echo " + value + " > " + file;
    // Inside, nginx is not root: it would set groups, which such a namespace does not allow.
    String script = set + " && exec unshare -U --map-user=1000 --map-group=1000 \"$@\"";
    Shell.Result possible = Shell.run("unshare", "-U", "-r", "sh", "-c", script, "sh", "cat", file);
    assumeThat(possible.rc()).as("may have user namespaces: %s", possible.stderr()).isZero();
    return new NginxConf().launcher("unshare", "-U", "-r", "sh", "-c", script, "sh").start();
  }

  private static void changeInManyFolders(Nginx nginx) {
    String spec = "js:app/main?,init";
    StringBuilder main = new StringBuilder("const all = [];\n");
    for (int i = 0; i < 20; i++) {
      nginx.write("app/d" + i + "/m.js", "module.exports = 'one';");
      main.append("all.push(require('./d").append(i).append("/m'));\n");
    }
    main.append("exports.init = () => () => all.join();\n");
    nginx.write("app/main.js", main.toString());
    String ones = "one" + ",one".repeat(19);
    assertThat(get(nginx, spec)).isEqualTo("true, '" + ones + "'");
    for (int i : new int[] {0, 19}) {
      nginx.write("app/d" + i + "/m.js", "module.exports = 'two';");
    }
    awaitReply(nginx, spec, "two" + ",one".repeat(18) + ",two");
    nginx.write("app/d10/m.js", "module.exports = 'three';");
    awaitReply(nginx, spec, "two" + ",one".repeat(9) + ",three" + ",one".repeat(8) + ",two");
    nginx.write("app/main.js", answering("mended"));
    awaitReply(nginx, spec, "mended");
  }

  @Test
  void moreFoldersThanMayBeWatched_areLookedAt_andTheLogSaysSoOnce() throws Exception {
    try (Nginx nginx = startWithLimit("max_inotify_watches", 4)) {
      changeInManyFolders(nginx);
      assertThat(watches(nginx)).isLessThanOrEqualTo(4);
      assertThat(
              nginx
                  .log()
                  .count(
                      "\\[warn].*hot reload: User limit of inotify watches reached.*"
                          + " looking at the files once a second.*fs.inotify.max_user_watches"))
          .isEqualTo(1);
      nginx.check();
    }
  }

  @Test
  void withoutInotify_filesAreLookedAt_andTheLogSaysSoOnce() throws Exception {
    try (Nginx nginx = startWithLimit("max_inotify_instances", 0)) {
      changeInManyFolders(nginx);
      assertThat(watches(nginx)).isZero();
      assertThat(
              nginx
                  .log()
                  .count(
                      "\\[warn].*hot reload: User limit of inotify instances reached.*"
                          + " looking at the files once a second.*fs.inotify.max_user_instances"))
          .isEqualTo(1);
      nginx.check();
    }
  }

  @Test
  void thousandsOfPackages_needFewWatches_andTakePart() throws Exception {
    try (Nginx nginx = new NginxConf().start()) {
      StringBuilder main = new StringBuilder("const all = new Set();\n");
      for (int i = 0; i < 1500; i++) {
        String folder = "node_modules/p" + i + "/";
        nginx.write(folder + "package.json", "{\"main\": \"lib/m.js\"}");
        nginx.write(folder + "lib/m.js", "module.exports = require('./text');");
        nginx.write(folder + "lib/text.js", "module.exports = 'one';");
        main.append("all.add(require('p").append(i).append("'));\n");
      }
      main.append("let more = 'none'; try { more = require('added'); } catch (e) {}\n");
      main.append("exports.init = () => () => [...all, more].join();\n");
      nginx.write("app/many.js", main.toString());
      String spec = "js:app/many?,init";
      assertThat(get(nginx, spec)).isEqualTo("true, 'one,none'");
      assertThat(nginx.lua("return #load('%s'):__status().files >= 4500", spec)).isEqualTo("true");

      nginx.write("node_modules/p1499/lib/text.js", "module.exports = 'two';");
      awaitReply(nginx, spec, "one,two,none");
      nginx.write("node_modules/added/index.js", "module.exports = 'added';");
      awaitReply(nginx, spec, "one,two,added");
      nginx.write("node_modules/p1/other.js", "module.exports = 'by package.json';");
      nginx.write("node_modules/p1/package.json", "{\"main\": \"other.js\"}");
      awaitReply(nginx, spec, "one,by package.json,two,added");
      nginx.write("node_modules/p0/lib/text/index.js", "module.exports = 'not this one';");
      nginx.write("app/node_modules/p2/index.js", "module.exports = 'nearer';");
      awaitReply(nginx, spec, "one,by package.json,nearer,two,added");
      assertThat(watches(nginx)).isBetween(1L, 200L);
      nginx.check();
    }
  }
}
