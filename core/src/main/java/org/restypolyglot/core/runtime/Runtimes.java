package org.restypolyglot.core.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.DebugOptions;
import org.restypolyglot.core.RuntimeOptions;
import org.restypolyglot.core.Spec;
import org.restypolyglot.core.debug.Debugging;
import org.restypolyglot.core.dispatch.Dispatcher;
import org.restypolyglot.core.dispatch.EndOfMemory;
import org.restypolyglot.core.guest.EngineDescription;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.host.Host;
import org.restypolyglot.core.sources.SourceStore;
import org.restypolyglot.core.sources.SourceWatch;

/**
 * All runtimes of a process, and the dispatcher that serves them.
 *
 * <pre>{@code
 * Runtimes runtimes = Runtimes.start(host);
 * runtimes.load("js:demo/echo,init", taskQueue);
 * }</pre>
 *
 * In this example the module's handler answers the tasks of the queue from the second line on,
 * until the host yields {@link Event.Unload} for it.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the dispatcher, the runtimes, the source cache. <b>
 * Borrows</b>: the host. <b>Failure</b>: {@link #load} throws; what happens later goes to the tasks
 * and the log.
 */
public final class Runtimes implements AutoCloseable {
  private final Host host;
  private final Map<String, GuestLanguage> languages;
  private final Dispatcher dispatcher;
  private final ExecutorService guards =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("resty-guard-", 1).factory());
  private final Services services;
  private final Map<Long, LoadedRuntime> byTag = new ConcurrentHashMap<>();
  private final AtomicLong tags = new AtomicLong();
  private @Nullable SourceWatch watch; // under the lock
  private @Nullable Debugging debugging; // under the lock
  private final Set<String> describedLanguages = ConcurrentHashMap.newKeySet();

  private Runtimes(Host host, Map<String, GuestLanguage> languages) {
    this.host = host;
    this.languages = languages;
    this.dispatcher = new Dispatcher(host, this::onEvent);
    this.services = new Services(host, dispatcher, new SourceStore(), this::watch, guards);
  }

  /** Serves {@code host} with the languages that {@link ServiceLoader} finds. */
  public static Runtimes start(Host host) {
    List<GuestLanguage> found = new ArrayList<>();
    ServiceLoader.load(GuestLanguage.class, Runtimes.class.getClassLoader()).forEach(found::add);
    return start(host, found);
  }

  /** Serves {@code host} with the languages given. */
  public static Runtimes start(Host host, Iterable<? extends GuestLanguage> languages) {
    Map<String, GuestLanguage> byPrefix = new TreeMap<>();
    languages.forEach(language -> byPrefix.put(language.prefix(), language));
    Runtimes runtimes = new Runtimes(host, byPrefix);
    runtimes.dispatcher.start();
    runtimes.guards.execute(() -> HeapWatch.start(host)); // beside the first load
    return runtimes;
  }

  /**
   * Loads a runtime and waits until it serves its queue.
   *
   * @param spec see {@link Spec}
   * @throws GuestException with what Lua gets as {@code rc, err}; it is in the log already
   */
  public void load(String spec, long taskQueue) throws GuestException {
    Spec parsed;
    try {
      parsed = Spec.parse(spec);
    } catch (IllegalArgumentException bad) {
      throw logged("resty-polyglot", new GuestException(String.valueOf(bad.getMessage())));
    }
    try {
      load(parsed, taskQueue);
    } catch (IllegalArgumentException bad) {
      throw logged(parsed.name(), new GuestException(String.valueOf(bad.getMessage())));
    }
  }

  private void load(Spec spec, long taskQueue) throws GuestException {
    GuestLanguage language = languages.get(spec.language());
    if (language == null) {
      throw new IllegalArgumentException(
          "no language \"%s\" for spec \"%s\"; there is: %s"
              .formatted(spec.language(), spec, String.join(", ", languages.keySet())));
    }
    RuntimeOptions options = RuntimeOptions.parse(host.options(taskQueue));
    openToDebuggers(options.debug());
    String name = spec.name();
    GuestLog log = (level, text) -> host.log(level, prefixed(name, text));
    Recipe recipe = new Recipe(language, spec, options, new PolledQueue(host, taskQueue, log), log);
    LoadedRuntime runtime = new LoadedRuntime(recipe, services, taskQueue);
    try {
      runtime.load().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw logged(name, Failures.ofGuest(e));
    }
    describeOnce(language);
    if (runtime.pollsItself()) {
      runtime.serveItself();
    } else {
      serve(runtime, taskQueue);
    }
  }

  /** What the first runtime's options say holds for all: setup{} gives them. */
  private synchronized void openToDebuggers(DebugOptions options) {
    if (debugging == null && options.isOn()) {
      debugging = Debugging.start(host, options);
    }
  }

  private synchronized SourceWatch watch() {
    if (watch == null) {
      Set<String> packages = new TreeSet<>();
      languages.values().forEach(language -> packages.addAll(language.packageFolders()));
      watch = new SourceWatch(packages, line -> host.log(LogLevel.WARN, "resty-polyglot: " + line));
    }
    return watch;
  }

  private void serve(LoadedRuntime runtime, long taskQueue) {
    long tag = tags.incrementAndGet();
    byTag.put(tag, runtime);
    try {
      host.add(taskQueue, tag);
    } catch (RuntimeException | Error refused) {
      byTag.remove(tag);
      runtime.discard();
      throw refused;
    }
  }

  private GuestException logged(String name, GuestException failure) {
    host.log(LogLevel.ERROR, prefixed(name, "load failed: " + failure.logText()));
    return failure;
  }

  private static String prefixed(String name, String text) {
    String prefix = "[" + name + "] ";
    return prefix + text.stripTrailing().replace("\n", "\n" + prefix);
  }

  private void describeOnce(GuestLanguage language) {
    if (describedLanguages.add(language.prefix())) {
      EngineDescription engine = language.describeEngine();
      host.log(LogLevel.NOTICE, "resty-polyglot: " + engine.text());
      String compiler = compiler();
      if (engine.interpreted() && compiler != null) {
        host.log(
            LogLevel.WARN,
            "resty-polyglot: the engine refuses the compiler in "
                + compiler
                + " and interprets only: is it of the same version as the JDK and the engine?");
      }
    }
  }

  /** Where the compiler is that the loader has asked for; null: it has not. */
  private static @Nullable String compiler() {
    String path = System.getProperty("jdk.module.upgrade.path"); // --upgrade-module-path
    boolean isLinkedIn = ModuleLayer.boot().findModule("org.graalvm.truffle.compiler").isPresent();
    return path == null && isLinkedIn ? System.getProperty("java.home") : path;
  }

  private void onEvent(Event event) {
    LoadedRuntime runtime = find(event.tag());
    if (runtime == null) {
      return; // a cancel that is too late: its runtime has answered all its tasks
    }
    switch (event) {
      case Event.Call call -> submit(runtime, call);
      case Event.Cancel cancel -> cancel(runtime, cancel);
      case Event.Unload unload -> unload(runtime, unload.tag());
    }
  }

  private @Nullable LoadedRuntime find(long tag) {
    while (true) {
      try {
        return byTag.get(tag);
      } catch (OutOfMemoryError noMemory) { // for the key; the event comes once
        EndOfMemory.pause();
      }
    }
  }

  private void submit(LoadedRuntime runtime, Event.Call call) {
    try {
      runtime.call(call);
    } catch (OutOfMemoryError | LinkageError noMemory) { // this call fails; polling goes on
      host.respond(call.task(), GuestException.RC, null, 0, 0);
    }
  }

  private static void cancel(LoadedRuntime runtime, Event.Cancel cancel) {
    try {
      runtime.cancel(cancel.task(), cancel.reason());
    } catch (OutOfMemoryError noMemory) {
      // the guest does not learn of it; its reply is dropped all the same
    }
  }

  private void unload(LoadedRuntime runtime, long tag) {
    while (true) {
      try {
        runtime.unload(() -> byTag.remove(tag));
        return;
      } catch (OutOfMemoryError noMemory) { // it comes once, so it must not be lost
        EndOfMemory.pause();
      }
    }
  }

  /** Stops to poll and ends the threads; runtimes that were not unloaded are abandoned. */
  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
    }
    if (debugging != null) {
      debugging.close();
    }
    dispatcher.close();
    guards.shutdownNow();
  }
}
