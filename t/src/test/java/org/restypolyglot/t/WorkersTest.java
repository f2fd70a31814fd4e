package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;

/** How many processes nginx has. */
class WorkersTest {

  @Test
  void severalWorkers_haveTheirOwnRuntimes() {
    NginxConf conf =
        new NginxConf()
            .workers(3)
            .http("keepalive_timeout 0;")
            .http(
                "init_worker_by_lua_block { require('resty_ffi'); ngx.load_ffi('js:t/calls,init') }");
    try (Nginx nginx = conf.start()) {
      String code =
          """
          local rt = load("js:t/calls,init")
          local key = "calls" .. ngx.worker.pid()
          local expected = ngx.shared.test:incr(key, 1, 0)
          local ok, res = rt:count()
          return ok and tonumber(res) >= 1, ngx.worker.pid()
          """;
      Set<String> answers = new TreeSet<>();
      Await.until(
          "an answer of each worker",
          () -> {
            answers.add(nginx.lua(code));
            return answers.size() >= 3;
          });
      Set<String> expected = new TreeSet<>();
      nginx.workers().forEach(pid -> expected.add("true, " + pid));
      assertThat(answers).isEqualTo(expected);
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
