package org.restypolyglot.guest.js;

import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.JSErrorType;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.JSRuntime;
import com.oracle.truffle.js.runtime.Symbol;
import com.oracle.truffle.js.runtime.array.ScriptArray;
import com.oracle.truffle.js.runtime.builtins.JSArgumentsObject;
import com.oracle.truffle.js.runtime.builtins.JSArray;
import com.oracle.truffle.js.runtime.builtins.JSArrayBuffer;
import com.oracle.truffle.js.runtime.builtins.JSArrayBufferObject;
import com.oracle.truffle.js.runtime.builtins.JSArrayBufferView;
import com.oracle.truffle.js.runtime.builtins.JSArrayObject;
import com.oracle.truffle.js.runtime.builtins.JSBigInt;
import com.oracle.truffle.js.runtime.builtins.JSBigIntObject;
import com.oracle.truffle.js.runtime.builtins.JSBoolean;
import com.oracle.truffle.js.runtime.builtins.JSBooleanObject;
import com.oracle.truffle.js.runtime.builtins.JSDataView;
import com.oracle.truffle.js.runtime.builtins.JSDataViewObject;
import com.oracle.truffle.js.runtime.builtins.JSDateObject;
import com.oracle.truffle.js.runtime.builtins.JSErrorObject;
import com.oracle.truffle.js.runtime.builtins.JSMap;
import com.oracle.truffle.js.runtime.builtins.JSMapObject;
import com.oracle.truffle.js.runtime.builtins.JSNonProxy;
import com.oracle.truffle.js.runtime.builtins.JSNumber;
import com.oracle.truffle.js.runtime.builtins.JSNumberObject;
import com.oracle.truffle.js.runtime.builtins.JSOrdinary;
import com.oracle.truffle.js.runtime.builtins.JSProxyObject;
import com.oracle.truffle.js.runtime.builtins.JSRegExpObject;
import com.oracle.truffle.js.runtime.builtins.JSSet;
import com.oracle.truffle.js.runtime.builtins.JSSetObject;
import com.oracle.truffle.js.runtime.builtins.JSString;
import com.oracle.truffle.js.runtime.builtins.JSStringObject;
import com.oracle.truffle.js.runtime.builtins.JSTypedArrayObject;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.Null;
import com.oracle.truffle.js.runtime.objects.PropertyDescriptor;
import com.oracle.truffle.js.runtime.objects.Undefined;
import com.oracle.truffle.js.runtime.util.JSHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first half of the structured clone algorithm: from a value of a context to a {@link Message}.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the value. <b>Failure</b>: what cannot be
 * cloned throws what {@link CloneHooks} says, and nothing has moved yet; so does what a getter
 * throws.
 */
final class CloneWriter {
  private static final TruffleString NAME = EngineValues.text("name");
  private static final TruffleString MESSAGE = EngineValues.text("message");
  private static final TruffleString STACK = EngineValues.text("stack");
  private static final TruffleString CAUSE = EngineValues.text("cause");
  private static final int FIXED = -1;

  private final JSRealm realm;
  private final CloneHooks hooks;
  private final Message message = new Message();
  private final IdentityHashMap<JSDynamicObject, Cloned> seen = new IdentityHashMap<>();

  /** Objects that say themselves what they are made of, in the order in which they were found. */
  private final List<JSDynamicObject> lowered = new ArrayList<>();

  /** ArrayBuffers that move. */
  private final List<JSArrayBufferObject> buffers = new ArrayList<>();

  CloneWriter(JSRealm realm, CloneHooks hooks) {
    this.realm = realm;
    this.hooks = hooks;
  }

  /**
   * @param transfer an array of what moves, or undefined
   * @param port the port that sends, which cannot move itself, or undefined
   */
  Message write(Object value, Object transfer, Object port) {
    if (transfer instanceof JSArrayObject list) {
      takeAll(list, port);
    }
    int moving = lowered.size();
    message.setRoot(clone(value));
    for (JSArrayBufferObject buffer : buffers) {
      take(buffer);
    }
    for (int i = 0; i < lowered.size(); i++) { // which may find more of them
      lower(lowered.get(i), i < moving);
    }
    return message;
  }

  private void takeAll(JSArrayObject list, Object port) {
    long length = JSArray.INSTANCE.getLength(list);
    for (long i = 0; i < length; i++) {
      if (!(JSObject.get(list, i) instanceof JSDynamicObject entry)) {
        throw hooks.fail("invalidTransfer");
      }
      takeEntry(entry, port);
    }
    for (int i = 0; i < lowered.size(); i++) {
      if (hooks.nested(lowered.get(i)) instanceof JSArrayObject more) {
        long count = JSArray.INSTANCE.getLength(more);
        for (long j = 0; j < count; j++) {
          if (JSObject.get(more, j) instanceof JSDynamicObject entry
              && hooks.mode(entry) >= 0
              && !seen.containsKey(entry)) {
            remember(entry);
          }
        }
      }
    }
  }

  private void takeEntry(JSDynamicObject entry, Object port) {
    if (hooks.isUntransferable(entry)) {
      throw hooks.fail("untransferable", entry);
    }
    if (entry instanceof JSArrayBufferObject buffer
        && !(buffer instanceof JSArrayBufferObject.Shared)) {
      if (buffers.contains(buffer)) {
        throw hooks.fail("duplicateBuffer");
      }
      if (buffer.isDetached()) {
        throw hooks.fail("untransferable", entry);
      }
      buffers.add(buffer);
      return;
    }
    int mode = hooks.mode(entry);
    if (entry == port) {
      throw hooks.fail("sourcePort");
    }
    if (mode < 0) {
      throw hooks.fail("invalidTransfer");
    }
    if (seen.containsKey(entry)) {
      throw hooks.fail("duplicate", entry);
    }
    if ((mode & CloneHooks.TRANSFERABLE) == 0) {
      throw hooks.fail("notTransferable", entry);
    }
    message.transferred().add(remember(entry));
  }

  private Cloned.Lowered remember(JSDynamicObject value) {
    Cloned.Lowered node = new Cloned.Lowered(message.nextId());
    seen.put(value, node);
    lowered.add(value);
    return node;
  }

  /** Moves the bytes of a buffer into the message, if the value refers to it. */
  private void take(JSArrayBufferObject buffer) {
    if (seen.get(buffer) instanceof Cloned.Buffer node) {
      int length = buffer.getByteLength();
      node.bytes =
          buffer instanceof JSArrayBufferObject.Heap heap && heap.getByteArray().length == length
              ? heap.getByteArray()
              : Bytes.of(realm, buffer).copy();
    }
    JSArrayBuffer.detachArrayBuffer(buffer);
  }

  private void lower(JSDynamicObject value, boolean transferred) {
    Object parts = hooks.lower(value, transferred);
    if (seen.get(value) instanceof Cloned.Lowered node) {
      node.info = EngineValues.get(parts, "deserializeInfo");
      Object data = EngineValues.get(parts, "data");
      node.data = node.isOurs() ? ofJava(data) : clone(data);
    }
  }

  /** Of data that only we make: an object of Java's goes as it is. */
  private Object ofJava(Object data) {
    if (realm.getEnv().isHostObject(data)) {
      Object object = realm.getEnv().asHostObject(data);
      if (object instanceof PortEnd port) {
        message.ports().add(port);
      } else if (object instanceof OpenFile file) {
        message.files().add(file);
      }
      return new Cloned.OfJava(message.nextId(), object);
    }
    return clone(data);
  }

  private Object clone(Object value) {
    if (value instanceof JSDynamicObject object
        && value != Undefined.instance
        && value != Null.instance) {
      Cloned known = seen.get(object);
      return known == null ? cloneObject(object) : known;
    }
    if (value instanceof Symbol || !JSRuntime.isJSPrimitive(value)) {
      throw hooks.cannotClone(value);
    }
    return value;
  }

  private <T extends Cloned> T remember(JSDynamicObject value, T node) {
    seen.put(value, node);
    return node;
  }

  private Cloned cloneObject(JSDynamicObject value) {
    int mode = hooks.mode(value);
    if (mode >= 0) {
      if ((mode & CloneHooks.CLONEABLE) == 0) {
        throw mode == 0 ? hooks.cannotClone(value) : hooks.fail("missingTransfer");
      }
      return remember(value);
    }
    return switch (value) {
      case JSArrayObject array -> cloneArray(array);
      case JSBooleanObject box -> boxed(box, JSBoolean.valueOf(box));
      case JSNumberObject box -> boxed(box, JSNumber.valueOf(box));
      case JSStringObject box -> boxed(box, JSString.getString(box));
      case JSBigIntObject box -> boxed(box, JSBigInt.valueOf(box));
      case JSDateObject date ->
          remember(date, new Cloned.Date(message.nextId(), date.getTimeMillis()));
      case JSRegExpObject regExp ->
          remember(
              regExp,
              new Cloned.RegExp(
                  message.nextId(),
                  EngineValues.get(regExp, "source"),
                  EngineValues.get(regExp, "flags")));
      case JSArrayBufferObject.Shared shared -> share(shared);
      case JSArrayBufferObject buffer -> cloneBuffer(buffer);
      case JSTypedArrayObject view -> cloneView(view);
      case JSDataViewObject view -> cloneView(view);
      case JSMapObject map -> cloneEntries(map, true, JSMap.getInternalMap(map));
      case JSSetObject set -> cloneEntries(set, false, JSSet.getInternalSet(set));
      case JSErrorObject error -> cloneError(error);
      case JSProxyObject proxy -> cloneProxy(proxy);
      case JSArgumentsObject arguments -> cloneProperties(arguments);
      default -> {
        if (!JSOrdinary.isJSOrdinaryObject(value)) {
          throw hooks.cannotClone(value);
        }
        yield cloneProperties(value);
      }
    };
  }

  private Cloned boxed(JSDynamicObject value, Object primitive) {
    return remember(value, new Cloned.Boxed(message.nextId(), primitive));
  }

  private Cloned share(JSArrayBufferObject.Shared buffer) {
    return remember(
        buffer,
        new Cloned.Shared(
            message.nextId(),
            JSArrayBufferObject.getDirectByteBuffer(buffer),
            buffer.getByteLengthObject(),
            buffer.isFixedLength() ? FIXED : buffer.getMaxByteLength(),
            buffer.getWaiterList()));
  }

  private Cloned cloneBuffer(JSArrayBufferObject buffer) {
    if (buffer.isDetached()) {
      throw hooks.fail("detachedBuffer");
    }
    Cloned.Buffer node =
        remember(
            buffer,
            new Cloned.Buffer(
                message.nextId(), buffer.isFixedLength() ? FIXED : buffer.getMaxByteLength()));
    if (!buffers.contains(buffer)) {
      node.bytes = Bytes.of(realm, buffer).copy();
    }
    return node;
  }

  private Cloned cloneView(JSTypedArrayObject view) {
    if (JSArrayBufferView.isOutOfBounds(view, realm.getContext())) {
      throw hooks.cannotClone(view);
    }
    return remember(
        view,
        new Cloned.View(
            message.nextId(),
            (Cloned) clone(view.getArrayBuffer()),
            view.getArrayType().getFactory(),
            view.getByteOffset(),
            view.hasAutoLength() ? FIXED : view.getLengthFixed()));
  }

  private Cloned cloneView(JSDataViewObject view) {
    if (JSDataView.isOutOfBounds(view, realm.getContext())) {
      throw hooks.cannotClone(view);
    }
    return remember(
        view,
        new Cloned.View(
            message.nextId(),
            (Cloned) clone(view.getArrayBuffer()),
            null,
            view.getByteOffset(),
            view.hasAutoLength() ? FIXED : view.getByteLengthFixed()));
  }

  /** All entries first, as a getter may change the collection. */
  private Cloned cloneEntries(JSDynamicObject collection, boolean isMap, JSHashMap map) {
    Object[] entries = new Object[isMap ? map.size() * 2 : map.size()];
    int at = 0;
    for (JSHashMap.Cursor cursor = map.getEntries(); cursor.advance(); ) {
      entries[at++] = cursor.getKey();
      if (isMap) {
        entries[at++] = cursor.getValue();
      }
    }
    Cloned node = remember(collection, new Cloned.Collection(message.nextId(), isMap, entries));
    for (int i = 0; i < at; i++) {
      entries[i] = clone(entries[i]);
    }
    return node;
  }

  private Cloned cloneError(JSErrorObject error) {
    Cloned.Failure node =
        remember(error, new Cloned.Failure(message.nextId(), typeOf(JSObject.get(error, NAME))));
    node.message = ownText(error, MESSAGE);
    node.stack = ownText(error, STACK);
    if (JSObject.hasOwnProperty(error, CAUSE)) {
      node.cause = clone(JSObject.get(error, CAUSE));
    }
    return node;
  }

  private static JSErrorType typeOf(Object name) {
    return switch (String.valueOf(EngineValues.text(name))) {
      case "EvalError" -> JSErrorType.EvalError;
      case "RangeError" -> JSErrorType.RangeError;
      case "ReferenceError" -> JSErrorType.ReferenceError;
      case "SyntaxError" -> JSErrorType.SyntaxError;
      case "TypeError" -> JSErrorType.TypeError;
      case "URIError" -> JSErrorType.URIError;
      default -> JSErrorType.Error;
    };
  }

  private static @Nullable Object ownText(JSDynamicObject error, TruffleString key) {
    return JSObject.hasOwnProperty(error, key)
        ? JSRuntime.toString(JSObject.get(error, key))
        : null;
  }

  private Cloned cloneProxy(JSProxyObject proxy) {
    if (!(hooks.substitute(proxy) instanceof JSDynamicObject instead)
        || instead == Undefined.instance) {
      throw hooks.cannotClone(proxy);
    }
    return remember(proxy, cloneProperties(instead));
  }

  private Cloned cloneProperties(JSDynamicObject value) {
    Cloned.Properties node = remember(value, new Cloned.Properties(message.nextId(), FIXED));
    fill(node, value, JSObject.enumerableOwnNames(value));
    return node;
  }

  private void fill(Cloned.Properties node, JSDynamicObject value, List<TruffleString> keys) {
    TruffleString[] names = new TruffleString[keys.size()];
    Object[] values = new Object[names.length];
    int count = 0;
    for (TruffleString key : keys) {
      Object item = JSObject.get(value, key);
      if (item != Undefined.instance || JSObject.hasOwnProperty(value, key)) {
        names[count] = key;
        values[count++] = clone(item);
      }
    }
    node.keys = count == names.length ? names : Arrays.copyOf(names, count);
    node.values = values;
  }

  private Cloned cloneArray(JSArrayObject array) {
    long length = JSArray.INSTANCE.getLength(array);
    Cloned.Properties node = remember(array, new Cloned.Properties(message.nextId(), length));
    cloneElements(node, array);
    List<TruffleString> named = new ArrayList<>(0);
    for (Object key : JSNonProxy.ordinaryOwnPropertyKeys(array)) {
      if (key instanceof TruffleString name) {
        PropertyDescriptor property = JSObject.getOwnProperty(array, name);
        if (property != null && property.getEnumerable()) {
          named.add(name);
        }
      }
    }
    if (!named.isEmpty()) {
      fill(node, array, named);
    }
    return node;
  }

  private void cloneElements(Cloned.Properties node, JSArrayObject array) {
    List<Object> elements = new ArrayList<>((int) Math.min(node.length, 1000));
    List<Long> indexes = new ArrayList<>(0);
    boolean dense = true;
    ScriptArray storage = JSObject.getArray(array);
    for (long i = storage.firstElementIndex(array);
        i <= storage.lastElementIndex(array) && i < node.length;
        i = storage.nextElementIndex(array, i)) {
      Object item = JSObject.get(array, i);
      if (item == Undefined.instance && !JSObject.hasOwnProperty(array, i)) {
        continue;
      }
      if (dense && i != elements.size()) {
        dense = false;
        for (long j = 0; j < elements.size(); j++) {
          indexes.add(j);
        }
      }
      if (!dense) {
        indexes.add(i);
      }
      elements.add(clone(item));
      storage = JSObject.getArray(array); // a getter may have changed it
    }
    node.elements = elements.toArray();
    if (!dense) {
      node.indexes = indexes.stream().mapToLong(Long::longValue).toArray();
    }
  }
}
