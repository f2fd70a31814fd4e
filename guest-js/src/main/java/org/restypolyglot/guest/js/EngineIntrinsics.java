package org.restypolyglot.guest.js;

import static org.restypolyglot.guest.js.Intrinsics.argument;
import static org.restypolyglot.guest.js.Intrinsics.function;
import static org.restypolyglot.guest.js.Intrinsics.text;

import com.oracle.truffle.api.RootCallTarget;
import com.oracle.truffle.api.source.SourceSection;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.JSRuntime;
import com.oracle.truffle.js.runtime.PromiseRejectionTracker;
import com.oracle.truffle.js.runtime.Symbol;
import com.oracle.truffle.js.runtime.builtins.JSArgumentsObject;
import com.oracle.truffle.js.runtime.builtins.JSArray;
import com.oracle.truffle.js.runtime.builtins.JSArrayBase;
import com.oracle.truffle.js.runtime.builtins.JSArrayBuffer;
import com.oracle.truffle.js.runtime.builtins.JSArrayBufferObject;
import com.oracle.truffle.js.runtime.builtins.JSCollectionIteratorObject;
import com.oracle.truffle.js.runtime.builtins.JSFunctionObject;
import com.oracle.truffle.js.runtime.builtins.JSMapIteratorObject;
import com.oracle.truffle.js.runtime.builtins.JSNonProxy;
import com.oracle.truffle.js.runtime.builtins.JSPromise;
import com.oracle.truffle.js.runtime.builtins.JSPromiseObject;
import com.oracle.truffle.js.runtime.builtins.JSProxyObject;
import com.oracle.truffle.js.runtime.builtins.JSSetIteratorObject;
import com.oracle.truffle.js.runtime.builtins.JSTypedArrayObject;
import com.oracle.truffle.js.runtime.builtins.JSWeakMapObject;
import com.oracle.truffle.js.runtime.builtins.JSWeakSetObject;
import com.oracle.truffle.js.runtime.objects.AsyncContext;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.Null;
import com.oracle.truffle.js.runtime.objects.Undefined;
import com.oracle.truffle.js.runtime.util.JSHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The intrinsics about values, promises and the queue of microtasks.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: nothing. <b>Failure</b>: none of its own.
 */
final class EngineIntrinsics {
  /** Where AsyncLocalStorage's frame is kept in what the engine carries from promise to promise. */
  private static final Symbol FRAME = Symbol.create(text("resty-polyglot.frame"));

  private static final int KIND_VALUES = JSRuntime.ITERATION_KIND_VALUE;
  private static final int KIND_ENTRIES = JSRuntime.ITERATION_KIND_KEY_PLUS_VALUE;

  static final Map<String, Intrinsics.Body> FUNCTIONS =
      Map.ofEntries(
          function("kindOf", (realm, arguments) -> kindOf(argument(arguments, 0))),
          function("promiseDetails", EngineIntrinsics::promiseDetails),
          function("namedKeys", EngineIntrinsics::namedKeys),
          function("proxyDetails", EngineIntrinsics::proxyDetails),
          function("preview", EngineIntrinsics::preview),
          function("beforeImport", EsmHost::beforeImport),
          function("connectModules", EsmHost::connect),
          function("isHidden", (realm, arguments) -> isHidden(argument(arguments, 0))),
          function("privateSymbol", EngineIntrinsics::privateSymbol),
          function("detach", EngineIntrinsics::detach),
          function("getFrame", EngineIntrinsics::frame),
          function("setFrame", EngineIntrinsics::setFrame),
          function("enqueueMicrotask", EngineIntrinsics::enqueueMicrotask),
          function("runMicrotasks", EngineIntrinsics::runMicrotasks),
          function("trackRejections", EngineIntrinsics::trackRejections));

  private EngineIntrinsics() {}

  /** The class of the engine's that a value is of, in the words of {@code util.types}. */
  private static Object kindOf(Object value) {
    if (value instanceof JSFunctionObject function) {
      var data = function.getFunctionData();
      if (data.isAsync()) {
        return data.isGenerator() ? ASYNC_GENERATOR : ASYNC_FUNCTION;
      }
      return data.isGenerator() ? GENERATOR : Undefined.instance;
    }
    if (value instanceof JSArrayBufferObject buffer) {
      return buffer instanceof JSArrayBufferObject.Shared ? SHARED_BUFFER : BUFFER;
    }
    if (value instanceof JSArgumentsObject) {
      return ARGUMENTS;
    }
    return value instanceof JSDynamicObject ? KINDS.get(value.getClass()) : Undefined.instance;
  }

  private static final TruffleString ASYNC_GENERATOR = text("AsyncGeneratorFunction");
  private static final TruffleString ASYNC_FUNCTION = text("AsyncFunction");
  private static final TruffleString ARGUMENTS = text("Arguments");
  private static final TruffleString GENERATOR = text("GeneratorFunction");
  private static final TruffleString SHARED_BUFFER = text("SharedArrayBuffer");
  private static final TruffleString BUFFER = text("ArrayBuffer");

  /** "Promise" for JSPromiseObject, and so on; undefined for plain objects. */
  private static final ClassValue<Object> KINDS =
      new ClassValue<>() {
        @Override
        protected Object computeValue(Class<?> type) {
          String name = type.getSimpleName();
          String kind = name.replaceFirst("^JS(.*)Object$", "$1");
          return kind.equals(name) || kind.isEmpty() ? Undefined.instance : text(kind);
        }
      };

  /** {@code [state, result]}; undefined for what is no promise. */
  private static Object promiseDetails(JSRealm realm, Object[] arguments) {
    return argument(arguments, 0) instanceof JSPromiseObject promise
        ? array(realm, JSPromise.getPromiseState(promise), JSPromise.getPromiseResult(promise))
        : Undefined.instance;
  }

  /** {@code [target, handler]}, nulls for a revoked one; undefined for what is no proxy. */
  private static Object proxyDetails(JSRealm realm, Object[] arguments) {
    if (!(argument(arguments, 0) instanceof JSProxyObject proxy)) {
      return Undefined.instance;
    }
    Object target = proxy.getProxyTarget();
    boolean revoked = target instanceof JSProxyObject.RevokedTarget;
    return array(realm, revoked ? Null.instance : target, proxy.getProxyHandler());
  }

  /**
   * The keys of an array or typed array without its elements, which can be many; undefined for
   * others.
   */
  private static Object namedKeys(JSRealm realm, Object[] arguments) {
    return switch (argument(arguments, 0)) {
      case JSArrayBase array -> keys(realm, array);
      case JSTypedArrayObject array -> keys(realm, array);
      default -> Undefined.instance;
    };
  }

  private static Object keys(JSRealm realm, JSDynamicObject object) {
    return array(realm, JSNonProxy.ordinaryOwnPropertyKeys(object).toArray());
  }

  /**
   * {@code [entries, whether they are pairs]} of an iterator or weak collection, which stays where
   * it is.
   */
  private static Object preview(JSRealm realm, Object[] arguments) {
    List<Object> entries = new ArrayList<>();
    boolean pairs = false;
    switch (argument(arguments, 0)) {
      case JSMapIteratorObject iterator -> pairs = rest(iterator, entries, false);
      case JSSetIteratorObject iterator -> pairs = rest(iterator, entries, true);
      case JSWeakMapObject map -> pairs = true; // its entries hang on the keys, and are not listed
      case JSWeakSetObject set -> entries.addAll(set.getWeakHashMap().keySet());
      default -> {
        return Undefined.instance;
      }
    }
    return array(realm, array(realm, entries.toArray()), pairs);
  }

  private static boolean rest(
      JSCollectionIteratorObject iterator, List<Object> entries, boolean isSet) {
    int kind = iterator.getIterationKind();
    if (iterator.getIteratedObject() == Undefined.instance) {
      return kind == KIND_ENTRIES;
    }
    JSHashMap.Cursor cursor = iterator.getNextIndex().copy();
    while (cursor.advance()) {
      Object key = cursor.getKey();
      Object value = isSet ? key : cursor.getValue();
      if (kind == KIND_ENTRIES) {
        entries.add(key);
        entries.add(value);
      } else {
        entries.add(kind == KIND_VALUES ? value : key);
      }
    }
    return kind == KIND_ENTRIES;
  }

  /** Whether stack traces leave out a value, as they do with the functions of our own scripts. */
  private static boolean isHidden(Object value) {
    if (!(value instanceof JSFunctionObject function)) {
      return false;
    }
    SourceSection place =
        function.getFunctionData().getCallTarget() instanceof RootCallTarget target
            ? target.getRootNode().getSourceSection()
            : null;
    return place != null && place.getSource().isInternal();
  }

  /** A key that no reflection shows, as that of a private field. */
  private static Object privateSymbol(JSRealm realm, Object[] arguments) {
    return Symbol.createPrivate((TruffleString) argument(arguments, 0));
  }

  /** Empties an ArrayBuffer that was transferred. */
  private static Object detach(JSRealm realm, Object[] arguments) {
    if (argument(arguments, 0) instanceof JSArrayBufferObject buffer) {
      JSArrayBuffer.detachArrayBuffer(buffer);
    }
    return Undefined.instance;
  }

  private static Object frame(JSRealm realm, Object[] arguments) {
    return realm.getAgent().getAsyncContextMapping().getOrDefault(FRAME, Undefined.instance);
  }

  private static Object setFrame(JSRealm realm, Object[] arguments) {
    AsyncContext empty = AsyncContext.empty();
    Object frame = argument(arguments, 0);
    realm
        .getAgent()
        .asyncContextSwap(frame == Undefined.instance ? empty : empty.withMapping(FRAME, frame));
    return Undefined.instance;
  }

  private static Object enqueueMicrotask(JSRealm realm, Object[] arguments) {
    realm.getContext().enqueuePromiseJob(realm, (JSFunctionObject) argument(arguments, 0));
    return Undefined.instance;
  }

  /** Runs all microtasks that wait, also from inside of one. */
  private static Object runMicrotasks(JSRealm realm, Object[] arguments) {
    realm.getAgent().processAllPromises(false);
    return Undefined.instance;
  }

  /**
   * Calls {@code rejected(promise, reason)} for a promise that is rejected while nobody handles it,
   * {@code handled(promise)} when somebody does later, {@code processed()} whenever the queue of
   * microtasks is empty, and {@code again(type, promise, value)} when a promise is settled once
   * more.
   */
  private static Object trackRejections(JSRealm realm, Object[] arguments) {
    Object rejected = argument(arguments, 0);
    Object handled = argument(arguments, 1);
    Object processed = argument(arguments, 2);
    Object again = argument(arguments, 3);
    realm
        .getContext()
        .setPromiseRejectionTracker(
            realm.getAgent(),
            new PromiseRejectionTracker() {
              @Override
              public void promiseRejected(JSDynamicObject promise, Object reason) {
                // Else the engine may leave out "processed" where no reaction waits.
                realm
                    .getContext()
                    .getLanguage()
                    .getPromiseJobsQueueEmptyAssumption()
                    .invalidate("a rejection is to be told");
                call(rejected, promise, reason);
              }

              @Override
              public void promiseRejectionHandled(JSDynamicObject promise) {
                call(handled, promise);
              }

              @Override
              public void promiseRejectedAfterResolved(JSDynamicObject promise, Object value) {
                call(again, text("reject"), promise, value);
              }

              @Override
              public void promiseResolvedAfterResolved(JSDynamicObject promise, Object value) {
                call(again, text("resolve"), promise, value);
              }

              @Override
              public void promiseReactionJobsProcessed() {
                call(processed);
              }

              private void call(Object function, Object... values) {
                JSRuntime.call(function, Undefined.instance, values);
              }
            });
    return Undefined.instance;
  }

  private static Object array(JSRealm realm, Object... elements) {
    return JSArray.createConstant(realm.getContext(), realm, elements);
  }
}
