package org.restypolyglot.core.guest;

import java.util.concurrent.CompletionStage;

/**
 * One generation of a runtime: a context with the user's module in it.
 *
 * <p><b>Threads</b>: every method is called on the guest thread (one thread at a time, see {@link
 * GuestLanguage.Threading}); none may block for long, as the guest's other tasks wait. <b>Owns</b>:
 * its context, until {@link #close}. <b>Failure</b>: {@link #load} and {@link #dispose} report
 * through their stage; a throw out of {@link #handle} becomes the task's failure; a throw out of
 * the others is logged.
 */
public interface Guest extends AutoCloseable {

  /**
   * Reads the module and calls its entry. The stage completes when the guest can handle tasks
   * (later, where the entry is asynchronous), or fails with a {@link GuestException}. Called once,
   * before anything else.
   */
  CompletionStage<Void> load();

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

  /** Closes the context and all that belongs to it, threads and timers too. Called once. */
  @Override
  void close();
}
