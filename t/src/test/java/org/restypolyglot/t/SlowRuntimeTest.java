package org.restypolyglot.t;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.restypolyglot.t.harness.NativeLibrary;
import org.restypolyglot.t.harness.Nginx;
import org.restypolyglot.t.harness.NginxConf;
import org.restypolyglot.t.harness.NginxExtension;

/**
 * A runtime that gets far more calls than it can serve: the queue's limit is exact, each call is
 * answered or refused, and the worker's memory stays. {@code make soak} does it for minutes.
 */
class SlowRuntimeTest {
  /** The heap is taken at once, so that what the worker grows by is something else. */
  private static final String SETUP =
      "init_worker_by_lua_block { require('resty_ffi')"
          + ".setup{jvm_options = {'-Xms512m', '-XX:+AlwaysPreTouch'}} }";

  @RegisterExtension
  static final NginxExtension NGINX = new NginxExtension(new NginxConf().http(SETUP));

  /**
   * What the refused calls of one round bring along: a part of it would be seen; the heap and the
   * compiled code of a guest that has just begun grow by some 100 MB in the same time.
   */
  private static final long REFUSED_BYTES = 50_000L * 100 * 1024;

  /**
   * 60 callers for a queue of 20, every third with a time-out. Lua hears of a reply after the host,
   * so it counts as many unanswered calls as the host, or more; only calls that have timed out may
   * have a place in the queue that Lua does not know of.
   */
  private static final String ROUND =
      """
      local rt, method, reply = load(%s, {max_queue = 20}), "%s", "%s"
      local req = ("x"):rep(100 * 1024)
      local short, refuse, answer = %s, %d, 100
      local unanswered, refused, answered, most = 0, 0, 0, 0
      local function call(timeout)
          unanswered = unanswered + 1
          local before = unanswered
          local ok, res, err = rt[method](rt, req, {timeout = timeout})
          unanswered = unanswered - 1
          if ok then
              answered = answered + 1
              local started = res:match(reply)
              if not started then return "reply: " .. res end
              most = math.max(most, tonumber(started) or 0)
          elseif res == "post failed, queue full" then
              refused = refused + 1
              if before <= 20 and short == 0 then return "refused as number " .. before end
              ngx.sleep(0)
          elseif res ~= "timeout" or timeout == 0 then
              return t.show(res, err)
          end
      end
      local wrong
      t.parallel(60, function(i)
          repeat
              wrong = call(i %% 3 == 0 and short or 0) or wrong
          until wrong or refused >= refuse and answered >= answer
      end)
      return wrong or most <= 20, (rt[method](rt, req))
      """;

  private static void flood(String load, String method, String reply) {
    Nginx nginx = NGINX.get();
    assertThat(nginx.lua(ROUND, load, method, reply, "0", 1_000)).isEqualTo("true, true");
    long before = residentBytes(nginx.worker());
    assertThat(nginx.lua(ROUND, load, method, reply, "0.05", 50_000)).isEqualTo("true, true");
    assertThat(residentBytes(nginx.worker()) - before)
        .as("growth of the worker, in bytes")
        .isLessThan(REFUSED_BYTES / 20);
  }

  @ParameterizedTest
  @CsvSource({"JS, blocks", "JS, waits", "PY, blocks", "PY, waits"})
  void moreCallsThanItCanServe_areRefusedOrAnswered(Lang lang, String method) {
    String spec = lang.spec("t/slow", "init," + method);
    flood("'" + spec + "', nil", method, "^102400 (%d+)$");
  }

  @Test
  void moreCallsThanALibraryCanServe_areRefusedOrAnswered() throws Exception {
    Path library =
        NativeLibrary.compile("slow_poller.c", NGINX.get().prefix().resolve("tmp"), "-DMILLIS=5");
    flood("'" + library + "', 'between'", "any", "^polled$");
  }

  private static long residentBytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
