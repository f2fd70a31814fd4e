package org.restypolyglot.guest.js;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/**
 * Digests, keys and ciphers of the JCA, behind node:crypto. A name that is not known gives null.
 *
 * <p><b>Threads</b>: the guest thread; derivations run on the pool where they are asked for {@code
 * later}. <b>Borrows</b>: the loop. <b>Failure</b>: {@link GeneralSecurityException}s that Node has
 * no word for.
 */
public final class HostCrypto {
  private final HostLoop loop;

  HostCrypto(HostLoop loop) {
    this.loop = loop;
  }

  /** What {@link #derive} does. */
  private interface Derivation {
    byte[] run() throws GeneralSecurityException;
  }

  /** Bytes that nobody can guess. */
  @Export
  public ByteBuffer random(int count) {
    byte[] bytes = new byte[count];
    Randomness.SECURE.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** OpenSSL's names of the digests, sorted. */
  @Export
  public ProxyArray digests() {
    return ProxyArray.fromArray(CryptoNames.DIGESTS.keySet().stream().sorted().toArray());
  }

  /** Whether there is such a digest. */
  @Export
  public boolean hasDigest(String name) {
    return CryptoNames.digest(name) != null;
  }

  /** A digest. */
  @Export
  public @Nullable CryptoDigest digest(String name) throws GeneralSecurityException {
    String known = CryptoNames.digest(name);
    return known == null ? null : new CryptoDigest(MessageDigest.getInstance(known), null);
  }

  /** An HMAC. */
  @Export
  public @Nullable CryptoDigest hmac(String name, Value key, int offset, int length)
      throws GeneralSecurityException {
    String known = CryptoNames.hmac(name);
    if (known == null) {
      return null;
    }
    byte[] bytes = length == 0 ? new byte[1] : HostBytes.copy(key, offset, length);
    Mac mac = Mac.getInstance(known);
    mac.init(new SecretKeySpec(bytes, known));
    return new CryptoDigest(null, mac);
  }

  /** Now: the bytes; {@code done} a function: later, to it. */
  @Export
  public @Nullable ByteBuffer pbkdf2(
      String digest, Value password, Value salt, int iterations, int length, @Nullable Value done)
      throws GeneralSecurityException {
    String hmac = known(digest);
    byte[] passwordBytes = bytes(password);
    byte[] saltBytes = bytes(salt);
    return derive(
        done, () -> KeyDerivation.pbkdf2(hmac, passwordBytes, saltBytes, iterations, length));
  }

  /** As {@link #pbkdf2}. */
  @Export
  public @Nullable ByteBuffer hkdf(
      String digest, Value key, Value salt, Value info, int length, @Nullable Value done)
      throws GeneralSecurityException {
    String hmac = known(digest);
    byte[] keyBytes = bytes(key);
    byte[] saltBytes = bytes(salt);
    byte[] infoBytes = bytes(info);
    return derive(done, () -> KeyDerivation.hkdf(hmac, keyBytes, saltBytes, infoBytes, length));
  }

  /** As {@link #pbkdf2}. */
  @Export
  public @Nullable ByteBuffer scrypt(
      Value password,
      Value salt,
      int cost,
      int blockSize,
      int lanes,
      int length,
      @Nullable Value done)
      throws GeneralSecurityException {
    byte[] passwordBytes = bytes(password);
    byte[] saltBytes = bytes(salt);
    return derive(
        done, () -> KeyDerivation.scrypt(passwordBytes, saltBytes, cost, blockSize, lanes, length));
  }

  private @Nullable ByteBuffer derive(@Nullable Value done, Derivation derivation)
      throws GeneralSecurityException {
    if (done == null || done.isNull()) {
      return ByteBuffer.wrap(derivation.run());
    }
    WorkPool.EXECUTOR.execute(() -> deriveLater(done, derivation));
    return null;
  }

  private void deriveLater(Value done, Derivation derivation) {
    try {
      loop.enter(done, null, ByteBuffer.wrap(derivation.run()));
    } catch (GeneralSecurityException | OutOfMemoryError e) {
      loop.enter(done, String.valueOf(e.getMessage()), null);
    }
  }

  private static String known(String digest) throws GeneralSecurityException {
    String hmac = CryptoNames.hmac(digest);
    if (hmac == null) {
      throw new GeneralSecurityException("no digest " + digest);
    }
    return hmac;
  }

  /** A whole ArrayBuffer. */
  private static byte[] bytes(Value buffer) {
    return HostBytes.copy(buffer, 0, (int) buffer.getBufferSize());
  }

  /** {@code [name, mode, bytes of a key, of an initialization vector, of a block]}. */
  @Export
  public @Nullable ProxyArray cipherInfo(String name) {
    CipherInfo info = CipherInfo.of(name);
    return info == null
        ? null
        : ProxyArray.fromArray(
            info.name(),
            info.mode().toLowerCase(Locale.ROOT),
            info.keyBytes(),
            info.ivBytes(),
            info.blockBytes());
  }

  /**
   * A cipher that {@link #cipherInfo} knows, with a key and a vector of lengths that it takes.
   *
   * @param tagBytes the length of the tag; -1: the usual one
   */
  @Export
  public CryptoCipher cipher(String name, boolean encrypts, Value key, Value iv, int tagBytes) {
    CipherInfo info = CipherInfo.of(name);
    if (info == null) {
      throw new IllegalArgumentException("no cipher " + name);
    }
    return new CryptoCipher(info, encrypts, bytes(key), bytes(iv), tagBytes);
  }
}
