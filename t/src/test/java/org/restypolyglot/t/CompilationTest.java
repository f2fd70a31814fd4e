package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** When guests' code is compiled: late, if nobody says otherwise; and what is not. */
class CompilationTest {
  private static final String CALLS =
      "local rt = load('%s:gen/hot,init'); for _ = 1, %d do rt:measured('x') end; return 'done'";
  private static final String COMPILED = "opt done .*measured";
  private static final String AT_ONCE =
      ", '-Dpolyglot.engine.FirstTierCompilationThreshold=5',"
          + " '-Dpolyglot.engine.FirstTierMinInvokeThreshold=1'";

  private static Nginx start(String options) {
    Nginx nginx =
        new NginxConf()
            .logLevel("info")
            .http(
                "init_worker_by_lua_block { require('resty_ffi').setup{jvm_options = {"
                    + "'-Dpolyglot.engine.TraceCompilation=true'"
                    + options
                    + "}} }")
            .start();
    nginx.write("gen/hot.js", "exports.init = () => ({ measured(req) { return req; } });");
    nginx.write(
        "gen/hot.py",
        """
        class Hot:
            def measured(self, req, task):
                return req
        def init(cfg): return Hot()
        """);
    return nginx;
  }

  @ParameterizedTest
  @ValueSource(strings = {"js", "py"})
  void code_isCompiled_afterThousandsOfCalls(String language) {
    try (Nginx nginx = start(", '-Dpolyglot.engine.TraceCompilationDetails=true'")) {
      assertThat(nginx.lua(CALLS, language, 4000)).isEqualTo("'done'");
      Await.until("the compilation", () -> nginx.log().count(COMPILED) > 0);
      assertThat(nginx.log().lines())
          .filteredOn(line -> line.contains("opt queued") && line.contains("measured"))
          .first(InstanceOfAssertFactories.STRING)
          .containsPattern("Count/Thres +[2-9]\\d{3}/ +2000\\|");
      nginx.check();
    }
  }

  @Test
  void systemProperties_goBeforeOurOptions() {
    String never = ", '-Dpolyglot.engine.FirstTierCompilationThreshold=1000000'";
    try (Nginx nginx = start(never)) {
      assertThat(nginx.lua(CALLS, "js", 4000)).isEqualTo("'done'");
      assertThat(nginx.log().count(COMPILED)).isZero();
      nginx.check();
    }
    try (Nginx nginx = start(AT_ONCE)) {
      assertThat(nginx.lua(CALLS, "js", 50)).isEqualTo("'done'");
      Await.until("the compilation", () -> nginx.log().count(COMPILED) > 0);
      nginx.check();
    }
  }

  /**
   * The function that makes dataclasses has more in it than a graph may have. Without a limit its
   * compilation filled the heap and did not end within a minute, and nothing else was compiled.
   */
  @Test
  void functionThatIsTooLarge_isGivenUp() {
    try (Nginx nginx = start(AT_ONCE)) {
      String make = "return (load('py:t/classes,init'):make(nil, {timeout = 60}))";
      Await.until(
          "too large a function was given up",
          () -> {
            assertThat(nginx.lua(make)).isEqualTo("true");
            return nginx.log().count("opt failed .*_process_class.*Graph too big") > 0;
          });
      nginx.check();
    }
  }
}
