package org.restypolyglot.guest.js;

import static org.restypolyglot.guest.js.Intrinsics.argument;
import static org.restypolyglot.guest.js.Intrinsics.function;
import static org.restypolyglot.guest.js.Intrinsics.receiver;

import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.InvalidBufferOffsetException;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.Errors;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.JSRuntime;
import com.oracle.truffle.js.runtime.builtins.JSArrayBuffer;
import com.oracle.truffle.js.runtime.objects.Undefined;
import java.util.Arrays;
import java.util.Map;

/**
 * The intrinsics about bytes, which is what Node's {@code Buffer} is made of: text of all encodings
 * to bytes and back, comparing, searching, filling.
 *
 * <p>Where Node's C++ function takes the buffer as {@code this}, so do these.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: nothing. <b>Failure</b>: a RangeError for what
 * is outside of a buffer.
 */
final class ByteIntrinsics {
  static final Map<String, Intrinsics.Body> FUNCTIONS =
      Map.ofEntries(
          function("utf8Slice", slice(Encoding.UTF_8)),
          function("latin1Slice", slice(Encoding.LATIN_1)),
          function("asciiSlice", slice(Encoding.ASCII)),
          function("ucs2Slice", slice(Encoding.UTF_16)),
          function("hexSlice", slice(Encoding.HEX)),
          function("base64Slice", slice(Encoding.BASE_64)),
          function("base64urlSlice", slice(Encoding.BASE_64_URL)),
          function("ucs2Write", writeToThis(Encoding.UTF_16)),
          function("hexWrite", writeToThis(Encoding.HEX)),
          function("base64Write", writeToThis(Encoding.BASE_64)),
          function("base64urlWrite", writeToThis(Encoding.BASE_64_URL)),
          function("utf8WriteStatic", writeToFirst(Encoding.UTF_8)),
          function("latin1WriteStatic", writeToFirst(Encoding.LATIN_1)),
          function("asciiWriteStatic", writeToFirst(Encoding.LATIN_1)),
          function("encode", ByteIntrinsics::encode),
          function("copyIn", ByteIntrinsics::copyIn),
          function("byteLengthUtf8", ByteIntrinsics::byteLengthUtf8),
          function("compare", ByteIntrinsics::compare),
          function("compareOffset", ByteIntrinsics::compareOffset),
          function("copy", ByteIntrinsics::copy),
          function("fillWith", ByteIntrinsics::fillWith),
          function("indexOf", ByteIntrinsics::indexOf),
          function("isUtf8", ByteIntrinsics::isUtf8),
          function("isAscii", ByteIntrinsics::isAscii),
          function("swap", ByteIntrinsics::swap));

  private ByteIntrinsics() {}

  /** {@code this.slice(start, end)} as text. */
  private static Intrinsics.Body slice(Encoding encoding) {
    return (realm, arguments) -> {
      Bytes bytes = Bytes.of(realm, receiver(arguments));
      int start = index(arguments, 0, 0);
      int end = Math.max(start, index(arguments, 1, bytes.length()));
      checkRange(end <= bytes.length());
      return encoding.decode(bytes, start, end);
    };
  }

  private static Intrinsics.Body writeToThis(Encoding encoding) {
    return (realm, arguments) -> write(realm, encoding, receiver(arguments), arguments, 0);
  }

  private static Intrinsics.Body writeToFirst(Encoding encoding) {
    return (realm, arguments) -> write(realm, encoding, argument(arguments, 0), arguments, 1);
  }

  /**
   * {@code (string, offset, length)}: how many bytes were written; a part of a character is not.
   */
  private static Object write(
      JSRealm realm, Encoding encoding, Object target, Object[] arguments, int first) {
    String string = string(argument(arguments, first));
    Bytes bytes = Bytes.of(realm, target);
    int offset = index(arguments, first + 1, 0);
    checkRange(offset <= bytes.length());
    int room = bytes.length() - offset;
    int limit = Math.min(room, index(arguments, first + 2, room));
    byte[] encoded = encoding.encode(string);
    int count = encoding.wholeCharacters(encoded, limit);
    bytes.write(offset, encoded, count);
    return count;
  }

  /** {@code (string, encoding)}: a new ArrayBuffer. */
  private static Object encode(JSRealm realm, Object[] arguments) {
    Encoding encoding = Encoding.valueOf(string(argument(arguments, 1)));
    byte[] encoded = encoding.encode(string(argument(arguments, 0)));
    return JSArrayBuffer.createArrayBuffer(realm.getContext(), realm, encoded);
  }

  /** {@code (hostBuffer)}: a new ArrayBuffer of the engine's own with the bytes of a ByteBuffer. */
  private static Object copyIn(JSRealm realm, Object[] arguments) {
    Object source = argument(arguments, 0);
    InteropLibrary library = InteropLibrary.getUncached(source);
    try {
      byte[] bytes = new byte[Math.toIntExact(library.getBufferSize(source))];
      library.readBuffer(source, 0, bytes, 0, bytes.length);
      return JSArrayBuffer.createArrayBuffer(realm.getContext(), realm, bytes);
    } catch (UnsupportedMessageException | InvalidBufferOffsetException e) {
      throw Errors.createTypeError("argument must be a buffer of the host");
    }
  }

  private static Object byteLengthUtf8(JSRealm realm, Object[] arguments) {
    String string = string(argument(arguments, 0));
    int length = 0;
    for (int i = 0; i < string.length(); i++) {
      char unit = string.charAt(i);
      if (unit < 0x80) {
        length += 1;
      } else if (unit < 0x800) {
        length += 2;
      } else if (Character.isHighSurrogate(unit)
          && i + 1 < string.length()
          && Character.isLowSurrogate(string.charAt(i + 1))) {
        length += 4;
        i++;
      } else {
        length += 3;
      }
    }
    return length;
  }

  private static Object compare(JSRealm realm, Object[] arguments) {
    byte[] a = Bytes.of(realm, argument(arguments, 0)).copy();
    byte[] b = Bytes.of(realm, argument(arguments, 1)).copy();
    return Integer.signum(Arrays.compareUnsigned(a, b));
  }

  /** {@code (source, target, targetStart, sourceStart, targetEnd, sourceEnd)}. */
  private static Object compareOffset(JSRealm realm, Object[] arguments) {
    Bytes source = Bytes.of(realm, argument(arguments, 0));
    Bytes target = Bytes.of(realm, argument(arguments, 1));
    int targetStart = index(arguments, 2, 0);
    int sourceStart = index(arguments, 3, 0);
    checkRange(sourceStart <= source.length() && targetStart <= target.length());
    int targetEnd = Math.clamp(index(arguments, 4, 0), targetStart, target.length());
    int sourceEnd = Math.clamp(index(arguments, 5, 0), sourceStart, source.length());
    return Integer.signum(
        Arrays.compareUnsigned(
            source.copy(sourceStart, sourceEnd), target.copy(targetStart, targetEnd)));
  }

  /** {@code (source, target, targetStart, sourceStart, count)}; they may overlap. */
  private static Object copy(JSRealm realm, Object[] arguments) {
    Bytes source = Bytes.of(realm, argument(arguments, 0));
    Bytes target = Bytes.of(realm, argument(arguments, 1));
    int targetStart = index(arguments, 2, 0);
    int sourceStart = index(arguments, 3, 0);
    int count = index(arguments, 4, 0);
    target.write(targetStart, source.copy(sourceStart, sourceStart + count), count);
    return Undefined.instance;
  }

  /** {@code (target, pattern, start, end)}: repeats the pattern, which is not empty. */
  private static Object fillWith(JSRealm realm, Object[] arguments) {
    Bytes target = Bytes.of(realm, argument(arguments, 0));
    byte[] pattern = Bytes.of(realm, argument(arguments, 1)).copy();
    int start = index(arguments, 2, 0);
    int end = index(arguments, 3, target.length());
    checkRange(start <= end && end <= target.length());
    byte[] filled = new byte[end - start];
    for (int i = 0; i < filled.length; i += pattern.length) {
      System.arraycopy(pattern, 0, filled, i, Math.min(pattern.length, filled.length - i));
    }
    target.write(start, filled, filled.length);
    return Undefined.instance;
  }

  /** {@code (bytes, sought, offset, forwards, step)}: the index, or -1. */
  private static Object indexOf(JSRealm realm, Object[] arguments) {
    byte[] bytes = Bytes.of(realm, argument(arguments, 0)).copy();
    byte[] sought = Bytes.of(realm, argument(arguments, 1)).copy();
    boolean forwards = argument(arguments, 3) == Boolean.TRUE;
    int step = index(arguments, 4, 1);
    double start =
        firstPlace(
            bytes.length, JSRuntime.toDouble(argument(arguments, 2)), sought.length, forwards);
    if (start < 0 || sought.length == 0) {
      return (int) start;
    }
    if (bytes.length < step || sought.length < step) {
      return -1;
    }
    int from = (int) Math.min(start, bytes.length - sought.length);
    if (forwards && from < start) {
      return -1;
    }
    for (int at = from - from % step;
        at >= 0 && at <= bytes.length - sought.length;
        at += forwards ? step : -step) {
      if (Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
        return at;
      }
    }
    return -1;
  }

  /** Where Node begins; -1: nowhere. An empty text is found at once, at the latest at the end. */
  private static double firstPlace(int length, double offset, int sought, boolean forwards) {
    if (offset < 0) {
      return offset + length >= 0 ? offset + length : forwards || sought == 0 ? 0 : -1;
    }
    if (offset + sought <= length) {
      return offset;
    }
    return sought == 0 ? length : forwards ? -1 : length - 1;
  }

  private static Object isUtf8(JSRealm realm, Object[] arguments) {
    return Utf8.isValid(Bytes.of(realm, argument(arguments, 0)).copy());
  }

  private static Object isAscii(JSRealm realm, Object[] arguments) {
    for (byte value : Bytes.of(realm, argument(arguments, 0)).copy()) {
      if (value < 0) {
        return false;
      }
    }
    return true;
  }

  /** {@code (bytes, size)}: reverses each group of {@code size} bytes. */
  private static Object swap(JSRealm realm, Object[] arguments) {
    Bytes target = Bytes.of(realm, argument(arguments, 0));
    int size = index(arguments, 1, 2);
    byte[] bytes = target.copy();
    for (int group = 0; group + size <= bytes.length; group += size) {
      for (int i = 0; i < size / 2; i++) {
        byte first = bytes[group + i];
        bytes[group + i] = bytes[group + size - 1 - i];
        bytes[group + size - 1 - i] = first;
      }
    }
    target.write(0, bytes, bytes.length);
    return argument(arguments, 0);
  }

  private static String string(Object value) {
    if (value instanceof TruffleString string) {
      return string.toJavaStringUncached();
    }
    throw Intrinsics.coded(
        Errors.createTypeError("argument must be a string"), "ERR_INVALID_ARG_TYPE");
  }

  private static int index(Object[] arguments, int position, int otherwise) {
    Object value = argument(arguments, position);
    if (value == Undefined.instance) {
      return otherwise;
    }
    double number = (double) JSRuntime.toInteger(value);
    checkRange(number >= 0);
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  private static void checkRange(boolean inside) {
    if (!inside) {
      throw Intrinsics.coded(Errors.createRangeError("Index out of range"), "ERR_OUT_OF_RANGE");
    }
  }
}
