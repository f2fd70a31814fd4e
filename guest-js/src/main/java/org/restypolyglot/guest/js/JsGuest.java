package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.polyglot.Contexts;
import org.restypolyglot.core.polyglot.EngineFailures;

/**
 * One GraalJS context with the user's module in it.
 *
 * <p><b>Threads</b>: the guest thread, whichever thread that is. <b>Owns</b>: the context, until
 * {@link #close}. <b>Borrows</b>: the environment. <b>Failure</b>: what the user's code throws is
 * caught inside the context and answered there; what comes out is a failure of the engine's, told
 * as a {@link GuestException}.
 */
final class JsGuest implements Guest {
  private final GuestEnvironment environment;
  private final JsContext context;
  private final HostLifecycle lifecycle;
  private final Value main;
  private final Value jsNull;

  private @Nullable Value dispatch;
  private boolean wantsBytes;
  private boolean pollsItself;

  private JsGuest(GuestEnvironment environment, JsContext context, HostLifecycle lifecycle) {
    this.environment = environment;
    this.context = context;
    this.lifecycle = lifecycle;
    this.main = context.main();
    this.jsNull = context.context().eval(JsLanguage.ID, "null");
  }

  /** A guest that is not loaded yet. */
  static JsGuest create(GuestEnvironment environment) {
    HostLifecycle lifecycle = new HostLifecycle();
    JsContext context =
        JsContext.create(
            ContextOrigin.of(environment),
            environment.executor(),
            environment.damaged(),
            HostEnvironment.ofProcess(),
            Map.of("tasks", new HostTasks(environment.log()), "lifecycle", lifecycle));
    try {
      return new JsGuest(environment, context, lifecycle);
    } catch (RuntimeException | Error failure) {
      context.close();
      throw failure;
    }
  }

  @Override
  public CompletionStage<Void> load() {
    String module = environment.spec().module();
    Path file;
    try {
      file = context.resolver().resolveMain(module);
    } catch (ResolutionException e) {
      return CompletableFuture.failedFuture(
          new GuestException("cannot load module \"" + module + "\": " + e.getMessage()));
    }
    if (file == null) {
      return CompletableFuture.failedFuture(new GuestException(notFound(module)));
    }
    try {
      main.invokeMember(
          "load",
          file.toString(),
          environment.spec().entry(),
          orJsNull(environment.spec().config()));
    } catch (PolyglotException failure) {
      return CompletableFuture.failedFuture(EngineFailures.of(failure));
    }
    return lifecycle.whenLoaded().thenAccept(this::serve);
  }

  private String notFound(String module) {
    return context.resolver().roots().stream()
        .map(Path::toString)
        .collect(
            Collectors.joining(
                ", ", "cannot find module \"" + module + "\"; looked beneath: ", ""));
  }

  private void serve(HostLifecycle.Handler handler) {
    pollsItself = handler.dispatch() == null;
    dispatch = handler.dispatch();
    wantsBytes = handler.wantsBytes();
  }

  @Override
  public boolean pollsItself() {
    return pollsItself;
  }

  /** One call into the context; text and nil come back from it, all else is answered inside. */
  @Override
  public void handle(Task task) throws GuestException {
    Value target = dispatch;
    if (target == null) {
      throw new GuestException(environment.spec().name() + " is not loaded");
    }
    try {
      Value reply = target.execute(task.method(), request(task), task);
      if (reply.isString()) {
        task.reply(reply.asString());
      } else if (reply.isNull()) {
        task.reply((byte[]) null);
      }
    } catch (PolyglotException failure) { // promise reactions that waited are lost with it
      environment.damaged().accept(EngineFailures.text(failure));
      throw EngineFailures.of(failure);
    }
  }

  private Object request(Task task) {
    byte[] body = task.body();
    if (body == null) {
      return jsNull;
    }
    return wantsBytes ? ByteBuffer.wrap(body).asReadOnlyBuffer() : new String(body, UTF_8);
  }

  private Object orJsNull(@Nullable String text) {
    return text == null ? jsNull : text;
  }

  @Override
  public void cancel(Task task, CancelReason reason) {
    if (task.attachment() instanceof Value abort) {
      abort.executeVoid(reason.text());
    }
  }

  @Override
  public CompletionStage<Void> dispose() {
    try {
      main.invokeMember("dispose");
    } catch (PolyglotException failure) {
      return CompletableFuture.failedFuture(EngineFailures.of(failure));
    }
    return lifecycle.whenDisposed().thenAccept(nothing -> {});
  }

  @Override
  public boolean interrupt(Duration patience) {
    return Contexts.interrupt(context.context(), patience);
  }

  @Override
  public void kill() {
    context.kill();
  }

  @Override
  public void close() {
    context.close();
  }
}
