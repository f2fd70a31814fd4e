package org.restypolyglot.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.host.Host;
import org.restypolyglot.core.host.NativeHost;
import org.restypolyglot.core.runtime.Runtimes;

/**
 * Where the loader enters the JVM.
 *
 * <p><b>Threads</b>: any thread that the loader has attached. <b>Owns</b>: the one {@link Runtimes}
 * of the process, from the first load on. <b>Failure</b>: nothing escapes; it becomes the load's
 * {@code rc} and text.
 */
public final class Boot {
  private static @Nullable Host host;
  private static @Nullable Runtimes runtimes;

  private Boot() {}

  /**
   * Loads a runtime; blocks until it serves its queue or has failed.
   *
   * @param spec UTF-8, see {@link Spec}
   * @param taskQueue the host's handle
   * @return 0, or the load's {@code rc}; the host has got the text that goes with it
   */
  public static int load(byte[] spec, long taskQueue) {
    try {
      start();
      if (runtimes == null) {
        throw new IllegalStateException("no runtimes");
      }
      runtimes.load(new String(spec, UTF_8), taskQueue);
      return 0;
    } catch (GuestException failure) {
      return failed(taskQueue, failure.rc(), failure.text());
    } catch (Throwable failure) { // the loader's C code can do nothing with it
      failure.printStackTrace();
      return failed(taskQueue, GuestException.RC, failure.toString());
    }
  }

  private static int failed(long taskQueue, int rc, String text) {
    if (host != null) {
      host.loadFailed(taskQueue, text);
    }
    return rc;
  }

  private static synchronized void start() {
    if (runtimes == null) {
      host = NativeHost.ofThisProcess();
      runtimes = Runtimes.start(host);
      host.log(
          LogLevel.NOTICE,
          "resty-polyglot %s: JVM %s %s, process %d"
              .formatted(
                  Version.TEXT,
                  System.getProperty("java.vm.name"),
                  System.getProperty("java.vm.version"),
                  ProcessHandle.current().pid()));
    }
  }
}
