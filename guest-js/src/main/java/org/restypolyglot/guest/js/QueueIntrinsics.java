package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.restypolyglot.guest.js.Intrinsics.argument;
import static org.restypolyglot.guest.js.Intrinsics.function;
import static org.restypolyglot.guest.js.Intrinsics.text;

import com.oracle.truffle.api.TruffleSafepoint;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.BigInt;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.Strings;
import com.oracle.truffle.js.runtime.objects.Null;
import com.oracle.truffle.js.runtime.objects.Undefined;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.TaskQueue;

/**
 * The intrinsics of resty-ffi.js: the runtime's task queue, for a module that polls it itself. They
 * take and give handles as BigInts.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the queue. <b>Failure</b>: as {@link
 * TaskQueue}; a poll ends with its context.
 */
final class QueueIntrinsics {
  private static final int HANDLE_BITS = 64;

  static final Map<String, Intrinsics.Body> FUNCTIONS =
      Map.ofEntries(
          function("queueHandle", (realm, arguments) -> handle(queue(realm, arguments).handle())),
          function("pollTask", QueueIntrinsics::poll),
          function("requestOfTask", QueueIntrinsics::request),
          function("respondToTask", QueueIntrinsics::respond));

  private QueueIntrinsics() {}

  private static TaskQueue queue(JSRealm realm, Object[] arguments) {
    return (TaskQueue) realm.getEnv().asHostObject(argument(arguments, 0));
  }

  private static BigInt handle(long handle) {
    BigInteger signed = BigInteger.valueOf(handle);
    return BigInt.fromBigInteger(
        handle < 0 ? signed.add(BigInteger.ONE.shiftLeft(HANDLE_BITS)) : signed);
  }

  /** {@code (queue)}: the next task; 0n when there will be none any more. */
  private static Object poll(JSRealm realm, Object[] arguments) {
    long[] task = new long[1];
    TruffleSafepoint.setBlockedThreadInterruptible(
        null, polled -> task[0] = polled.poll(), queue(realm, arguments));
    return handle(task[0]);
  }

  /** {@code (queue, task)}: the request as text; null for nil. */
  private static Object request(JSRealm realm, Object[] arguments) {
    byte[] bytes = queue(realm, arguments).request(task(arguments));
    return bytes == null ? Null.instance : text(new String(bytes, UTF_8));
  }

  private static long task(Object[] arguments) {
    return argument(arguments, 1) instanceof BigInt handle ? handle.longValue() : 0;
  }

  /** {@code (queue, task, rc, data)}: whether the answer was taken. */
  private static Object respond(JSRealm realm, Object[] arguments) {
    int rc = argument(arguments, 2) instanceof Number number ? number.intValue() : 0;
    byte[] bytes = bytes(realm, argument(arguments, 3));
    return queue(realm, arguments).respond(task(arguments), rc, bytes);
  }

  private static byte @Nullable [] bytes(JSRealm realm, Object data) {
    if (data == Null.instance || data == Undefined.instance) {
      return null;
    }
    return data instanceof TruffleString text
        ? Strings.toJavaString(text).getBytes(UTF_8)
        : Bytes.of(realm, data).copy();
  }
}
