package org.restypolyglot.guest.js;

import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.JSAgentWaiterList;
import com.oracle.truffle.js.runtime.JSErrorType;
import com.oracle.truffle.js.runtime.array.TypedArrayFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An object of the structured clone algorithm, outside of any context. What it refers to is a value
 * of the engine's that belongs to no context, or another one of these, also itself.
 *
 * <p><b>Threads</b>: {@link CloneWriter} fills it; then it does not change. <b>Owns</b>: its bytes.
 * <b>Failure</b>: none.
 */
sealed interface Cloned {
  /** Its number in the message. */
  int id();

  /** {@code new Number(1)} and its like. */
  record Boxed(int id, Object primitive) implements Cloned {}

  record Date(int id, double millis) implements Cloned {}

  record RegExp(int id, Object source, Object flags) implements Cloned {}

  /** An ArrayBuffer. */
  final class Buffer implements Cloned {
    private final int id;

    /** -1: its length is fixed. */
    final int maxLength;

    byte[] bytes = {};

    Buffer(int id, int maxLength) {
      this.id = id;
      this.maxLength = maxLength;
    }

    @Override
    public int id() {
      return id;
    }
  }

  /**
   * A SharedArrayBuffer: the same memory in all contexts, and the same list of who waits there.
   *
   * @param maxLength -1: its length is fixed
   */
  record Shared(
      int id, ByteBuffer memory, AtomicInteger length, int maxLength, JSAgentWaiterList waiters)
      implements Cloned {}

  /**
   * A typed array, or a DataView.
   *
   * @param type null: a DataView
   * @param length in elements; -1: up to the end of the buffer, however long that is
   */
  record View(int id, Cloned buffer, @Nullable TypedArrayFactory type, int offset, int length)
      implements Cloned {}

  /** Something with a list of values: a Map (keys and values in turns), a Set. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Collection(int id, boolean isMap, Object[] entries) implements Cloned {}

  /** An Error. Texts, or null for what it has not. */
  final class Failure implements Cloned {
    private final int id;
    final JSErrorType type;
    @Nullable Object stack;
    @Nullable Object message;
    @Nullable Object cause;

    Failure(int id, JSErrorType type) {
      this.id = id;
      this.type = type;
    }

    @Override
    public int id() {
      return id;
    }
  }

  /** An array or a plain object. */
  final class Properties implements Cloned {
    private final int id;

    /** -1: no array. */
    final long length;

    /** Of the elements; null: 0, 1, 2 and so on. */
    long @Nullable [] indexes;

    Object[] elements = {};
    TruffleString[] keys = {};
    Object[] values = {};

    Properties(int id, long length) {
      this.id = id;
      this.length = length;
    }

    @Override
    public int id() {
      return id;
    }
  }

  /** An object of ours or the library's that says itself what it is made of. */
  final class Lowered implements Cloned {
    private final int id;
    Object info = "";
    Object data = "";

    Lowered(int id) {
      this.id = id;
    }

    /** Whether it is of a class that only we make. */
    boolean isOurs() {
      return info.toString().startsWith(MessageIntrinsics.OURS);
    }

    @Override
    public int id() {
      return id;
    }
  }

  /** An object of Java's behind one of ours. */
  record OfJava(int id, Object object) implements Cloned {}
}
