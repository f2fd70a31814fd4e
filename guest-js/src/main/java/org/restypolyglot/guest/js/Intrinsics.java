package org.restypolyglot.guest.js;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.lang.JavaScriptLanguage;
import com.oracle.truffle.js.runtime.JSAgent;
import com.oracle.truffle.js.runtime.JSArguments;
import com.oracle.truffle.js.runtime.JSContext;
import com.oracle.truffle.js.runtime.JSException;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.JavaScriptRootNode;
import com.oracle.truffle.js.runtime.builtins.JSFunction;
import com.oracle.truffle.js.runtime.builtins.JSFunctionData;
import com.oracle.truffle.js.runtime.builtins.JSFunctionObject;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.Undefined;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;

/**
 * Functions that JavaScript cannot write for itself, as they look into the engine's own objects:
 * what Node has as {@code internalBinding(...)} on V8.
 *
 * <p>They get and give raw values of the engine, which polyglot's {@code Value} would hide. The
 * object that gives them is a global for the moment between {@link #install} and {@code
 * bootstrap.js}, which takes it away before any user's code runs.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: nothing. <b>Failure</b>: what the functions
 * throw is an error in JavaScript.
 */
final class Intrinsics {
  /** The name of the global; a user never sees it. */
  static final String GLOBAL = "resty-polyglot intrinsics";

  /** The body of a function, which gets the arguments as the engine passes them. */
  @FunctionalInterface
  interface Body {
    Object run(JSRealm realm, Object[] arguments);
  }

  private Intrinsics() {}

  /** What the functions are made of, for all contexts that share code. */
  private static final Map<JSContext, Map<String, JSFunctionData>> MADE =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Leaves a function in the global scope that gives each intrinsic by its name; gives the context
   * its agent.
   */
  static void install(Context context, JSAgent agent) {
    context.initialize(JsLanguage.ID);
    context.enter();
    try {
      JSRealm realm = JSRealm.get(null);
      realm.setAgent(agent);
      Body byName = (own, arguments) -> make(own, argument(arguments, 0).toString());
      JSObject.set(realm.getGlobalObject(), text(GLOBAL), make(realm, GLOBAL, byName));
    } finally {
      context.leave();
    }
  }

  private static Object make(JSRealm realm, String name) {
    Body body =
        Stream.of(
                EngineIntrinsics.FUNCTIONS,
                ByteIntrinsics.FUNCTIONS,
                MessageIntrinsics.FUNCTIONS,
                QueueIntrinsics.FUNCTIONS)
            .map(functions -> functions.get(name))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return body == null ? Undefined.instance : make(realm, name, body);
  }

  private static JSFunctionObject make(JSRealm realm, String name, Body body) {
    JSContext shared = realm.getContext();
    JSFunctionData data =
        MADE.computeIfAbsent(shared, key -> new ConcurrentHashMap<>())
            .computeIfAbsent(
                name,
                key ->
                    JSFunctionData.createCallOnly(
                        shared,
                        new Root(shared.getLanguage(), body).getCallTarget(),
                        0,
                        text(key)));
    return JSFunction.create(realm, data);
  }

  static TruffleString text(String text) {
    return TruffleString.fromJavaStringUncached(text, TruffleString.Encoding.UTF_16);
  }

  /** The argument, undefined where there is none. */
  static Object argument(Object[] arguments, int index) {
    return index < JSArguments.getUserArgumentCount(arguments)
        ? JSArguments.getUserArgument(arguments, index)
        : Undefined.instance;
  }

  /** {@code this}. */
  static Object receiver(Object[] arguments) {
    return JSArguments.getThisObject(arguments);
  }

  static Map.Entry<String, Body> function(String name, Body body) {
    return Map.entry(name, body);
  }

  /** The error with Node's code. */
  static JSException coded(JSException error, String code) {
    if (error.getErrorObject() instanceof JSDynamicObject object) {
      JSObject.set(object, text("code"), text(code));
    }
    return error;
  }

  private static final class Root extends JavaScriptRootNode {
    private final Body body;

    Root(JavaScriptLanguage language, Body body) {
      super(language);
      this.body = body;
    }

    @Override
    public Object execute(VirtualFrame frame) {
      return call(getRealm(), body, frame.getArguments());
    }

    @TruffleBoundary
    private static Object call(JSRealm realm, Body body, Object[] arguments) {
      try {
        return body.run(realm, arguments);
      } catch (RuntimeException e) {
        throw EngineValues.forGuest(e);
      }
    }
  }
}
