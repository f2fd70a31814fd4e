package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.restypolyglot.t.harness.Dist;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.Shell;

/** setup{}, and how a JVM that cannot boot is reported. Each test has its own worker: one try. */
class SetupTest {
  private static final Path JVMS = Path.of("/usr/lib/jvm");

  /** Loads with {@code setup} and checks that the worker survives it. */
  private static String failingLoad(Nginx nginx, String setup, String expectedLog) {
    long worker = nginx.worker();
    nginx.expectLog(expectedLog);
    String code = "require('resty_ffi').setup{%s}\nreturn ngx.load_ffi('js:t/calls,init')";
    String result = nginx.lua(code, setup);
    for (int i = 0; i < 20; i++) {
      assertThat(nginx.get("/plain")).isEqualTo("plain");
    }
    // A second load is answered too, if only with the same error.
    assertThat(nginx.lua("return ngx.load_ffi('js:t/calls,init')")).startsWith("nil, ");
    assertThat(nginx.worker()).isEqualTo(worker);
    return result;
  }

  @Test
  void javaHomeWithoutJdk_isNamed() {
    try (Nginx nginx = new NginxConf().start()) {
      assertThat(failingLoad(nginx, "java_home = '/no/such/jdk'", "\\[error].*/no/such/jdk"))
          .startsWith("nil, ")
          .contains("/no/such/jdk");
    }
  }

  @Test
  void oldJdk_isNamedWithItsVersion() throws IOException {
    Path old = oldJdk();
    try (Nginx nginx = new NginxConf().start()) {
      assertThat(failingLoad(nginx, "java_home = '" + old + "'", "\\[error].*" + old))
          .startsWith("nil, ")
          .contains("25")
          .contains(old.toString());
    }
  }

  private static Path oldJdk() throws IOException {
    List<Path> old = jdks().filter(jdk -> feature(jdk) < 25).toList();
    assumeTrue(!old.isEmpty(), "no JDK older than 25 in " + JVMS);
    return old.getFirst();
  }

  @Test
  void javaHome_goesBeforeTheInstallationsOwn() throws IOException {
    try (Nginx nginx = new NginxConf().javaHome().start()) {
      assertThat(nginx.lua("return load('js:t/calls,init'):echo('found')"))
          .isEqualTo("true, 'found'");
      assertThat(libjvm(nginx.worker()))
          .isEqualTo(Path.of(System.getProperty("java.home"), "lib/server/libjvm.so").toRealPath());
    }
  }

  @Test
  void usualPlaces_areSearchedWithoutAnyOfThese() throws Exception {
    Path folder = Files.createTempDirectory("dist-without-java");
    try {
      Path usual = Files.createDirectory(folder.resolve(".jdks"));
      Files.createSymbolicLink(usual.resolve("jdk-25"), Path.of(System.getProperty("java.home")));
      Dist copy = Dist.underTest().copyTo(folder.resolve("dist"));
      Shell.run("rm", "-rf", copy.root().resolve("java").toString()).orThrow();
      try (Nginx nginx = new NginxConf().dist(copy).main("env HOME=" + folder + ";").start()) {
        assertThat(nginx.lua("return load('js:t/calls,init'):echo('found')"))
            .isEqualTo("true, 'found'");
        assertThat(libjvm(nginx.worker()).startsWith(copy.root())).isFalse();
      }
    } finally {
      Shell.run("rm", "-rf", folder.toString()).orThrow();
    }
  }

  /** The one that a worker has mapped. */
  private static Path libjvm(long worker) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(worker), "maps")).stream()
        .filter(line -> line.endsWith("/libjvm.so"))
        .map(line -> Path.of(line.substring(line.indexOf('/'))))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<Path> jdks() throws IOException {
    if (!Files.isDirectory(JVMS)) {
      return Stream.of();
    }
    try (Stream<Path> folders = Files.list(JVMS)) {
      return folders.filter(jdk -> feature(jdk) > 0).toList().stream();
    }
  }

  /** The feature version that a JDK's {@code release} file tells; 0 where there is none. */
  private static int feature(Path jdk) {
    Path release = jdk.resolve("release");
    if (!Files.isRegularFile(release) || !Files.exists(jdk.resolve("lib/server/libjvm.so"))) {
      return 0;
    }
    try {
      return Files.readAllLines(release).stream()
          .filter(line -> line.startsWith("JAVA_VERSION=\""))
          .mapToInt(line -> Integer.parseInt(line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void unknownJvmOption_isNamed() {
    try (Nginx nginx = new NginxConf().start()) {
      String result =
          failingLoad(nginx, "jvm_options = {'-XX:+NoSuchOption'}", "\\[error].*NoSuchOption");
      assertThat(result).startsWith("nil, ").contains("NoSuchOption");
    }
  }

  @Test
  void badHeapSize_endsTheLoadAndNotTheWorker() {
    try (Nginx nginx = new NginxConf().start()) {
      assertThat(failingLoad(nginx, "jvm_options = {'-Xmx1k'}", "\\[error].*(?i)heap"))
          .startsWith("nil, ")
          .containsIgnoringCase("heap");
    }
  }

  @Test
  void badModulePath_endsTheLoadAndNotTheWorker() {
    try (Nginx nginx = new NginxConf().start()) {
      String result =
          failingLoad(
              nginx, "jvm_options = {'--add-modules=no.such.module'}", "\\[error].*no.such");
      assertThat(result).startsWith("nil, ").contains("no.such.module");
    }
  }

  @Test
  void jvmOptions_reachTheJvm_andItsLogsTheirFile() throws IOException {
    try (Nginx nginx = new NginxConf().start()) {
      Path gc = nginx.prefix().resolve("tmp/gc.log");
      String setup = "jvm_options = {'-Xlog:gc*:file=" + gc + "'}, java_home = '%s'";
      assertThat(
              nginx.lua(
                  "require('resty_ffi').setup{%s}\nreturn load('js:t/calls,init'):echo('x')",
                  setup.formatted(System.getProperty("java.home"))))
          .isEqualTo("true, 'x'");
      assertThat(gc).isNotEmptyFile();
    }
  }

  /** The JVM checks each use of JNI, and prints what it finds. */
  @Test
  void checkedJni_findsNothing() {
    try (Nginx nginx = new NginxConf().start()) {
      String code =
          """
          require("resty_ffi").setup{jvm_options = {"-Xcheck:jni"}}
          local out = {}
          for i, lang in ipairs { "js", "py" } do
              local rt = load(lang .. ":t/calls,init")
              local _, x = rt:echo("x")
              local _, y = rt:later("y")
              local _, _, boom = rt:fail("boom")
              rt:__unload()
              ngx.load_ffi(lang .. ":t/missing,init")
              out[i] = x .. y .. boom
          end
          return unpack(out)
          """;
      assertThat(nginx.lua(code)).isEqualTo("'xyboom', 'xyboom'");
      nginx.log().allow("\\[error] .*\\[(js|py):t/(calls|missing)]");
      assertThat(nginx.prefix().resolve("logs/stdout.log"))
          .content()
          .doesNotContainIgnoringCase("native method")
          .doesNotContain("WARNING: JNI");
    }
  }

  @Test
  void path_isSearchedFirst() {
    try (Nginx nginx = new NginxConf().start()) {
      nginx.write("first/t/fn.js", "exports.init = () => () => 'from path';");
      nginx.write("second/t/only.js", "exports.init = () => () => 'from the second';");
      String code =
          """
          require("resty_ffi").setup{path = {"%s", "%s"}}
          return t.pack(load("js:t/fn,init"):x()), t.pack(load("js:t/only,init"):x()), t.pack(load("js:t/calls,init"):echo("prefix"))
          """;
      Path first = nginx.prefix().resolve("first");
      Path second = nginx.prefix().resolve("second");
      assertThat(nginx.lua(code, first, second))
          .isEqualTo("{true, 'from path'}, {true, 'from the second'}, {true, 'prefix'}");
    }
  }

  @Test
  void languagesOwnPathVariables_areSearched() {
    NginxConf conf = new NginxConf();
    try (Nginx outer = conf.start()) {
      outer.write("roots/js/env_only.js", "exports.init = () => () => 'NODE_PATH';");
      outer.write("roots/py/env_only.py", "def init(cfg): return lambda req, task: 'PYTHONPATH'\n");
      NginxConf inner =
          new NginxConf()
              .main("env NODE_PATH=" + outer.prefix().resolve("roots/js") + ";")
              .main("env PYTHONPATH=" + outer.prefix().resolve("roots/py") + ";");
      try (Nginx nginx = inner.start()) {
        assertThat(
                nginx.lua(
                    "return t.pack(load('js:env_only,init'):x()), t.pack(load('py:env_only,init'):x())"))
            .isEqualTo("{true, 'NODE_PATH'}, {true, 'PYTHONPATH'}");
      }
    }
  }

  @Test
  void wrongSetup_isAnErrorThatQuotes() {
    try (Nginx nginx = new NginxConf().start()) {
      for (String setup : List.of("jvm_options = 'text'", "java_home = 5", "path = 7")) {
        assertThat(nginx.lua("return pcall(require('resty_ffi').setup, {%s})", setup))
            .startsWith("false, ")
            .contains(setup.split(" ", 2)[0]);
      }
      assertThat(nginx.lua("return load('js:t/calls,init'):echo('x')")).isEqualTo("true, 'x'");
    }
  }
}
