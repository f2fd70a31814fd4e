package org.restypolyglot.guest.js;

import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.proxy.ProxyArray;

/**
 * What a Worker knows of itself.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: none.
 */
public final class HostWorker {
  private final int threadId;
  private final String name;
  private final PortEnd port;
  private final String execArgv;
  private final double[] limits;

  HostWorker(int threadId, String name, PortEnd port, String execArgv, double[] limits) {
    this.threadId = threadId;
    this.name = name;
    this.port = port;
    this.execArgv = execArgv;
    this.limits = limits.clone();
  }

  @Export
  public int threadId() {
    return threadId;
  }

  @Export
  public String name() {
    return name;
  }

  /** Its end of the channel to who has started it. */
  @Export
  public PortEnd port() {
    return port;
  }

  /** The command line's options, with NUL between them. */
  @Export
  public String execArgv() {
    return execArgv;
  }

  @Export
  public ProxyArray limits() {
    Object[] boxed = new Object[limits.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = limits[i];
    }
    return ProxyArray.fromArray(boxed);
  }
}
