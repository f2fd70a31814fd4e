package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Dist;
import org.restypolyglot.t.harness.ErrorLog;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.Shell;

/** The README's page on hot reload, typed as it is, with a copy of examples/hot-reload. */
class HotReloadExampleTest {
  private static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_http_lua_module.so");
  private static final String PORT = "8080";
  private static final Pattern STEP = Pattern.compile("(?m)^\\$ (.*)\n((?:[^$].*\n)*)");

  /** A line after {@code $}, and what it prints. */
  private record Step(String command, String printed) {}

  @TempDir Path root;
  private final String port = Integer.toString(NginxConf.freePort());
  private final List<Process> started = new ArrayList<>();
  private Path example;

  @BeforeEach
  void copy() throws IOException, InterruptedException {
    assumeThat(MODULE).as("the example is for Debian's nginx").exists();
    example = root.resolve("examples/hot-reload");
    Files.createDirectories(example);
    Path original = Dist.checkout().resolve("examples/hot-reload");
    try (Stream<Path> files = Files.list(original)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(example.resolve(file.getFileName()), ours(Files.readString(file)));
      }
    }
    Files.createSymbolicLink(root.resolve("dist"), Dist.underTest().root());
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : started) {
      process.destroy();
      assertThat(process.waitFor()).as("nginx's exit code").isZero();
    }
  }

  /** Port 8080 may be somebody else's. */
  private String ours(String text) {
    return text.replace(PORT, port);
  }

  private static List<Step> steps() throws IOException {
    String readme = Files.readString(Dist.checkout().resolve("README.md"));
    String page = readme.substring(readme.indexOf("### Hot reload"));
    String console = page.substring(page.indexOf("```console\n") + 11);
    List<Step> steps = new ArrayList<>();
    Matcher step = STEP.matcher(console.substring(0, console.indexOf("```")));
    while (step.find()) {
      steps.add(new Step(step.group(1), step.group(2)));
    }
    return steps;
  }

  private String run(String command) {
    try {
      return Shell.run(root, Map.of("no_proxy", "*"), new byte[0], List.of("sh", "-c", command))
          .out();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void start(String command) throws IOException {
    String asRoot = "root".equals(System.getProperty("user.name")) ? " -g 'user root;'" : "";
    String sbin = "PATH=$PATH:/usr/sbin; exec ";
    ProcessBuilder nginx = new ProcessBuilder("sh", "-c", sbin + command + asRoot);
    nginx.environment().put("JAVA_HOME", System.getProperty("java.home"));
    nginx.directory(root.toFile());
    started.add(
        nginx
            .redirectErrorStream(true)
            .redirectOutput(example.resolve("run/stdout").toFile())
            .start());
  }

  private void awaitPrinted(String command, String printed) {
    Await.until(
        () -> command + " printing " + printed + " not " + run(command) + "\n" + log().lines(),
        () -> run(command).equals(printed));
  }

  private void awaitReply(String path, String reply) {
    awaitPrinted("curl -s http://127.0.0.1:" + port + path, reply + "\n");
  }

  private ErrorLog log() {
    return new ErrorLog(example.resolve("run/error.log"));
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = example.resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }

  @Test
  void pageOfTheReadme_isTrue_andItsExampleDoesWhatItSays() throws IOException {
    for (Step step : steps()) {
      if (step.command().endsWith("&")) {
        start(step.command().substring(0, step.command().length() - 1));
        Await.until("nginx listens", () -> !run(status()).isEmpty());
      } else if (step.printed().isEmpty()) {
        assertThat(run(step.command())).isEmpty();
      } else {
        awaitPrinted(ours(step.command()).replace("curl ", "curl -s "), step.printed());
      }
    }
    assertThat(started).hasSize(1);

    awaitReply("/py?Ann", "Hello, Ann! You are number 1.");
    edit("words.py", "Hello", "Ciao");
    awaitReply("/py?Bob", "Ciao, Bob! You are number 1.");
    Await.until("python's dispose", () -> log().count("py:greeter] this generation has") == 1);
    edit("greeter.js", "exports.init", "exports.init = = ");
    Await.until("a failed reload", () -> run(status()).contains("failed"));
    assertThat(run(status())).contains("greeter.js:").contains("words.json");
    awaitReply("/js?Bob", "Salut, Bob! You are number 2.");
    edit("greeter.js", "exports.init = = ", "exports.init");
    Await.until("it is mended", () -> log().count("js:greeter] generation 3 serves") == 1);
    awaitReply("/js?Bob", "Salut, Bob! You are number 1.");
    assertThat(log().count("\\[(alert|crit|emerg)]")).isZero();
    assertThat(log().count("\\[error].*reload failed, generation 2 keeps serving")).isEqualTo(1);
    assertThat(log().count("\\[error]")).isEqualTo(log().count("\\[error].*\\[js:greeter]"));
  }

  private String status() {
    return "curl -s http://127.0.0.1:" + port + "/status";
  }
}
