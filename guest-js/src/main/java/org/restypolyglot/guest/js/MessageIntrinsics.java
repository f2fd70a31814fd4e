package org.restypolyglot.guest.js;

import static org.restypolyglot.guest.js.Intrinsics.argument;
import static org.restypolyglot.guest.js.Intrinsics.function;

import com.oracle.truffle.js.runtime.JSRealm;
import java.util.Map;

/**
 * The intrinsics of messages.js: the structured clone algorithm in two halves, and the end of a
 * Worker.
 *
 * <p><b>Threads</b>: the guest thread. <b>Failure</b>: as {@link CloneWriter}, {@link CloneReader}.
 */
final class MessageIntrinsics {
  /** How the {@code deserializeInfo} of objects begins that only we make. */
  static final String OURS = "ours:";

  static final Map<String, Intrinsics.Body> FUNCTIONS =
      Map.ofEntries(
          function("writeMessage", MessageIntrinsics::write),
          function("readMessage", MessageIntrinsics::read),
          function("exitContext", MessageIntrinsics::exit));

  private MessageIntrinsics() {}

  /** {@code (value, transfer, port, hooks)}: an opaque message. */
  private static Object write(JSRealm realm, Object[] arguments) {
    Message message =
        new CloneWriter(realm, new CloneHooks(argument(arguments, 3)))
            .write(argument(arguments, 0), argument(arguments, 1), argument(arguments, 2));
    return realm.getEnv().asGuestValue(message);
  }

  /** {@code (message, hooks)}: the value. */
  private static Object read(JSRealm realm, Object[] arguments) {
    Message message = (Message) realm.getEnv().asHostObject(argument(arguments, 0));
    return new CloneReader(realm, new CloneHooks(argument(arguments, 1)), message).read();
  }

  /** {@code (code)}: ends the context at once; no code of it runs any more. */
  private static Object exit(JSRealm realm, Object[] arguments) {
    int code = argument(arguments, 0) instanceof Number number ? number.intValue() : 0;
    realm.getEnv().getContext().closeExited(null, code);
    throw new IllegalStateException("the context goes on");
  }
}
