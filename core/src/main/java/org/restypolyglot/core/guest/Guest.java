package org.restypolyglot.core.guest;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One generation of a runtime: a context with the user's module in it.
 *
 * <p><b>Threads</b>: every method but {@link #interrupt} and {@link #kill} is called on the guest
 * thread (one thread at a time, see {@link GuestLanguage.Threading}); none of those may block for
 * long, as the guest's other tasks wait. <b>Owns</b>: its context, until {@link #close}.
 * <b>Failure</b>: {@link #load} and {@link #dispose} report through their stage; a throw out of
 * {@link #handle} becomes the task's failure; a throw out of the others is logged.
 */
public interface Guest extends AutoCloseable {

  /**
   * Reads the module and calls its entry. The stage completes when the guest can handle tasks
   * (later, where the entry is asynchronous), or fails with a {@link GuestException}. Called once,
   * before anything else.
   */
  CompletionStage<Void> load();

  /**
   * Whether the module polls the task queue itself, with {@link GuestEnvironment#tasks} or the
   * host's own functions; no task comes to {@link #handle} then. Asked once, after {@link #load}.
   */
  default boolean pollsItself() {
    return false;
  }

  /** Starts the handler for a task; the guest answers the task now or later, exactly once. */
  void handle(Task task) throws Exception;

  /**
   * Tells the guest that nobody waits for the task any more. It may still answer, without effect;
   * it has to answer or {@link Task#drop} it in the end, so that the runtime can drain.
   */
  void cancel(Task task, CancelReason reason);

  /**
   * Runs the module's {@code dispose}, if it has one; the stage completes when that is done, and
   * fails with a {@link GuestException} if it threw. Called at most once, with no task unanswered.
   */
  CompletionStage<Void> dispose();

  /**
   * Breaks off what runs inside the guest now, as an error of the user's code where that is
   * possible; the context stays usable. Called on a thread that is not inside the guest, while the
   * guest thread can begin nothing else.
   *
   * @return whether the guest thread has come out of the context within {@code patience}
   */
  boolean interrupt(Duration patience);

  /**
   * Ends the context whatever it does, so that the guest thread comes out of it. Called on a thread
   * that is not inside the guest; blocks until it has. {@link #close} follows on the guest thread.
   */
  void kill();

  /**
   * Closes the context and all that belongs to it, threads and timers too; it may have been killed
   * before. Called once.
   */
  @Override
  void close();
}
