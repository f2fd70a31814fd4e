package org.restypolyglot.guest.js;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses Brotli. The decoder reads from a stream, so it has a virtual thread of its own,
 * which waits where it lacks input or room; it and who calls {@link #run} take turns.
 *
 * <p>The decoder reads 4 KB before it goes on, so what is shorter waits for more, or for the end.
 *
 * <p><b>Threads</b>, <b>Failure</b>: see {@link ZlibCodec}. <b>Owns</b>: the virtual thread, until
 * the stream's end, its failure or {@link #close}.
 */
final class BrotliCodec implements ZlibCodec {
  private static final int PIECE = 4096;
  private static final Set<String> TRUNCATED =
      Set.of("No more input", "Read after end", "Unexpected end of input");
  private static final ByteSpan NOTHING = new ByteSpan(new byte[0]);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private ByteSpan input = NOTHING;
  private ByteSpan output = NOTHING;
  private @Nullable Decoding decoding;
  private boolean isLast;
  private boolean isDecodersTurn;

  /** One stream: after a reset it is another one. */
  private final class Decoding extends InputStream implements Runnable {
    private boolean isEnded;
    private boolean isCancelled;
    private @Nullable IOException failure;

    @Override
    public void run() {
      IOException problem = null;
      try {
        awaitTurn();
        decode();
      } catch (IOException e) {
        problem = e;
      }
      lock.lock();
      try {
        failure = problem;
        isEnded = true;
        giveTurnBack();
      } finally {
        lock.unlock();
      }
    }

    private void decode() throws IOException {
      byte[] piece = new byte[PIECE];
      try (InputStream decoded = new BrotliInputStream(this)) {
        for (int count = decoded.read(piece); count > 0; count = decoded.read(piece)) {
          put(piece, count);
        }
      }
    }

    private void awaitTurn() throws IOException {
      lock.lock();
      try {
        while (!isDecodersTurn && !isCancelled) {
          changed.awaitUninterruptibly();
        }
        if (isCancelled) {
          throw new IOException("closed");
        }
      } finally {
        lock.unlock();
      }
    }

    private void giveTurnBack() {
      if (decoding == this) {
        isDecodersTurn = false;
        changed.signalAll();
      }
    }

    private void put(byte[] bytes, int count) throws IOException {
      lock.lock();
      try {
        for (int from = 0; from < count; ) {
          int part = Math.min(count - from, output.left());
          System.arraycopy(bytes, from, output.bytes, output.at, part);
          output.at += part;
          from += part;
          if (output.isEmpty()) { // also where all is put: the reader gets it
            giveTurnBack();
            awaitTurn();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("the decoder reads pieces");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      lock.lock();
      try {
        while (input.isEmpty()) {
          if (isLast) {
            return -1;
          }
          giveTurnBack();
          awaitTurn();
        }
        int count = Math.min(length, input.left());
        System.arraycopy(input.bytes, input.at, target, offset, count);
        input.at += count;
        return count;
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void run(int flush, ByteSpan in, ByteSpan out) throws ZlibFailure {
    lock.lock();
    try {
      Decoding current = decoding;
      if (current == null) {
        current = new Decoding();
        decoding = current;
        Thread.ofVirtual().name("resty-polyglot-brotli").start(current);
      }
      input = in;
      output = out;
      isLast = flush == FINISH;
      isDecodersTurn = !current.isEnded;
      changed.signalAll();
      while (isDecodersTurn) {
        changed.awaitUninterruptibly();
      }
      input = NOTHING;
      output = NOTHING;
      check(current);
    } finally {
      lock.unlock();
    }
  }

  private void check(Decoding current) throws ZlibFailure {
    IOException failure = current.failure;
    if (failure == null) {
      return;
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String text = String.valueOf(cause.getMessage());
    if (TRUNCATED.contains(text)) {
      throw ZlibFailure.truncated();
    }
    String code = text.contains("padding") ? "PADDING_1" : "CORRUPTED";
    throw new ZlibFailure("Decompression failed", "ERR__ERROR_FORMAT_" + code, -2);
  }

  @Override
  public void reset() {
    close();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (decoding != null) {
        decoding.isCancelled = true;
        decoding = null;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
