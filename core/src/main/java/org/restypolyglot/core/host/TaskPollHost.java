package org.restypolyglot.core.host;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.LogLevel;

/**
 * A host with lua-resty-ffi's ABI alone, for example that project's own: one thread per task queue
 * blocks in {@code task_poll}.
 *
 * <p>Without the extension there are no method names, deadlines, cancel events or options, and the
 * log is the standard error stream, which nginx connects to error.log.
 *
 * <p><b>Threads</b>: as {@link Host}. <b>Owns</b>: the threads; each ends when its queue is
 * unloaded. <b>Failure</b>: as {@link HostAbi}.
 */
final class TaskPollHost extends QueuedHost {
  private static final String NO_METHOD = "";

  private final HostAbi abi;

  TaskPollHost(HostAbi abi) {
    this.abi = abi;
  }

  @Override
  public void add(long taskQueue, long tag) {
    Thread.ofPlatform()
        .daemon()
        .name("resty-task-poll-" + tag)
        .start(() -> pollQueue(taskQueue, tag));
  }

  private void pollQueue(long taskQueue, long tag) {
    for (long task = abi.taskPoll(taskQueue); task != 0; task = abi.taskPoll(taskQueue)) {
      offer(new Event.Call(tag, task, NO_METHOD, abi.request(task), 0));
    }
    offer(new Event.Unload(tag));
  }

  @Override
  public long pollTask(long taskQueue) {
    return abi.taskPoll(taskQueue);
  }

  @Override
  public byte @Nullable [] request(long task) {
    return NativeHost.request(abi, task);
  }

  @Override
  public boolean respond(long task, int rc, byte @Nullable [] bytes, int offset, int length) {
    return NativeHost.respond(abi, task, rc, bytes, offset, length);
  }

  @Override
  public void log(LogLevel level, String text) {
    System.err.println("[" + level.name().toLowerCase(Locale.ROOT) + "] " + text);
  }

  @Override
  public void done(long taskQueue) {} // it knows by the poller that got its NULL

  @Override
  public String options(long taskQueue) {
    return "{}";
  }

  @Override
  public void status(long taskQueue, String json) {} // nobody can ask for it

  @Override
  public void loadFailed(long taskQueue, String text) {
    log(LogLevel.ERROR, text);
  }
}
