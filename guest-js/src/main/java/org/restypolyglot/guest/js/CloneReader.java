package org.restypolyglot.guest.js;

import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.BigInt;
import com.oracle.truffle.js.runtime.JSContext;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.JSRuntime;
import com.oracle.truffle.js.runtime.builtins.JSArray;
import com.oracle.truffle.js.runtime.builtins.JSArrayBuffer;
import com.oracle.truffle.js.runtime.builtins.JSArrayBufferObject;
import com.oracle.truffle.js.runtime.builtins.JSBigInt;
import com.oracle.truffle.js.runtime.builtins.JSBoolean;
import com.oracle.truffle.js.runtime.builtins.JSDate;
import com.oracle.truffle.js.runtime.builtins.JSError;
import com.oracle.truffle.js.runtime.builtins.JSErrorObject;
import com.oracle.truffle.js.runtime.builtins.JSMap;
import com.oracle.truffle.js.runtime.builtins.JSMapObject;
import com.oracle.truffle.js.runtime.builtins.JSNumber;
import com.oracle.truffle.js.runtime.builtins.JSOrdinary;
import com.oracle.truffle.js.runtime.builtins.JSSet;
import com.oracle.truffle.js.runtime.builtins.JSSetObject;
import com.oracle.truffle.js.runtime.builtins.JSSharedArrayBuffer;
import com.oracle.truffle.js.runtime.builtins.JSString;
import com.oracle.truffle.js.runtime.objects.JSAttributes;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.JSObjectUtil;
import com.oracle.truffle.js.runtime.objects.Undefined;
import com.oracle.truffle.js.runtime.util.JSHashMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The second half of the structured clone algorithm: from a {@link Message} to a value of a
 * context.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the message. <b>Failure</b>: an error of
 * JavaScript's where an object cannot be made here.
 */
final class CloneReader {
  private static final int FIXED = -1;

  private final JSRealm realm;
  private final JSContext context;
  private final CloneHooks hooks;
  private final Message message;
  private final @Nullable Object[] made;

  /** To be filled when all else is there. */
  private final List<Cloned.Lowered> unfilled = new ArrayList<>(0);

  CloneReader(JSRealm realm, CloneHooks hooks, Message message) {
    this.realm = realm;
    this.context = realm.getContext();
    this.hooks = hooks;
    this.message = message;
    this.made = new Object[message.count()];
  }

  Object read() {
    message.transferred().forEach(this::object);
    Object value = object(message.root());
    for (int i = 0; i < unfilled.size(); i++) { // which may find more of them
      Cloned.Lowered node = unfilled.get(i);
      hooks.fill(object(node), object(node.data), node.info);
    }
    return value;
  }

  private Object object(Object value) {
    if (!(value instanceof Cloned node)) {
      return value;
    }
    Object there = made[node.id()];
    return there == null ? make(node) : there;
  }

  private <T> T keep(Cloned node, T object) {
    made[node.id()] = object;
    return object;
  }

  private Object make(Cloned node) {
    return switch (node) {
      case Cloned.Properties properties when properties.length < 0 -> plain(properties);
      case Cloned.Properties properties -> array(properties);
      case Cloned.Boxed boxed -> keep(node, box(boxed.primitive()));
      case Cloned.Date date -> keep(node, JSDate.create(context, realm, date.millis()));
      case Cloned.RegExp regExp ->
          keep(
              node,
              JSRuntime.construct(
                  realm.getRegExpConstructor(), new Object[] {regExp.source(), regExp.flags()}));
      case Cloned.Buffer buffer -> keep(node, buffer(buffer));
      case Cloned.Shared shared -> keep(node, shared(shared));
      case Cloned.View view -> keep(node, view(view));
      case Cloned.Collection collection -> collection(collection);
      case Cloned.Failure failure -> failure(failure);
      case Cloned.Lowered lowered -> {
        Object made = keep(node, hooks.create(lowered.info));
        if (lowered.isOurs()) { // a port, a handle: others may use it in their fill()
          hooks.fill(made, object(lowered.data), lowered.info);
        } else {
          unfilled.add(lowered);
        }
        yield made;
      }
      case Cloned.OfJava ofJava -> keep(node, realm.getEnv().asGuestValue(ofJava.object()));
    };
  }

  private Object box(Object primitive) {
    return switch (primitive) {
      case Boolean value -> JSBoolean.create(context, realm, value);
      case BigInt value -> JSBigInt.create(context, realm, value);
      case Number value -> JSNumber.create(context, realm, value);
      case TruffleString value -> JSString.create(context, realm, value);
      default -> throw new IllegalArgumentException("no primitive: " + primitive.getClass());
    };
  }

  /**
   * The bytes are the buffer's from now on: of a message that is read in several contexts they are
   * copied.
   */
  private JSArrayBufferObject buffer(Cloned.Buffer node) {
    if (node.maxLength == FIXED) {
      byte[] bytes = message.isForMany() ? node.bytes.clone() : node.bytes;
      return JSArrayBuffer.createArrayBuffer(context, realm, bytes);
    }
    JSArrayBufferObject buffer =
        JSArrayBuffer.createArrayBuffer(
            context,
            realm,
            JSArrayBuffer.HEAP_INSTANCE.getIntrinsicDefaultProto(realm),
            node.bytes.length,
            node.maxLength);
    Bytes.of(realm, buffer).write(0, node.bytes, node.bytes.length);
    return buffer;
  }

  private JSArrayBufferObject shared(Cloned.Shared node) {
    JSArrayBufferObject buffer =
        JSSharedArrayBuffer.createSharedArrayBuffer(
            context, realm, node.memory(), node.length(), node.maxLength());
    JSSharedArrayBuffer.setWaiterList(buffer, node.waiters());
    return buffer;
  }

  private Object view(Cloned.View node) {
    Object type =
        node.type() == null
            ? realm.getDataViewConstructor()
            : realm.getArrayBufferViewConstructor(node.type());
    Object length = node.length() == FIXED ? Undefined.instance : node.length();
    return JSRuntime.construct(type, new Object[] {object(node.buffer()), node.offset(), length});
  }

  private Object collection(Cloned.Collection node) {
    Object[] entries = node.entries();
    if (!node.isMap()) {
      JSSetObject set = keep(node, JSSet.create(context, realm));
      JSHashMap values = JSSet.getInternalSet(set);
      for (Object entry : entries) {
        Object value = JSSet.normalize(object(entry));
        values.put(value, value);
      }
      return set;
    }
    JSMapObject map = keep(node, JSMap.create(context, realm));
    JSHashMap values = JSMap.getInternalMap(map);
    for (int i = 0; i < entries.length; i += 2) {
      Object key = JSSet.normalize(object(entries[i]));
      values.put(key, object(entries[i + 1]));
    }
    return map;
  }

  private Object failure(Cloned.Failure node) {
    JSErrorObject error = keep(node, JSError.createErrorObject(context, realm, node.type));
    put(error, "stack", node.stack);
    put(error, "message", node.message);
    put(error, "cause", node.cause);
    return error;
  }

  private void put(JSErrorObject error, String key, @Nullable Object value) {
    if (value != null) {
      JSObjectUtil.putDataProperty(
          error, EngineValues.text(key), object(value), JSAttributes.getDefaultNotEnumerable());
    }
  }

  private JSObject plain(Cloned.Properties node) {
    JSObject object = keep(node, JSOrdinary.create(context, realm));
    fill(object, node);
    return object;
  }

  private void fill(JSDynamicObject object, Cloned.Properties node) {
    for (int i = 0; i < node.keys.length; i++) {
      JSObjectUtil.putDataProperty(
          object, node.keys[i], object(node.values[i]), JSAttributes.getDefault());
    }
  }

  private Object array(Cloned.Properties node) {
    Object[] elements = node.elements;
    boolean dense = node.indexes == null && elements.length == node.length;
    JSDynamicObject array =
        keep(
            node,
            dense && isFlat(elements)
                ? JSArray.createZeroBasedObjectArray(context, realm, elements.clone())
                : JSArray.createEmptyChecked(context, realm, node.length));
    if (!dense || !isFlat(elements)) {
      for (int i = 0; i < elements.length; i++) {
        JSObject.set(array, node.indexes == null ? i : node.indexes[i], object(elements[i]));
      }
    }
    fill(array, node);
    return array;
  }

  /** Whether nothing in it has to be made. */
  private static boolean isFlat(Object[] elements) {
    for (Object element : elements) {
      if (element instanceof Cloned) {
        return false;
      }
    }
    return elements.length > 0;
  }
}
