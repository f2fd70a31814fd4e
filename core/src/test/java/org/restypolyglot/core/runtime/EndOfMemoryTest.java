package org.restypolyglot.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.guest.GuestLanguage.Threading;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;
import org.restypolyglot.core.host.InMemoryHost;
import org.restypolyglot.core.runtime.FakeLanguage.Behaviour;

/**
 * The heap is full, over and over, so that any allocation of ours may fail, in any thread: each
 * task is answered once all the same, and each runtime ends when it is unloaded. In a JVM of its
 * own with a small heap, as JUnit does not survive that.
 */
class EndOfMemoryTest {
  private static final String ALL_WELL = "all answered once, all unloaded";

  @Test
  @Timeout(300)
  void fullHeap_losesNoAnswerAndNoUnload() throws Exception {
    assertThat(outputOf("over and over")).isEqualTo(ALL_WELL + "\n");
  }

  /** What handles it has never run before: not even a literal is there yet. */
  @Test
  @Timeout(300)
  void firstEndOfMemory_isAnswered_whileTheHeapStaysFull() throws Exception {
    assertThat(outputOf("and stays")).isEqualTo(ALL_WELL + "\n");
  }

  private static String outputOf(String mode) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", "").replace(":", File.pathSeparator),
                EndOfMemoryTest.class.getName(),
                mode)
            .redirectErrorStream(true)
            .start();
    try {
      return new String(process.getInputStream().readAllBytes(), UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  // ---- in the JVM of its own -------------------------------------------------------------------

  private static final int CALLS = 9_000;
  private static final int IN_FLIGHT = 300;
  private static final int QUEUES = 3;

  /** Has all its events from the start, and needs no memory for an answer, as the real host. */
  private static final class SteadyHost implements Host {
    final AtomicIntegerArray answers = new AtomicIntegerArray(CALLS);
    final AtomicInteger answered = new AtomicInteger();
    final AtomicInteger twice = new AtomicInteger();
    final AtomicInteger unloaded = new AtomicInteger();
    volatile boolean over;
    private final long[] tagOfQueue = new long[QUEUES];
    private final Event[] calls = new Event[CALLS];
    private final Event[] unloads = new Event[QUEUES];
    private final AtomicReference<@Nullable Thread> poller = new AtomicReference<>();
    private int added; // written before `started`, as the next one
    private int limit;
    private int posted; // the poll thread's
    private volatile boolean started;
    private volatile boolean woken;
    private volatile int ending; // so many queues are told to end
    private int ended; // the poll thread's

    void start(int limit) {
      this.limit = limit;
      for (int i = 0; i < limit; i++) {
        calls[i] = new Event.Call(tagOfQueue[i % added], i, "any", null, 0);
      }
      for (int i = 0; i < QUEUES; i++) {
        unloads[i] = new Event.Unload(tagOfQueue[i]);
      }
      started = true;
      wake();
    }

    void unloadAll() {
      ending = QUEUES;
      wake();
    }

    @Override
    public void add(long taskQueue, long tag) {
      tagOfQueue[(int) taskQueue] = tag;
      added++;
    }

    @Override
    public void poll(List<Event> events, @Nullable Duration timeout) {
      poller.set(Thread.currentThread());
      while (!take(events) && !woken && timeout == null) {
        LockSupport.parkNanos(1_000_000);
      }
      woken = false;
    }

    private boolean take(List<Event> events) {
      while (started
          && events.size() < BATCH
          && posted < limit
          && posted - answered.get() < IN_FLIGHT) {
        events.add(calls[posted++]);
      }
      while (ended < ending && events.size() < BATCH) {
        events.add(unloads[ended++]);
      }
      return !events.isEmpty();
    }

    @Override
    public long pollTask(long taskQueue) {
      return 0;
    }

    @Override
    public byte @Nullable [] request(long task) {
      return null;
    }

    @Override
    public void wake() {
      woken = true;
      LockSupport.unpark(poller.get());
    }

    @Override
    public boolean respond(long task, int rc, byte @Nullable [] bytes, int offset, int length) {
      if (answers.incrementAndGet((int) task) != 1) {
        twice.incrementAndGet();
        return false; // refused, as the real host does
      }
      answered.incrementAndGet();
      return true;
    }

    @Override
    public void log(LogLevel level, String text) {}

    @Override
    public void done(long taskQueue) {
      unloaded.incrementAndGet();
    }

    @Override
    public String options(long taskQueue) {
      return "{}";
    }

    @Override
    public void status(long taskQueue, String json) {}

    @Override
    public void loadFailed(long taskQueue, String text) {}
  }

  /** Fills the heap to its very end, in ever smaller pieces, and keeps it so for a moment. */
  private static void fillTheHeap() {
    Object[] chain = null;
    for (int size = 1 << 20; size >= 4; size /= 2) {
      try {
        while (true) {
          Object[] next = new Object[size];
          next[0] = chain;
          chain = next;
        }
      } catch (OutOfMemoryError full) {
        // smaller ones may fit
      }
    }
    try {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    } finally {
      Reference.reachabilityFence(chain);
    }
  }

  private static GuestLanguage language(String prefix, Threading threading) {
    return new FakeLanguage(
        prefix,
        threading,
        environment ->
            new Behaviour(environment) {
              @Override
              public void handle(Task task) {
                if (task.method().equals("fail")) {
                  throw new OutOfMemoryError("as asked for");
                }
                if (task.handle() % 7 == 0) { // later, as after an await
                  environment.executor().execute(() -> replyLater(task));
                } else {
                  task.reply(new byte[5_000]);
                }
              }

              private static void replyLater(Task task) {
                try {
                  task.reply(new byte[5_000]);
                } catch (OutOfMemoryError noMemory) {
                  task.failForMemory();
                }
              }

              @Override
              public void cancel(Task task, CancelReason reason) {
                task.drop();
              }
            });
  }

  private static void fillOverAndOver(SteadyHost host) {
    while (!host.over) {
      try {
        fillTheHeap();
      } catch (OutOfMemoryError full) {
        // that is what it is for
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** Allocates nothing. */
  private static void waitUntil(BooleanSupplier done) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!done.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  /**
   * Code that runs for the first time is linked by the JVM, which tries that once: no code of ours
   * can mend it when there is no memory just then.
   */
  private static void rehearse(List<GuestLanguage> languages) throws Exception {
    InMemoryHost host = new InMemoryHost((level, text) -> {});
    try (Runtimes runtimes = Runtimes.start(host, languages)) {
      for (GuestLanguage language : languages) {
        long queue = host.newQueue("{}");
        runtimes.load(language.prefix() + ":m,init", queue);
        for (int i = 0; i < 20; i++) {
          CompletableFuture<InMemoryHost.Reply> call = host.call(queue, "any", null, null);
          host.cancel(call, CancelReason.TIMEOUT);
          call.join();
        }
        host.call(queue, "fail", null, null).join();
        host.unload(queue).join();
      }
    }
  }

  private static final AtomicReference<Object @Nullable []> KEPT = new AtomicReference<>();

  /** Keeps the heap full, down to the smallest object. */
  private static void keepTheHeapFull() {
    Object[] chain = null;
    for (int size = 1 << 20; size >= 1; size /= 2) {
      try {
        while (true) {
          Object[] next = new Object[size];
          next[0] = chain;
          chain = next;
          KEPT.set(chain);
        }
      } catch (OutOfMemoryError full) {
        // smaller ones may fit
      }
    }
  }

  private static void keepFull() throws Exception {
    SteadyHost host = new SteadyHost();
    GuestLanguage language =
        new FakeLanguage(
            "l",
            Threading.ANY_THREAD,
            environment ->
                new Behaviour(environment) {
                  @Override
                  public void handle(Task task) {
                    if (task.handle() > 0) { // the first one links the code
                      keepTheHeapFull();
                    }
                    throw new OutOfMemoryError("as asked for");
                  }
                });
    Runtimes runtimes = Runtimes.start(host, List.of(language));
    runtimes.load(language.prefix() + ":m,init", 0);
    host.start(2);
    BooleanSupplier answered = () -> host.answered.get() == 2;
    waitUntil(answered);
    KEPT.set(null);
    System.out.println(answered.getAsBoolean() ? ALL_WELL : "no answer");
  }

  /** The child's. */
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("and stays")) {
      keepFull();
      return;
    }
    List<Throwable> uncaught = new ArrayList<>(100);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          synchronized (uncaught) {
            uncaught.add(failure);
          }
        });
    SteadyHost host = new SteadyHost();
    List<GuestLanguage> languages = new ArrayList<>();
    for (int i = 0; i < QUEUES; i++) {
      languages.add(language("l" + i, i == 1 ? Threading.HOME_THREAD : Threading.ANY_THREAD));
    }
    rehearse(languages);
    Runtimes runtimes = Runtimes.start(host, languages);
    for (int i = 0; i < QUEUES; i++) {
      runtimes.load("l" + i + ":m,init", i);
    }
    host.start(CALLS);
    // Now, while there is memory.
    BooleanSupplier allAnswered = () -> host.answered.get() == CALLS;
    BooleanSupplier allUnloaded = () -> host.unloaded.get() == QUEUES;
    Thread filler = new Thread(() -> fillOverAndOver(host));
    filler.setDaemon(true);
    filler.start();
    waitUntil(allAnswered);
    host.unloadAll();
    waitUntil(allUnloaded);
    host.over = true;
    filler.join();
    for (Throwable failure : uncaught) {
      failure.printStackTrace(System.out);
    }
    if (host.answered.get() < CALLS) {
      System.out.println("answered: " + host.answered + " of " + CALLS);
    } else if (host.twice.get() > 0) {
      System.out.println("answered twice: " + host.twice);
    } else if (host.unloaded.get() < QUEUES) {
      System.out.println("unloaded: " + host.unloaded + " of " + QUEUES);
    } else {
      System.out.println(ALL_WELL);
    }
  }
}
