package org.restypolyglot.guest.js;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.ModuleRoots;
import org.restypolyglot.core.guest.Sources;
import org.restypolyglot.core.guest.TaskQueue;
import org.restypolyglot.core.polyglot.JavaPermissions;

/**
 * What all contexts of one generation are made from: its main one, and those of its Workers.
 *
 * @param name the runtime's
 * @param roots where modules are looked up
 * @param tasks the runtime's task queue, for who polls it himself
 * @param broadcasts the BroadcastChannels by name
 * @param threadIds the last one that a Worker has got
 */
record ContextOrigin(
    String name,
    GuestLog log,
    Sources sources,
    List<Path> roots,
    JavaPermissions permissions,
    TaskQueue tasks,
    Map<String, PortGroup> broadcasts,
    AtomicInteger threadIds) {

  static ContextOrigin of(GuestEnvironment environment) {
    return new ContextOrigin(
        environment.spec().name(),
        environment.log(),
        environment.sources(),
        ModuleRoots.of(environment.options(), System.getenv("NODE_PATH")),
        new JavaPermissions(environment.options().javaPermissions()),
        environment.tasks(),
        new ConcurrentHashMap<>(),
        new AtomicInteger());
  }
}
