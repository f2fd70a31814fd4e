package org.restypolyglot.guest.js;

import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.exception.AbstractTruffleException;
import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.nodes.ControlFlowException;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.Errors;
import com.oracle.truffle.js.runtime.JSArguments;
import com.oracle.truffle.js.runtime.JSException;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.JSRuntime;
import com.oracle.truffle.js.runtime.JavaScriptRootNode;
import com.oracle.truffle.js.runtime.Strings;
import com.oracle.truffle.js.runtime.builtins.JSFunction;
import com.oracle.truffle.js.runtime.builtins.JSFunctionData;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.Null;
import com.oracle.truffle.js.runtime.objects.Undefined;
import org.jspecify.annotations.Nullable;

/**
 * JavaScript's values as the engine itself has them, for the module loader: it runs inside of the
 * engine, where errors have to pass through as they are.
 *
 * <p><b>Threads</b>: the guest thread, inside the context. <b>Failure</b>: what JavaScript throws
 * is an {@link AbstractTruffleException}.
 */
final class EngineValues {
  private EngineValues() {}

  /** A function of ours that JavaScript can call. */
  @FunctionalInterface
  interface Code {
    Object run(Object[] arguments);
  }

  static TruffleString text(String text) {
    return Strings.fromJavaString(text);
  }

  /** A text's value; null for what is no text. */
  static @Nullable String text(Object value) {
    return value instanceof TruffleString text ? Strings.toJavaString(text) : null;
  }

  static Object orUndefined(@Nullable String value) {
    return value == null ? Undefined.instance : text(value);
  }

  static boolean isNothing(Object value) {
    return value == Undefined.instance || value == Null.instance;
  }

  @TruffleBoundary
  static Object get(Object target, String name) {
    return JSObject.get((JSDynamicObject) target, text(name));
  }

  /** Calls the method of that name. */
  @TruffleBoundary
  static Object call(Object target, String name, Object... arguments) {
    return JSFunction.call(JSArguments.create(target, get(target, name), arguments));
  }

  /** Makes {@code code} a method of an object. */
  static void define(JSRealm realm, Object target, String name, Code code) {
    JavaScriptRootNode root =
        new JavaScriptRootNode() {
          @Override
          public Object execute(VirtualFrame frame) {
            return run(code, JSArguments.extractUserArguments(frame.getArguments()));
          }
        };
    JSFunctionData data =
        JSFunctionData.createCallOnly(realm.getContext(), root.getCallTarget(), 0, text(name));
    JSObject.set((JSDynamicObject) target, text(name), JSFunction.create(realm, data));
  }

  @TruffleBoundary
  private static Object run(Code code, Object[] arguments) {
    try {
      return code.run(arguments);
    } catch (RuntimeException e) {
      throw forGuest(e);
    }
  }

  /** The error of a specifier that means no module. */
  static AbstractTruffleException error(ResolutionException failure) {
    String message = String.valueOf(failure.getMessage());
    JSException error =
        switch (failure.type()) {
          case "TypeError" -> Errors.createTypeError(message);
          case "RangeError" -> Errors.createRangeError(message);
          default -> Errors.createError(message);
        };
    JSDynamicObject object = (JSDynamicObject) error.getErrorObject();
    JSObject.set(object, text("code"), text(failure.code()));
    failure
        .properties()
        .forEach((name, value) -> JSObject.set(object, text(name), text(value.toString())));
    return error;
  }

  /**
   * What to throw for an exception of ours in JavaScript's frames: there, one of Java's would end
   * the generation.
   */
  static RuntimeException forGuest(RuntimeException e) {
    return e instanceof AbstractTruffleException || e instanceof ControlFlowException
        ? e
        : Errors.createError(e.toString());
  }

  static AbstractTruffleException thrown(Object value) {
    return JSRuntime.getException(value);
  }
}
