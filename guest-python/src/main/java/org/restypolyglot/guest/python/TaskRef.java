package org.restypolyglot.guest.python;

import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.Proxy;
import org.restypolyglot.core.guest.Task;

/**
 * A task as Python holds it: an object without any member, to be handed back to {@link HostTasks}.
 */
@SuppressWarnings("ClassCanBeRecord") // a record's accessors would be of use to a guest
final class TaskRef implements Proxy {
  private final Task task;

  TaskRef(Task task) {
    this.task = task;
  }

  static Task task(Value ref) {
    TaskRef proxy = ref.asProxyObject();
    return proxy.task;
  }
}
