package org.restypolyglot.guest.js;

import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.InvalidBufferOffsetException;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.js.runtime.Errors;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.builtins.JSArrayBufferObject;
import com.oracle.truffle.js.runtime.builtins.JSArrayBufferView;
import com.oracle.truffle.js.runtime.builtins.JSDataView;
import com.oracle.truffle.js.runtime.builtins.JSDataViewObject;
import com.oracle.truffle.js.runtime.builtins.JSTypedArrayObject;
import java.util.Arrays;

/**
 * The bytes of a typed array, a DataView or an ArrayBuffer, as Java sees them.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the buffer. <b>Failure</b>: what is no
 * buffer is a TypeError, what is outside of it a RangeError.
 */
final class Bytes {
  private final JSArrayBufferObject buffer;
  private final int start;
  private final int length;

  private Bytes(JSArrayBufferObject buffer, int start, int length) {
    this.buffer = buffer;
    this.start = start;
    this.length = length;
  }

  static Bytes of(JSRealm realm, Object value) {
    return switch (value) {
      case JSTypedArrayObject view ->
          new Bytes(
              view.getArrayBuffer(),
              JSArrayBufferView.getByteOffset(view, realm.getContext()),
              JSArrayBufferView.getByteLength(view, realm.getContext()));
      case JSDataViewObject view ->
          new Bytes(
              view.getArrayBuffer(), view.getByteOffset(), JSDataView.dataViewGetByteLength(view));
      case JSArrayBufferObject whole ->
          new Bytes(whole, 0, whole.isDetached() ? 0 : whole.getByteLength());
      default -> throw Errors.createTypeError("argument must be a buffer");
    };
  }

  int length() {
    return length;
  }

  byte[] copy() {
    return copy(0, length);
  }

  byte[] copy(int from, int to) {
    check(from, to);
    if (buffer instanceof JSArrayBufferObject.Heap heap) {
      return length == 0
          ? new byte[0]
          : Arrays.copyOfRange(heap.getByteArray(), start + from, start + to);
    }
    byte[] bytes = new byte[to - from];
    try {
      InteropLibrary.getUncached(buffer).readBuffer(buffer, start + from, bytes, 0, bytes.length);
    } catch (UnsupportedMessageException | InvalidBufferOffsetException e) {
      throw Errors.createRangeError(e.getMessage());
    }
    return bytes;
  }

  /** Puts {@code bytes[0, count)} at {@code offset}. */
  void write(int offset, byte[] bytes, int count) {
    check(offset, offset + count);
    if (count == 0) {
      return;
    }
    if (buffer instanceof JSArrayBufferObject.Heap heap) {
      System.arraycopy(bytes, 0, heap.getByteArray(), start + offset, count);
      return;
    }
    InteropLibrary library = InteropLibrary.getUncached(buffer);
    try {
      for (int i = 0; i < count; i++) {
        library.writeBufferByte(buffer, start + offset + i, bytes[i]);
      }
    } catch (UnsupportedMessageException | InvalidBufferOffsetException e) {
      throw Errors.createRangeError(e.getMessage());
    }
  }

  private void check(int from, int to) {
    if (from < 0 || from > to || to > length) {
      throw Errors.createRangeError("Index out of range");
    }
  }
}
