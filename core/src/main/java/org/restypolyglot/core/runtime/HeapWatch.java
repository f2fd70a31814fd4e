package org.restypolyglot.core.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.host.Host;

/**
 * Tells the log when the heap, which all guests of the worker share, is nearly full of what they
 * keep: the worker then spends its time in the garbage collector long before an allocation fails,
 * and nothing else says why it is slow.
 *
 * <p><b>Threads</b>: {@link #start} any, once; the JVM calls back on a thread of its own.
 * <b>Failure</b>: none; a collector without such a threshold is not watched.
 */
final class HeapWatch {
  /** Of the memory that lives long, after a collection of it. */
  private static final double NEARLY_FULL = 0.9;

  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MB = 1 << 20;

  private final Host host;
  private long lastNanos = System.nanoTime() - QUIET_NANOS; // the JVM's thread

  private HeapWatch(Host host) {
    this.host = host;
  }

  static void start(Host host) {
    HeapWatch watch = new HeapWatch(host);
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      long max = pool.getUsage().getMax();
      if (pool.getType() == MemoryType.HEAP
          && pool.isCollectionUsageThresholdSupported()
          && pool.isUsageThresholdSupported()
          && max > 0) {
        pool.setCollectionUsageThreshold((long) (NEARLY_FULL * max));
      }
    }
    if (ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
      emitter.addNotificationListener(
          (notification, handback) -> {
            if (notification.getUserData() instanceof CompositeData data) {
              watch.notified(notification.getType(), MemoryNotificationInfo.from(data).getUsage());
            }
          },
          null,
          null);
    }
  }

  private void notified(String type, MemoryUsage usage) {
    boolean full = type.equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED);
    if (full && System.nanoTime() - lastNanos > QUIET_NANOS) {
      lastNanos = System.nanoTime();
      host.log(
          LogLevel.WARN,
          ("resty-polyglot: the heap is nearly full: the guests of process %d keep %d of the %d MB"
                  + " that it has for them. Raise -Xmx in conf/jvm.options, or keep less")
              .formatted(ProcessHandle.current().pid(), usage.getUsed() / MB, usage.getMax() / MB));
    }
  }
}
