package org.restypolyglot.guest.js;

import java.nio.ByteBuffer;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * One stream of node:zlib: a codec, and the input that it has not used up. A write gives the bytes
 * of the output, or null if it failed; then {@link #message} and its like say why.
 *
 * <p><b>Threads</b>: the guest thread; while an asynchronous write goes on, only a thread of the
 * pool. <b>Owns</b>: the codec, until {@link #close}, or while it is reachable. <b>Borrows</b>: the
 * loop, which closes it with the context.
 */
public final class ZlibStream implements AutoCloseable {
  private final HostLoop loop;
  private final ZlibCodec codec;
  private ByteSpan input = new ByteSpan(new byte[0]);
  private @Nullable ZlibFailure failure;
  private boolean isWriting;
  private boolean isClosed;

  ZlibStream(HostLoop loop, ZlibCodec codec) {
    this.loop = loop;
    this.codec = codec;
  }

  /** The input of the next writes. */
  @Export
  public void input(Value buffer, int offset, int length) {
    input = new ByteSpan(HostBytes.copy(buffer, offset, length));
  }

  /** How much of the input is left. */
  @Export
  public int inputLeft() {
    return input.left();
  }

  /** At most {@code room} bytes of output. */
  @Export
  public @Nullable ByteBuffer writeSync(int flush, int room) {
    ByteSpan out = new ByteSpan(new byte[room]);
    try {
      codec.run(flush, input, out);
      return ByteBuffer.wrap(out.bytes, 0, out.at).slice();
    } catch (ZlibFailure e) {
      failure = e;
      return null;
    }
  }

  /** As {@code writeSync}, on another thread; {@code done} gets the output. */
  @Export
  public void write(int flush, int room, Value done) {
    synchronized (this) {
      isWriting = true;
    }
    WorkPool.EXECUTOR.execute(
        () -> {
          ByteBuffer output = isClosed() ? null : writeSync(flush, room);
          endWriting();
          loop.enter(done, output);
        });
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  private synchronized void endWriting() {
    isWriting = false;
    if (isClosed) {
      codec.close();
    }
  }

  /** Why the last write, or reset, failed. */
  @Export
  public @Nullable String message() {
    return failure == null ? null : failure.getMessage();
  }

  /** Its code. */
  @Export
  public String code() {
    return failure == null ? "Z_OK" : failure.code();
  }

  /** zlib's number of the code. */
  @Export
  public int number() {
    return failure == null ? 0 : failure.number();
  }

  /** From the start; false if that failed. */
  @Export
  public boolean reset() {
    failure = null;
    try {
      codec.reset();
      return true;
    } catch (ZlibFailure e) {
      failure = e;
      return false;
    }
  }

  /** Other settings for what comes. */
  @Export
  public void params(int level, int strategy) {
    codec.params(level, strategy);
  }

  /** Frees the memory: now, or after the write that goes on. More than once is fine. */
  @Export
  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      loop.release(this);
      if (!isWriting) {
        codec.close();
      }
    }
  }
}
