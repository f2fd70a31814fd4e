package org.restypolyglot.t;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.restypolyglot.t.harness.Await;
import org.restypolyglot.t.harness.Nginx;

/** Calls that the worker has got and that take their time, for what happens to it meanwhile. */
final class CallsInFlight {
  private static final int CALLS = 20;

  private CallsInFlight() {}

  /** Starts calls that take {@code millis}, and returns when the worker has got them all. */
  static List<CompletableFuture<String>> start(Nginx nginx, Lang lang, int millis) {
    nginx.lua("ngx.shared.test:set('begun', 0) return load('%s'):echo('x')", lang.spec("t/calls"));
    String code =
        """
        local rt = load("%s")
        ngx.shared.test:incr("begun", 1)
        return rt:wait("%d", {timeout = 0})
        """;
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      calls.add(nginx.luaAsync(code, lang.spec("t/calls"), millis));
    }
    Await.until(
        "calls in flight",
        () -> nginx.lua("return ngx.shared.test:get('begun')").equals(Integer.toString(CALLS)));
    return calls;
  }
}
