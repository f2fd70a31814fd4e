package org.restypolyglot.guest.js;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import javax.crypto.Mac;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * A digest or an HMAC on its way.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: its state.
 */
public final class CryptoDigest {
  private final @Nullable MessageDigest digest;
  private final @Nullable Mac mac;

  CryptoDigest(@Nullable MessageDigest digest, @Nullable Mac mac) {
    this.digest = digest;
    this.mac = mac;
  }

  /** More of the data. */
  @Export
  public void update(Value buffer, int offset, int length) {
    byte[] bytes = HostBytes.copy(buffer, offset, length);
    if (digest != null) {
      digest.update(bytes);
    } else if (mac != null) {
      mac.update(bytes);
    }
  }

  /** The result; nothing more comes after it. */
  @Export
  public ByteBuffer finish() {
    return ByteBuffer.wrap(
        digest != null ? digest.digest() : mac != null ? mac.doFinal() : new byte[0]);
  }

  /** The bytes of the result. */
  @Export
  public int length() {
    return digest != null ? digest.getDigestLength() : mac != null ? mac.getMacLength() : 0;
  }

  /** Another one with the same data so far; only of a digest. */
  @Export
  public CryptoDigest copy() throws CloneNotSupportedException {
    return new CryptoDigest(digest == null ? null : (MessageDigest) digest.clone(), null);
  }
}
