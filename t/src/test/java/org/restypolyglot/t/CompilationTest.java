package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/** What the compiler for guests does in a worker. */
class CompilationTest {
  /** Compiles early, and tells. */
  private static final String SETUP =
      "init_worker_by_lua_block { require('resty_ffi').setup{jvm_options = {"
          + "'-Dpolyglot.engine.FirstTierCompilationThreshold=100', "
          + "'-Dpolyglot.engine.FirstTierMinInvokeThreshold=1', "
          + "'-Dpolyglot.engine.TraceCompilation=true'}} }";

  @RegisterExtension
  static final NginxExtension NGINX =
      new NginxExtension(new NginxConf().logLevel("info").http(SETUP));

  /**
   * The function that makes dataclasses has more in it than a graph may have. Without a limit its
   * compilation filled the heap and did not end within a minute, and nothing else was compiled.
   */
  @Test
  void functionThatIsTooLarge_isGivenUp_andOthersAreCompiled() {
    Nginx nginx = NGINX.get();
    String make = "return (load('py:t/classes,init'):make(nil, {timeout = 60}))";
    Await.until(
        "too large a function was given up",
        () -> {
          assertThat(nginx.lua(make)).isEqualTo("true");
          return nginx.log().count("opt failed .*_process_class.*Graph too big") > 0;
        });
    assertThat(nginx.log().count("opt done .*")).isPositive();
  }
}
