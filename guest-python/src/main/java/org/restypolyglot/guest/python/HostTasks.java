package org.restypolyglot.guest.python;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLog;
import org.restypolyglot.core.guest.Task;

/**
 * What Python calls about a task, and how a Python value becomes a task's answer.
 *
 * <p><b>Threads</b>: the guest thread; {@code is_cancelled} and {@code seconds_left} any. <b>
 * Failure</b>: text that is not UTF-8 fails its task.
 */
final class HostTasks {
  private static final double MILLIS_PER_SECOND = 1000.0;

  private final GuestLog log;

  HostTasks(GuestLog log) {
    this.log = log;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("reply", (ProxyExecutable) HostTasks::reply);
    functions.put("fail", (ProxyExecutable) this::fail);
    functions.put("drop_cancelled", (ProxyExecutable) HostTasks::dropCancelled);
    functions.put(
        "is_cancelled",
        (ProxyExecutable) arguments -> TaskRef.task(arguments[0]).cancelReason() != null);
    functions.put("seconds_left", (ProxyExecutable) HostTasks::secondsLeft);
  }

  /** {@code reply(ref, result)}. */
  private static @Nullable Object reply(Value... arguments) {
    answer(TaskRef.task(arguments[0]), arguments[1]);
    return null;
  }

  /** Answers {@code task} if {@code result} is a reply: bytes, str or None; else returns false. */
  static boolean answer(Task task, Value result) {
    if (result.hasBufferElements()) {
      byte[] bytes = new byte[Math.toIntExact(result.getBufferSize())];
      result.readBuffer(0, bytes, 0, bytes.length);
      task.reply(bytes);
    } else if (result.isString()) {
      reply(task, result.asString());
    } else if (result.isNull()) {
      task.reply((byte[]) null);
    } else {
      return false;
    }
    return true;
  }

  private static void reply(Task task, String text) {
    int surrogate = loneSurrogate(text);
    if (surrogate < 0) {
      task.reply(text);
    } else {
      task.fail(
          GuestException.RC,
          "handler \"%s\" returned a str that is not UTF-8: lone surrogate \\u%04x at position %d"
              .formatted(
                  task.method(), (int) text.charAt(surrogate), text.codePointCount(0, surrogate)));
    }
  }

  private static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** {@code fail(ref, rc, text, traceback | None)}. */
  private @Nullable Object fail(Value... arguments) {
    try {
      Value traceback = arguments[3];
      if (!traceback.isNull()) {
        log.error(traceback.asString());
      }
    } finally { // a long traceback may not find the memory for its copy
      TaskRef.task(arguments[0]).fail(arguments[1].asInt(), arguments[2].asString());
    }
    return null;
  }

  /** {@code drop_cancelled(ref) -> bool}: answers the task if nobody waits for it. */
  private static Object dropCancelled(Value... arguments) {
    Task task = TaskRef.task(arguments[0]);
    return task.cancelReason() != null && task.drop();
  }

  /** {@code seconds_left(ref) -> float | None}. */
  private static @Nullable Object secondsLeft(Value... arguments) {
    long deadlineMillis = TaskRef.task(arguments[0]).deadlineMillis();
    if (deadlineMillis == 0) {
      return null;
    }
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    return (deadlineMillis - now) / MILLIS_PER_SECOND;
  }
}
