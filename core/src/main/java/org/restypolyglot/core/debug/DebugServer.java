package org.restypolyglot.core.debug;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A port where debuggers connect. One thread, that of {@link Debugging}. */
interface DebugServer extends AutoCloseable {

  InetSocketAddress address();

  /**
   * Opens an engine to debuggers; the first one opens the port.
   *
   * @throws IOException if the port cannot be had now
   */
  void add(String language, EngineAccess engine) throws IOException;

  /** Cuts off who is connected, lets go on what stands at a breakpoint, and frees the port. */
  @Override
  void close();
}
