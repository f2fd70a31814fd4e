package org.restypolyglot.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for core's Boot, so that the loader is tested without core. The spec is {@code
 * command:argument}; 0 means that what the argument says is true.
 */
public final class Boot {
  private static final AtomicInteger LOADS = new AtomicInteger();

  private Boot() {}

  /** As core's. */
  public static int load(byte[] spec, long taskQueue) throws Exception {
    LOADS.incrementAndGet();
    String text = new String(spec, ISO_8859_1);
    String[] parts = text.split(":", 2);
    String argument = parts.length == 2 ? parts[1] : "";
    return switch (parts[0]) {
      case "rc" -> Integer.parseInt(argument);
      case "sum" -> text.chars().sum();
      case "tq" -> Long.toUnsignedString(taskQueue, 16).equals(argument) ? 0 : 1;
      case "loads" -> LOADS.get();
      case "thread" -> isLoadThread() ? 0 : 1;
      case "stack" -> depth(Integer.parseInt(argument));
      case "property" -> equal(argument, System.getProperty(name(argument), "unset"));
      case "option" -> equal(argument, option(name(argument)));
      case "throw" -> throw new IllegalStateException("Grüße", new Exception("the cause"));
      case "no-text" -> throw new NoText();
      case "sleep" -> {
        Thread.sleep(Long.parseLong(argument));
        yield 0;
      }
      case "echo" -> {
        Thread.ofPlatform().daemon().start(new Echo(taskQueue));
        yield 0;
      }
      case "exit" -> {
        System.exit(Integer.parseInt(argument));
        yield 1;
      }
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static String name(String argument) {
    return argument.split("=", 2)[0];
  }

  private static int equal(String argument, String actual) {
    if (argument.equals(name(argument) + "=" + actual)) {
      return 0;
    }
    System.err.println("expected " + argument + " but got " + actual);
    return 1;
  }

  private static String option(String name) {
    return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .getVMOption(name)
        .getValue();
  }

  private static boolean isLoadThread() {
    Thread thread = Thread.currentThread();
    return thread.isDaemon()
        && thread.getName().equals("resty-load")
        && thread.getContextClassLoader() == ClassLoader.getSystemClassLoader();
  }

  private static int depth(int frames) {
    return frames == 0 ? 0 : depth(frames - 1);
  }

  /** A throwable that cannot even be described. */
  private static final class NoText extends RuntimeException {
    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }
}
