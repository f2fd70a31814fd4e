package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** How many processes nginx has. */
class WorkersTest {
  private static final int CALLS = 20;

  /** Each worker counts its own calls, and so does the runtime that it called. */
  @ParameterizedTest
  @CsvSource({"JS, 3", "PY, 2"})
  void severalWorkers_haveTheirOwnRuntimes(Lang lang, int workers) {
    String spec = lang.spec("t/calls");
    NginxConf conf =
        new NginxConf()
            .workers(workers)
            .http("keepalive_timeout 0;")
            .http(
                "init_worker_by_lua_block { require('resty_ffi'); ngx.load_ffi('" + spec + "') }");
    try (Nginx nginx = conf.start()) {
      String code =
          """
          local rt = load("%s")
          local ok, res = rt:count()
          local mine = ngx.shared.test:incr("calls of " .. ngx.worker.pid(), 1, 0)
          return ok, res == tostring(mine), ngx.worker.pid()
          """;
      Map<String, Integer> answers = new TreeMap<>();
      Await.until(
          () -> "answers of each worker; there were " + answers,
          () -> {
            answers.merge(nginx.lua(code, spec), 1, Integer::sum);
            return answers.size() >= workers
                && answers.values().stream().allMatch(count -> count >= CALLS);
          });
      assertThat(answers.keySet())
          .isEqualTo(
              nginx.workers().stream()
                  .map(pid -> "true, true, " + pid)
                  .collect(Collectors.toCollection(TreeSet::new)));
      nginx.check();
    }
  }

  @Test
  void killedWorker_isReplacedByOneThatServes() {
    try (Nginx nginx = new NginxConf().http("keepalive_timeout 0;").start()) {
      assertThat(nginx.lua("return load('js:t/calls,init'):count()")).isEqualTo("true, '1'");
      long worker = nginx.worker();
      nginx.expectLog("\\[alert\\] .*worker process " + worker + " exited on signal 9");
      nginx.signal("KILL", worker);
      Await.until(
          "a new worker", () -> !nginx.workers().isEmpty() && !nginx.workers().contains(worker));
      assertThat(nginx.lua("return load('js:t/calls,init'):count()")).isEqualTo("true, '1'");
      nginx.acceptWorkers();
      nginx.check();
    }
  }

  @Test
  void masterProcessOff_works() {
    try (Nginx nginx = new NginxConf().workers(0).main("master_process off;").start()) {
      assertThat(nginx.lua("return load('js:t/calls,init'):echo('alone')"))
          .isEqualTo("true, 'alone'");
      assertThat(nginx.lua("return load('js:t/calls,init'):later('async')"))
          .isEqualTo("true, 'async'");
      nginx.check();
    }
  }
}
