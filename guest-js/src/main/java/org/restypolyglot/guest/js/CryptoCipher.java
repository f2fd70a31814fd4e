package org.restypolyglot.guest.js;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * One encryption or decryption on its way. The JCA's cipher is made with the first data, as only
 * then the padding, the tag and what else is authenticated are known.
 *
 * <p>What is authenticated is decrypted at the end, when it is known to be right.
 *
 * <p><b>Threads</b>: the guest thread. <b>Owns</b>: its state. <b>Failure</b>: {@link #finish}
 * gives null and {@link #failure} says why; the rest throws.
 */
public final class CryptoCipher {
  private static final int MAX_TAG = 16;
  private static final int BYTE_BITS = 8;

  private final CipherInfo info;
  private final boolean encrypts;
  private final byte[] key;
  private final byte[] iv;
  private final ByteArrayOutputStream authenticated = new ByteArrayOutputStream();
  private int tagBytes;
  private boolean isPadded = true;
  private byte @Nullable [] tag;
  private @Nullable Cipher cipher;
  private String failure = "";

  CryptoCipher(CipherInfo info, boolean encrypts, byte[] key, byte[] iv, int tagBytes) {
    this.info = info;
    this.encrypts = encrypts;
    this.key = key;
    this.iv = iv;
    this.tagBytes = tagBytes > 0 ? tagBytes : MAX_TAG;
  }

  /** Whether there is a tag. */
  @Export
  public boolean isAuthenticated() {
    return info.isAuthenticated();
  }

  /** Before any data. */
  @Export
  public void setPadding(boolean padded) {
    isPadded = padded;
  }

  /** The tag that is to come out, for decryption. */
  @Export
  public void setTag(Value buffer, int offset, int length) {
    tag = HostBytes.copy(buffer, offset, length);
    tagBytes = length;
  }

  /** The tag, after the end of an encryption. */
  @Export
  public @Nullable ByteBuffer tag() {
    return tag == null ? null : ByteBuffer.wrap(tag);
  }

  /** What is authenticated and not encrypted; before any data. */
  @Export
  public void authenticate(Value buffer, int offset, int length) {
    authenticated.writeBytes(HostBytes.copy(buffer, offset, length));
  }

  /** What comes out for more data. */
  @Export
  public ByteBuffer update(Value buffer, int offset, int length) throws GeneralSecurityException {
    byte[] output = cipher().update(HostBytes.copy(buffer, offset, length));
    return ByteBuffer.wrap(output == null ? new byte[0] : output);
  }

  /** The rest. */
  @Export
  public @Nullable ByteBuffer finish() {
    try {
      Cipher ready = cipher();
      if (!encrypts && info.isAuthenticated()) {
        return ByteBuffer.wrap(tag == null ? ready.doFinal() : ready.doFinal(tag));
      }
      byte[] output = ready.doFinal();
      if (info.isAuthenticated()) {
        int end = output.length - tagBytes();
        tag = Arrays.copyOfRange(output, end, end + tagBytes);
        output = Arrays.copyOf(output, end);
      }
      return ByteBuffer.wrap(output);
    } catch (AEADBadTagException e) {
      failure = "tag";
    } catch (BadPaddingException e) {
      failure = "padding";
    } catch (IllegalBlockSizeException e) {
      failure = "block";
    } catch (GeneralSecurityException e) {
      failure = String.valueOf(e.getMessage());
    }
    return null;
  }

  /** Why {@link #finish} gave nothing: "tag", "padding", "block", or what the JCA says. */
  @Export
  public String failure() {
    return failure;
  }

  /** The JCA makes tags of 12 bytes and more; shorter ones are their beginning. */
  private int tagBytes() {
    return info.isChaCha() ? MAX_TAG : Math.max(tagBytes, 12);
  }

  private Cipher cipher() throws GeneralSecurityException {
    Cipher made = cipher;
    if (made == null) {
      made = Cipher.getInstance(info.transformation(isPadded));
      SecretKeySpec spec = new SecretKeySpec(key, info.isChaCha() ? "ChaCha20" : "AES");
      int mode = encrypts ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
      if (iv.length == 0) {
        made.init(mode, spec);
      } else {
        made.init(mode, spec, parameters());
      }
      if (authenticated.size() > 0) {
        made.updateAAD(authenticated.toByteArray());
      }
      cipher = made;
    }
    return made;
  }

  private AlgorithmParameterSpec parameters() {
    return info.mode().equals("gcm")
        ? new GCMParameterSpec(tagBytes() * BYTE_BITS, iv)
        : new IvParameterSpec(iv);
  }
}
