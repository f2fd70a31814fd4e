package org.restypolyglot.t.debug;

import java.nio.file.Path;

/**
 * A debugger, whatever protocol it speaks. One thread, that of the test; what does not come in time
 * is an {@link AssertionError}.
 */
public interface DebugClient extends AutoCloseable {

  /**
   * Where a guest stands.
   *
   * @param frame the protocol's name of the topmost frame
   * @param thread the protocol's name of the thread; empty where it has none
   */
  record Stop(String function, String file, int line, String frame, String thread) {}

  /** Sets the file's only breakpoint, loaded or not. */
  void breakAt(Path file, int line);

  Stop awaitStop();

  /** The value of an expression as text. */
  String evaluate(Stop stop, String expression);

  void resume(Stop stop);

  /** Waits until the other side has closed the connection, or said that it ends. */
  void awaitEnd();

  @Override
  void close();
}
