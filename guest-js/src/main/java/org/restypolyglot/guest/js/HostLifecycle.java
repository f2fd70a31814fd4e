package org.restypolyglot.guest.js;

import java.util.concurrent.CompletableFuture;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.GuestException;

/**
 * How the module's {@code init} and {@code dispose} came out.
 *
 * <p><b>Threads</b>: the guest thread. <b>Failure</b>: a guest's is the failure of a future.
 */
public final class HostLifecycle {

  /**
   * What answers calls.
   *
   * @param dispatch the function {@code (method, request, task)}; null: the module polls itself
   * @param wantsBytes whether {@code request} is bytes instead of text
   */
  record Handler(@Nullable Value dispatch, boolean wantsBytes) {}

  private final CompletableFuture<Handler> loaded = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> disposed = new CompletableFuture<>();

  HostLifecycle() {}

  CompletableFuture<Handler> whenLoaded() {
    return loaded;
  }

  CompletableFuture<@Nullable Void> whenDisposed() {
    return disposed;
  }

  /** {@code init} gave a handler. */
  @Export
  public void loaded(Value dispatch, boolean wantsBytes) {
    loaded.complete(new Handler(dispatch, wantsBytes));
  }

  /** {@code init} returned 0: the module polls for its tasks itself. */
  @Export
  public void polling() {
    loaded.complete(new Handler(null, false));
  }

  /** The module has no handler. */
  @Export
  public void loadFailed(int rc, String message, String stack) {
    loaded.completeExceptionally(new GuestException(rc, message, stack));
  }

  /** {@code dispose} is done, or there is none. */
  @Export
  public void disposed() {
    disposed.complete(null);
  }

  /** {@code dispose} threw. */
  @Export
  public void disposeFailed(int rc, String message, String stack) {
    disposed.completeExceptionally(new GuestException(rc, message, stack));
  }
}
