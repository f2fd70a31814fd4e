package org.restypolyglot.core.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.restypolyglot.core.dispatch.EndOfMemory;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.host.Event;
import org.restypolyglot.core.sources.LoadSources;

/**
 * The parallel contexts of one runtime.
 *
 * <p><b>Threads</b>: {@link #call} and {@link #cancel} on the poll thread; {@link #serve} by one at
 * a time, never after {@link #drain}; the rest on any. <b>Owns</b>: the slots. <b>Failure</b>: as
 * {@link Slot}.
 */
final class Slots {
  /*
   * All contexts change at once
   * ---------------------------
   * Who has got an answer of the new code must not get one of the old code from another context. So
   * `switching` is raised before the first slot changes. A call that finds a slot changed comes
   * after that, and each call after it sees `switching`, and waits until all have changed: some
   * writes, as what the old generations have to do follows later.
   */
  private final List<Slot> slots;
  private volatile boolean switching;

  Slots(List<Slot> slots) {
    this.slots = slots;
  }

  /** Loads all contexts at the same time. */
  CompletionStage<Void> load() {
    return Stages.all(slots, Slot::load);
  }

  /** How many of the contexts, which have loaded, poll the task queue themselves. */
  long countPolling() {
    return slots.stream().filter(Slot::pollsItself).count();
  }

  /** Gives a task to the context that has the fewest. */
  void call(Event.Call call) {
    if (switching) {
      awaitSwitch();
    }
    Slot least = slots.getFirst();
    for (Slot slot : slots) {
      if (slot.unanswered() < least.unanswered()) {
        least = slot;
      }
    }
    least.call(call);
  }

  /** Whoever switches has the lock. */
  private synchronized void awaitSwitch() {}

  void cancel(long task, CancelReason reason) {
    for (Slot slot : slots) {
      if (slot.cancel(task, reason)) {
        return;
      }
    }
  }

  /** A generation for each context, which is not loaded, and does not serve yet. */
  List<Generation> prepare(LoadSources from) {
    return slots.stream().map(slot -> slot.prepare(from)).toList();
  }

  /**
   * Puts loaded generations in the place of those that serve. Those answer the calls that they have
   * begun, and are disposed.
   *
   * @param next from {@link #prepare}
   */
  void serve(List<Generation> next) {
    List<Generation> old = new ArrayList<>(slots.size());
    putAll(next, old);
    for (int i = 0; i < slots.size(); i++) {
      retire(slots.get(i), old.get(i));
    }
  }

  /** All or none, so also when memory is out. */
  private synchronized void putAll(List<Generation> next, List<Generation> old) {
    switching = true;
    try {
      while (old.size() < slots.size()) {
        try {
          old.add(slots.get(old.size()).put(next.get(old.size())));
        } catch (OutOfMemoryError noMemory) { // nothing is put
          EndOfMemory.pause();
        }
      }
    } finally {
      switching = false;
    }
  }

  private static void retire(Slot slot, Generation old) {
    while (true) {
      try {
        slot.retire(old);
        return;
      } catch (OutOfMemoryError noMemory) { // a second time does no harm
        EndOfMemory.pause();
      }
    }
  }

  /** Drains and disposes all. */
  CompletionStage<Void> drain() {
    return Stages.all(slots, Slot::drain);
  }
}
