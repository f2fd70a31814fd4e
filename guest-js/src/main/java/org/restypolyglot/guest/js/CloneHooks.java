package org.restypolyglot.guest.js;

import com.oracle.truffle.js.runtime.JSRuntime;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.Undefined;

/**
 * What the structured clone algorithm asks of JavaScript (messages.js).
 *
 * <p><b>Threads</b>: the guest thread. <b>Failure</b>: what the functions throw.
 */
final class CloneHooks {
  static final int TRANSFERABLE = 1;
  static final int CLONEABLE = 2;

  private final JSDynamicObject hooks;
  private final Object mode;

  CloneHooks(Object hooks) {
    this.hooks = (JSDynamicObject) hooks;
    this.mode = EngineValues.get(hooks, "mode");
  }

  /**
   * How an object of ours or the library's travels: a sum of the constants above; -1: it is neither
   * ours nor the library's.
   */
  int mode(JSDynamicObject value) {
    return JSObject.hasOwnProperty(value, mode)
            && JSObject.get(value, mode) instanceof Number number
        ? number.intValue()
        : -1;
  }

  /** Throws: the value cannot be cloned. */
  RuntimeException cannotClone(Object value) {
    call("cannotClone", value);
    throw new IllegalStateException("cannotClone returned");
  }

  /** Throws an error by its name in messages.js. */
  RuntimeException fail(String name) {
    return fail(name, Undefined.instance);
  }

  RuntimeException fail(String name, Object value) {
    call("fail", EngineValues.text(name), value);
    throw new IllegalStateException("fail returned");
  }

  /** {@code {data, deserializeInfo}} of an object that travels. */
  Object lower(JSDynamicObject value, boolean transferred) {
    return call("lower", value, transferred);
  }

  /** The array of what moves along with an object; undefined: nothing. */
  Object nested(JSDynamicObject value) {
    return call("nested", value);
  }

  /** What is cloned in place of a Proxy; undefined: it cannot be. */
  Object substitute(JSDynamicObject proxy) {
    return call("substitute", proxy);
  }

  /** Whether the user has said that the object must not move. */
  boolean isUntransferable(JSDynamicObject value) {
    return call("isUntransferable", value) == Boolean.TRUE;
  }

  /** An object to {@link #fill} later. */
  Object create(Object info) {
    return call("create", info);
  }

  void fill(Object object, Object data, Object info) {
    call("fill", object, data, info);
  }

  private Object call(String name, Object... arguments) {
    return JSRuntime.call(EngineValues.get(hooks, name), Undefined.instance, arguments);
  }
}
