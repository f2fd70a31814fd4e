package org.restypolyglot.guest.js;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimersTest extends JsTestBase {

  /** Runs a body that pushes to {@code seen} and has a promise of its end in {@code done}. */
  private String seen(String body) throws Exception {
    return js.run("const seen = [];\n" + body + "\nawait done; return seen.join();");
  }

  @Test
  void order_isTicks_promises_immediates_timers() throws Exception {
    assertThat(
            seen(
                """
                const done = new Promise((resolve) => {
                  setImmediate(() => { seen.push('immediate 1'); process.nextTick(() => seen.push('tick')); });
                  setImmediate(() => seen.push('immediate 2'));
                  setTimeout(resolve, 300);
                  setTimeout(() => seen.push('timer 200'), 200);
                  setTimeout(() => { seen.push('timer 1'); Promise.resolve().then(() => seen.push('after timer 1')); }, 1);
                  setTimeout(() => seen.push('timer 1 b'), 1);
                  Promise.resolve().then(() => seen.push('promise'));
                  queueMicrotask(() => seen.push('microtask'));
                  process.nextTick(() => seen.push('first'));
                });
                """))
        .isEqualTo(
            "first,promise,microtask,immediate 1,tick,immediate 2,timer 1,after timer 1,timer 1 b,timer 200");
  }

  @Test
  void arguments_this_andCoercion() throws Exception {
    assertThat(
            seen(
                """
                const done = new Promise((resolve) => {
                  const timeout = setTimeout(function (...args) {
                    seen.push(this === timeout, ...args, +timeout === Number(timeout), typeof +timeout);
                    resolve();
                  }, '2', 'a', 'b');
                });
                """))
        .isEqualTo("true,a,b,true,number");
  }

  @Test
  void cleared_neverFire_byObjectOrNumber() throws Exception {
    assertThat(
            seen(
                """
                clearTimeout(setTimeout(() => seen.push('object'), 1));
                clearTimeout(+setTimeout(() => seen.push('number'), 1));
                clearInterval(String(+setInterval(() => seen.push('string'), 1)));
                clearImmediate(setImmediate(() => seen.push('immediate')));
                setTimeout(() => seen.push('close'), 1).close();
                clearTimeout(undefined); clearTimeout({}); clearTimeout(123456); clearImmediate(null);
                const done = new Promise((resolve) => setTimeout(resolve, 30));
                """))
        .isEmpty();
  }

  @Test
  void interval_repeatsUntilCleared_alsoAfterAnException() throws Exception {
    assertThat(
            seen(
                """
                let count = 0;
                const done = new Promise((resolve) => {
                  const interval = setInterval(() => {
                    seen.push(++count);
                    if (count === 2) throw new Error('second');
                    if (count === 4) { clearInterval(interval); setTimeout(resolve, 20); }
                  }, 1);
                });
                """))
        .isEqualTo("1,2,3,4");
    js.awaitLog("Uncaught exception: Error: second");
  }

  @Test
  void refresh_firesAgain_once() throws Exception {
    assertThat(
            seen(
                """
                const done = new Promise((resolve) => {
                  let count = 0;
                  const timeout = setTimeout(() => {
                    seen.push(++count);
                    if (count < 3) timeout.refresh();
                    else repeat();
                  }, 2);
                  const repeat = () => {
                    const interval = setInterval(() => {
                      seen.push('i');
                      interval.refresh();
                      setTimeout(() => { clearInterval(interval); setTimeout(resolve, 80); }, 1);
                    }, 60);
                  };
                });
                """))
        .isEqualTo("1,2,3,i");
  }

  @Test
  void references_areRemembered() throws Exception {
    assertThat(
            js.run(
                """
                const timeout = setTimeout(() => {}, 10_000);
                const immediate = setImmediate(() => {});
                return [timeout.hasRef(), timeout.unref() === timeout, timeout.hasRef(), timeout.ref().hasRef(),
                  immediate.hasRef(), immediate.unref().hasRef()].join();
                """))
        .isEqualTo("true,true,false,true,true,false");
  }

  @Test
  void callbacks_haveToBeFunctions() throws Exception {
    assertThat(js.run("setTimeout('code', 1)"))
        .isEqualTo(
            "1: The \"callback\" argument must be of type function. Received type string ('code')");
    assertThat(js.run("setImmediate()"))
        .isEqualTo("1: The \"callback\" argument must be of type function. Received undefined");
  }

  @Test
  void strangeDelays_areOneMillisecond() throws Exception {
    assertThat(
            seen(
                """
                const done = Promise.all([-5, NaN, 2 ** 40, 'x', undefined, Infinity].map((delay) =>
                  new Promise((resolve) => setTimeout(() => { seen.push(delay); resolve(); }, delay))));
                """))
        .isEqualTo("-5,NaN,1099511627776,x,,Infinity");
  }

  @Test
  void runningTimers_endWithTheRuntime() throws Exception {
    long queue =
        js.loadText(
            "setInterval(() => console.log('beat'), 1); exports.init = () => (req) => req;");
    js.awaitLog("beat");
    js.unload(queue);
    Thread.sleep(50);
    int beats = js.log.size();
    Thread.sleep(100);
    assertThat(js.log).hasSize(beats);
  }
}
