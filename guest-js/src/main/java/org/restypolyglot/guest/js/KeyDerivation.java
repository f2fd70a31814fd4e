package org.restypolyglot.guest.js;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys out of passwords and other keys: PBKDF2 (RFC 8018), HKDF (RFC 5869), scrypt (RFC 7914). The
 * JCA's PBKDF2 takes characters, Node's takes bytes.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: {@link GeneralSecurityException} for an unknown digest.
 */
final class KeyDerivation {
  private static final int SALSA_WORDS = 16;
  private static final int SALSA_BYTES = 64;

  private KeyDerivation() {}

  private static Mac mac(String algorithm, byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    // The JCA takes no empty key; HMAC pads keys with zeros.
    mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
    return mac;
  }

  static byte[] pbkdf2(String hmac, byte[] password, byte[] salt, int iterations, int length)
      throws GeneralSecurityException {
    Mac mac = mac(hmac, password);
    byte[] result = new byte[length];
    for (int done = 0, block = 1; done < length; block++) {
      mac.update(salt);
      byte[] round = mac.doFinal(ByteBuffer.allocate(Integer.BYTES).putInt(block).array());
      byte[] sum = round.clone();
      for (int i = 1; i < iterations; i++) {
        round = mac.doFinal(round);
        for (int j = 0; j < sum.length; j++) {
          sum[j] ^= round[j];
        }
      }
      int count = Math.min(sum.length, length - done);
      System.arraycopy(sum, 0, result, done, count);
      done += count;
    }
    return result;
  }

  static byte[] hkdf(String hmac, byte[] key, byte[] salt, byte[] info, int length)
      throws GeneralSecurityException {
    Mac extract = mac(hmac, salt);
    Mac expand = mac(hmac, extract.doFinal(key));
    byte[] result = new byte[length];
    byte[] last = new byte[0];
    for (int done = 0, block = 1; done < length; block++) {
      expand.update(last);
      expand.update(info);
      last = expand.doFinal(new byte[] {(byte) block});
      int count = Math.min(last.length, length - done);
      System.arraycopy(last, 0, result, done, count);
      done += count;
    }
    return result;
  }

  static byte[] scrypt(byte[] password, byte[] salt, int cost, int blockSize, int lanes, int length)
      throws GeneralSecurityException {
    int laneBytes = 2 * SALSA_BYTES * blockSize;
    byte[] blocks = pbkdf2("HmacSHA256", password, salt, 1, lanes * laneBytes);
    for (int lane = 0; lane < lanes; lane++) {
      ByteBuffer bytes =
          ByteBuffer.wrap(blocks, lane * laneBytes, laneBytes)
              .slice()
              .order(ByteOrder.LITTLE_ENDIAN);
      int[] words = new int[laneBytes / Integer.BYTES];
      bytes.asIntBuffer().get(words);
      mix(words, cost);
      bytes.asIntBuffer().put(words);
    }
    return pbkdf2("HmacSHA256", password, blocks, 1, length);
  }

  private static void mix(int[] words, int cost) {
    int[][] seen = new int[cost][];
    int[] scratch = new int[words.length];
    for (int i = 0; i < cost; i++) {
      seen[i] = words.clone();
      blockMix(words, scratch);
    }
    for (int i = 0; i < cost; i++) {
      int[] other = seen[words[words.length - SALSA_WORDS] & (cost - 1)];
      for (int j = 0; j < words.length; j++) {
        words[j] ^= other[j];
      }
      blockMix(words, scratch);
    }
  }

  private static void blockMix(int[] words, int[] scratch) {
    int blocks = words.length / SALSA_WORDS;
    int[] x = Arrays.copyOfRange(words, words.length - SALSA_WORDS, words.length);
    for (int block = 0; block < blocks; block++) {
      for (int i = 0; i < SALSA_WORDS; i++) {
        x[i] ^= words[block * SALSA_WORDS + i];
      }
      salsa(x);
      int to = (block / 2 + (block % 2) * (blocks / 2)) * SALSA_WORDS;
      System.arraycopy(x, 0, scratch, to, SALSA_WORDS);
    }
    System.arraycopy(scratch, 0, words, 0, words.length);
  }

  /** Salsa20/8. */
  private static void salsa(int[] block) {
    int[] x = block.clone();
    for (int round = 0; round < 4; round++) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 5, 9, 13, 1);
      quarter(x, 10, 14, 2, 6);
      quarter(x, 15, 3, 7, 11);
      quarter(x, 0, 1, 2, 3);
      quarter(x, 5, 6, 7, 4);
      quarter(x, 10, 11, 8, 9);
      quarter(x, 15, 12, 13, 14);
    }
    for (int i = 0; i < SALSA_WORDS; i++) {
      block[i] += x[i];
    }
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
    x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
    x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
    x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
  }
}
