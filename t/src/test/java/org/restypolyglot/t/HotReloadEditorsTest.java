package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;
import org.restypolyglot.t.harness.Shell;

/** Files that are saved as editors and git do it, while calls go on. */
class HotReloadEditorsTest {
  private static final int CALLERS = 3;

  @RegisterExtension static final NginxExtension NGINX = new NginxExtension(new NginxConf());

  private static Nginx nginx() {
    return NGINX.get();
  }

  /** How a file gets its new content. */
  private enum Save {
    IN_PLACE {
      @Override
      void save(Path file, String text) throws IOException {
        Files.writeString(file, text);
      }
    },
    IN_TWO_STEPS {
      @Override
      void save(Path file, String text) throws IOException {
        int half = text.length() / 2;
        try (FileChannel channel =
            FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
          channel.write(StandardCharsets.UTF_8.encode(text.substring(0, half)));
          channel.write(StandardCharsets.UTF_8.encode(text.substring(half)));
        }
      }
    },
    AS_IDES_DO {
      @Override
      void save(Path file, String text) throws IOException {
        Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      }
    },
    AS_VIM_DOES {
      @Override
      void save(Path file, String text) throws IOException {
        Path backup = file.resolveSibling(file.getFileName() + "~");
        Files.move(file, backup, StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(file, text);
        Files.delete(backup);
      }
    },
    AS_GIT_DOES {
      @Override
      void save(Path file, String text) throws IOException {
        Files.delete(file);
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
      }
    },
    TOUCHED_BEFORE {
      @Override
      void save(Path file, String text) throws IOException {
        Files.writeString(file, Files.readString(file));
        Files.writeString(file, text);
      }
    };

    abstract void save(Path file, String text) throws IOException;
  }

  /** A module that answers with the greater one of its own version and its dependency's. */
  private static String module(Lang lang, String name, int version) {
    return switch (lang) {
      case JS ->
          """
          const dep = require('./%s_dep');
          exports.init = () => ({ get: () => String(Math.max(%d, dep)) });
          """
              .formatted(name, version);
      case PY ->
          """
          from ed import %s_dep
          class Demo:
              def get(self, req, task): return str(max(%d, %1$s_dep.version))
          def init(cfg): return Demo()
          """
              .formatted(name, version);
    };
  }

  private static String dependency(Lang lang, int version) {
    return (lang == Lang.JS ? "module.exports = %d;\n" : "version = %d\n").formatted(version);
  }

  /** Ways to break a module. */
  private static List<String> broken(Lang lang) {
    return lang == Lang.JS
        ? List.of("const x = ;\n", "require('./is-not-there');\n", "throw new Error('no');\n", "")
        : List.of("def f(:\n", "import is_not_there\n", "raise ValueError('no')\n", "");
  }

  /**
   * Callers that go on, each with one call after another; their future tells what they saw.
   *
   * @param newest what has been seen by anybody: no call that begins later may see less
   */
  private static CompletableFuture<Set<String>> callers(
      String spec, AtomicInteger newest, AtomicBoolean stop) {
    String code =
        """
        local rt, last = load("%s"), %d
        for _ = 1, 40 do
            local ok, res = rt:get()
            local version = ok and tonumber(res)
            if not version then return "failed", ok, res end
            if version < last then return "stale", version, last end
            last = version
        end
        return "fine"
        """;
    List<CompletableFuture<Set<String>>> all =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          Set<String> seen = new TreeSet<>();
                          while (!stop.get()) {
                            seen.add(nginx().lua(code, spec, newest.get()));
                          }
                          return seen;
                        },
                        runnable -> Thread.ofPlatform().start(runnable)))
            .limit(CALLERS)
            .toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            nothing -> {
              Set<String> seen = new TreeSet<>();
              all.forEach(caller -> seen.addAll(caller.join()));
              return seen;
            });
  }

  private static String status(String spec, String expression) {
    return nginx().lua("local s = assert(load('%s'):__status()) return %s", spec, expression);
  }

  private static void awaitVersion(String spec, int version) {
    String wanted = "true, '" + version + "'";
    Await.until(
        () -> wanted + ", not " + nginx().lua("return load('%s'):get()", spec),
        () -> nginx().lua("return load('%s'):get()", spec).equals(wanted));
  }

  @ParameterizedTest
  @EnumSource
  void randomSaves_thatBreakAndMend_failNoCall_andNoneIsStale(Lang lang) {
    String name = "random_" + lang.prefix();
    Path module = nginx().write("ed/" + lang.file(name), module(lang, name, 0));
    Path dependency = nginx().write("ed/" + lang.file(name + "_dep"), dependency(lang, 0));
    String spec = lang.spec("ed/" + name + "?");
    String contexts = lang == Lang.JS ? "2" : "1";
    nginx().lua("load('%s', nil, {contexts = %s})", spec, contexts);
    nginx().log().allow("\\[error].*ed/" + name + "] ");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    AtomicInteger newest = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Set<String>> callers = callers(spec, newest, stop);
    int failures = 0;
    try {
      for (int version = 1; version <= (lang == Lang.JS ? 200 : 30); version++) {
        Path file = random.nextBoolean() ? module : dependency;
        switch (random.nextInt(4)) {
          case 0 -> save(random, file, pick(random, broken(lang)));
          case 1 -> {
            failures++;
            breakAndWait(random, file, lang, spec);
          }
          default -> {
            // it is mended already
          }
        }
        String text = file.equals(module) ? module(lang, name, version) : dependency(lang, version);
        save(random, file, text);
        awaitVersion(spec, version);
        newest.set(version);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (AssertionError e) {
      throw new AssertionError("with seed " + seed, e);
    } finally {
      stop.set(true);
    }
    assertThat(callers.join()).as("with seed %d", seed).containsExactly("'fine'");
    assertThat(status(spec, "s.reload.outcome")).isEqualTo("'ok'");
    assertThat((double) nginx().log().count("ed/" + name + "] reload failed, generation"))
        .isGreaterThanOrEqualTo(failures);
  }

  private static <T> T pick(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static void save(Random random, Path file, String text) throws IOException {
    pick(random, List.of(Save.values())).save(file, text);
  }

  /** As who saves a file that is wrong, reads why, and then mends it; or deletes it. */
  private static void breakAndWait(Random random, Path file, Lang lang, String spec)
      throws IOException {
    String before = status(spec, "s.reload and s.reload.time");
    if (random.nextInt(4) == 0) {
      Files.delete(file);
    } else {
      save(random, file, broken(lang).get(random.nextInt(3)));
    }
    Await.until(
        () -> "a failed reload: " + status(spec, "s.reload and s.reload.outcome"),
        () ->
            status(spec, "s.reload and s.reload.outcome").equals("'failed'")
                && !status(spec, "s.reload.time").equals(before));
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
  }

  /** The programs themselves, where they are installed. */
  @Test
  void programsThatSave() throws IOException, InterruptedException {
    nginx().log().allow("\\[error].*ed/real] reload failed"); // half a file, on a slow machine
    Path file = nginx().write("ed/real.js", "exports.init = () => () => '0';\n");
    String spec = "js:ed/real?,init";
    awaitVersion(spec, 0);
    int version = 0;
    for (List<String> editor :
        List.of(
            List.of("sed", "-i", "s/'.*'/'%d'/"),
            List.of("perl", "-pi", "-e", "s/'.*'/'%d'/"),
            vim("no"),
            vim("yes"),
            vim("auto"))) {
      if (isInstalled(editor.getFirst())) {
        version++;
        String number = Integer.toString(version);
        List<String> command =
            Stream.concat(
                    editor.stream().map(word -> word.replace("%d", number)),
                    Stream.of(file.toString()))
                .toList();
        Shell.run(nginx().prefix(), Map.of("TERM", "dumb"), new byte[0], command).orThrow();
        awaitVersion(spec, version);
      }
    }
    assertThat(version).as("programs that were there").isPositive();
  }

  private static List<String> vim(String backupCopy) {
    return List.of(
        "vim",
        "-Nu",
        "NONE",
        "-es",
        "-c",
        "set nobackup writebackup backupcopy=" + backupCopy,
        "-c",
        "%s/'.*'/'%d'/",
        "-c",
        "wq");
  }

  private static boolean isInstalled(String program) throws IOException, InterruptedException {
    return Shell.run("sh", "-c", "command -v " + program).rc() == 0;
  }

  @Test
  void gitCheckout_isOneReload() throws IOException, InterruptedException {
    assumeThat(isInstalled("git")).as("git is installed").isTrue();
    StringBuilder main = new StringBuilder("const all = [];\n");
    for (int i = 0; i < 60; i++) {
      nginx().write("repo/m" + i + ".js", "module.exports = 1;");
      main.append("all.push(require('./m%d'));\n".formatted(i));
    }
    main.append("exports.init = () => () => [...new Set(all)].join();\n");
    nginx().write("repo/main.js", main.toString());
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "one");
    git("branch", "one");
    for (int i = 0; i < 60; i++) {
      nginx().write("repo/m" + i + ".js", "module.exports = 2;");
    }
    git("commit", "-q", "-a", "-m", "two");
    String spec = "js:repo/main?,init";
    awaitVersion(spec, 2);
    git("checkout", "-q", "one");
    awaitVersion(spec, 1);
    assertThat(status(spec, "s.generation, #s.reload.changed")).isEqualTo("2, 60");
  }

  private static void git(String... arguments) throws IOException, InterruptedException {
    List<String> who = List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.org");
    Path folder = nginx().prefix().resolve("repo");
    Map<String, String> alone =
        Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_SYSTEM", "/dev/null");
    List<String> command = Stream.concat(who.stream(), Stream.of(arguments)).toList();
    Shell.run(folder, alone, new byte[0], command).orThrow();
  }
}
