package org.restypolyglot.guest.python;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.generators.SCrypt;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.Proxy;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * What {@code hashlib} has of BLAKE2, SHAKE and scrypt; GraalPy takes the JCA's, which have one
 * length each, no key, and no scrypt (digests.py).
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none; Python has checked the arguments.
 */
final class Digests {
  private static final int BLAKE2B_SALT = 16;
  private static final int BLAKE2S_SALT = 8;

  private Digests() {}

  static void addTo(Map<String, Object> functions) {
    functions.put("new_blake2b", (ProxyExecutable) Digests::newBlake2b);
    functions.put("new_blake2s", (ProxyExecutable) Digests::newBlake2s);
    functions.put("new_shake", (ProxyExecutable) Digests::newShake);
    functions.put("copy_digest", (ProxyExecutable) arguments -> state(arguments[0]).copy());
    functions.put("update_digest", (ProxyExecutable) Digests::update);
    functions.put("digest", (ProxyExecutable) Digests::digest);
    functions.put("scrypt", (ProxyExecutable) Digests::scrypt);
  }

  /** {@code new_blake2b(size, key, salt, person) -> state}: bytes, empty for none. */
  private static Object newBlake2b(Value... arguments) {
    return new State(
        new Blake2bDigest(
            key(arguments[1]),
            arguments[0].asInt(),
            Arrays.copyOf(bytes(arguments[2]), BLAKE2B_SALT),
            Arrays.copyOf(bytes(arguments[3]), BLAKE2B_SALT)));
  }

  /** {@code new_blake2s(size, key, salt, person) -> state}: bytes, empty for none. */
  private static Object newBlake2s(Value... arguments) {
    return new State(
        new Blake2sDigest(
            key(arguments[1]),
            arguments[0].asInt(),
            Arrays.copyOf(bytes(arguments[2]), BLAKE2S_SALT),
            Arrays.copyOf(bytes(arguments[3]), BLAKE2S_SALT)));
  }

  /** {@code new_shake(bits) -> state}: 128 or 256. */
  private static Object newShake(Value... arguments) {
    return new State(new SHAKEDigest(arguments[0].asInt()));
  }

  /** {@code update_digest(state, bytes)}. */
  private static @Nullable Object update(Value... arguments) {
    state(arguments[0]).update(bytes(arguments[1]));
    return null;
  }

  /** {@code digest(state, length) -> str}: a character for each byte; the state stays. */
  private static Object digest(Value... arguments) {
    return new String(
        state(arguments[0]).copy().end(arguments[1].asInt()), StandardCharsets.ISO_8859_1);
  }

  /** {@code scrypt(password, salt, n, r, p, length) -> str}: a character for each byte. */
  private static Object scrypt(Value... arguments) {
    byte[] key =
        SCrypt.generate(
            bytes(arguments[0]),
            bytes(arguments[1]),
            arguments[2].asInt(),
            arguments[3].asInt(),
            arguments[4].asInt(),
            arguments[5].asInt());
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  private static State state(Value value) {
    return value.asProxyObject();
  }

  /** Null for none: an empty one would count as a block. */
  private static byte @Nullable [] key(Value value) {
    byte[] key = bytes(value);
    return key.length == 0 ? null : key;
  }

  private static byte[] bytes(Value value) {
    byte[] bytes = new byte[Math.toIntExact(value.getBufferSize())];
    value.readBuffer(0, bytes, 0, bytes.length);
    return bytes;
  }

  /** Of one hash object in Python, which may be used by several threads. */
  private static final class State implements Proxy {
    private final Digest digest;

    State(Digest digest) {
      this.digest = digest;
    }

    synchronized State copy() {
      return new State(
          switch (digest) {
            case Blake2bDigest blake2b -> new Blake2bDigest(blake2b);
            case Blake2sDigest blake2s -> new Blake2sDigest(blake2s);
            case SHAKEDigest shake -> new SHAKEDigest(shake);
            default -> throw new IllegalStateException(digest.getAlgorithmName());
          });
    }

    synchronized void update(byte[] bytes) {
      digest.update(bytes, 0, bytes.length);
    }

    synchronized byte[] end(int length) {
      byte[] result = new byte[length];
      if (digest instanceof SHAKEDigest shake) {
        shake.doFinal(result, 0, length);
      } else {
        digest.doFinal(result, 0);
      }
      return result;
    }
  }
}
