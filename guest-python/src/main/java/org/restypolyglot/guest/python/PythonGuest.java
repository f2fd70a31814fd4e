package org.restypolyglot.guest.python;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.Spec;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.LogLevel;
import org.restypolyglot.core.guest.ModuleRoots;
import org.restypolyglot.core.guest.Task;
import org.restypolyglot.core.polyglot.JavaPermissions;
import org.restypolyglot.core.polyglot.LineStream;

/**
 * One Python context with the user's module in it.
 *
 * <p><b>Threads</b>: the guest's home thread; {@link #interrupt} and {@link #kill} any.
 * <b>Owns</b>: the context, its streams and the thread that waits for its descriptors, until {@link
 * #close}. <b>Failure</b>: as {@link Guest}.
 */
final class PythonGuest implements Guest {
  /*
   * One call into Python a task
   * ---------------------------
   * dispatch(method, size, ref) reads the request from RequestStream (size -1: nil), runs the
   * handler and returns
   *   bytes, str or None    the reply;
   *   True                  the task is answered already (it failed);
   *   an asyncio.Task       it will be answered through HostTasks; kept for cancel().
   */

  private final GuestEnvironment environment;
  private final LibraryModules libraryModules;
  private final HostSources hostSources;
  private final RequestStream request = new RequestStream();
  private final LineStream out;
  private final LineStream err;
  private final Context context;
  private final HostTurns turns;
  private final HostQueue queue;
  private final HttpExchanges http;
  private final AtomicBoolean sharesGil = new AtomicBoolean();
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private final CompletableFuture<Void> disposed = new CompletableFuture<>();

  private volatile boolean killed;

  private final Interpreter interpreter;
  private final CallContexts callContexts;
  private final Interruption interruption;
  private final Value load;
  private final Value dispatch;
  private final Value cancel;
  private final Value turn;
  private final Value dispose;

  PythonGuest(GuestEnvironment environment, LibraryModules libraryModules) throws GuestException {
    this.environment = environment;
    this.libraryModules = libraryModules;
    this.hostSources = new HostSources(environment.sources());
    this.out = new LineStream(environment.log(), LogLevel.INFO);
    this.err = new LineStream(environment.log(), LogLevel.WARN);
    JavaPermissions permissions = new JavaPermissions(environment.options().javaPermissions());
    this.turns =
        new HostTurns(
            environment.executor(), environment.log(), environment.spec().name(), this::runTurn);
    this.http = new HttpExchanges(this::enterSoon);
    this.queue = new HostQueue(environment.tasks(), environment.executor(), request);
    this.context = ContextFactory.newContext(environment.log(), permissions, request, out, err);
    try {
      context.initialize(PythonLanguage.ID);
      this.interpreter = Interpreter.of(context); // before modules are imported that need it
      this.callContexts = interpreter.callContexts();
      Value python =
          context.eval(Glue.bootstrap()).execute(ProxyObject.fromMap(functions(permissions)));
      this.interruption = new Interruption(interpreter);
      this.load = python.getMember("load");
      this.dispatch = python.getMember("dispatch");
      this.cancel = python.getMember("cancel");
      this.turn = python.getMember("turn");
      this.dispose = python.getMember("dispose");
    } catch (RuntimeException | Error failure) {
      context.close(true);
      throw failure;
    }
  }

  private Map<String, Object> functions(JavaPermissions permissions) {
    Map<String, Object> functions = new HashMap<>();
    Glue.addTo(functions);
    new HostTasks(environment.log()).addTo(functions);
    hostSources.addTo(functions);
    turns.addTo(functions);
    callContexts.addTo(functions);
    new AsyncWith(interpreter).addTo(functions);
    new AwaitInGenerators(interpreter).addTo(functions);
    queue.addTo(functions);
    http.addTo(functions);
    new SharedCode(interpreter).addTo(functions);
    new ReplacedCode(interpreter).addTo(functions);
    new Trees(interpreter).addTo(functions);
    UnicodeTables.addTo(functions);
    JsonNumbers.addTo(functions);
    FileLinks.addTo(functions);
    Addresses.addTo(functions);
    Libc.addTo(functions);
    new SystemCalls(interpreter).addTo(functions);
    TimeFormat.addTo(functions);
    Digests.addTo(functions);
    new BuiltinTypes(interpreter).addTo(functions);
    functions.put("log", (ProxyExecutable) this::log);
    functions.put("request_text", (ProxyExecutable) arguments -> request.takeAsText());
    functions.put("library_modules", libraryModules.of(environment.spec()));
    functions.put("note_library_modules", (ProxyExecutable) this::noteLibraryModules);
    functions.put("loaded", (ProxyExecutable) arguments -> finish(loaded, arguments));
    functions.put("disposed", (ProxyExecutable) this::finishDispose);
    functions.put(
        "permits_java",
        (ProxyExecutable) arguments -> permissions.permits(arguments[0].asString()));
    functions.put("has_java", !permissions.isEmpty());
    functions.put("share_gil", (ProxyExecutable) this::shareGil);
    new NativeModules(interpreter.api(), environment.options().nativePermissions())
        .addTo(functions);
    return functions;
  }

  /** {@code share_gil()}: the guest is about to have threads; may be told more than once. */
  private @Nullable Object shareGil(Value... arguments) {
    if (sharesGil.compareAndSet(false, true)) {
      interpreter.shareGil();
    }
    return null;
  }

  /** {@code note_library_modules(names)}: what has been imported; one a line. */
  private @Nullable Object noteLibraryModules(Value... arguments) {
    libraryModules.note(environment.spec(), arguments[0].asString(), hostSources.importWords());
    return null;
  }

  /** {@code log(level, text)}. */
  private @Nullable Object log(Value... arguments) {
    environment.log().log(LogLevel.valueOf(arguments[0].asString()), arguments[1].asString());
    return null;
  }

  /** {@code loaded()}, or {@code loaded(rc, text, traceback | None)} for a failure. */
  private static @Nullable Object finish(CompletableFuture<Void> stage, Value... arguments) {
    if (arguments.length == 0) {
      stage.complete(null);
    } else {
      String traceback = arguments[2].isNull() ? null : arguments[2].asString();
      stage.completeExceptionally(
          new GuestException(arguments[0].asInt(), arguments[1].asString(), traceback));
    }
    return null;
  }

  @Override
  public CompletionStage<Void> load() {
    environment.executor().requireGuestThread();
    Spec spec = environment.spec();
    List<String> roots =
        ModuleRoots.of(environment.options(), System.getenv("PYTHONPATH")).stream()
            .map(Object::toString)
            .toList();
    try {
      Venv venv = Venv.of(environment.options());
      enter(
          load,
          spec.module(),
          spec.entry(),
          spec.config(),
          String.join("\0", roots),
          venv == null ? null : venv.packages().toString(),
          venv == null || venv.prefix() == null ? null : venv.prefix().toString());
    } catch (GuestException refused) {
      return CompletableFuture.failedStage(refused);
    }
    return loaded;
  }

  @Override
  public boolean pollsItself() {
    return queue.pollsItself();
  }

  private Value enter(Value function, @Nullable Object... arguments) {
    interruption.enter();
    try {
      if (interruption.takeHasRaised()) {
        interpreter.forgetNativeFailure();
      }
      return function.execute(arguments);
    } finally {
      interruption.leave();
    }
  }

  @Override
  public void handle(Task task) {
    byte[] body = task.body();
    int size = -1;
    if (body != null) {
      size = body.length;
      request.offer(body);
    }
    callContexts.renew();
    Value result = enter(dispatch, task.method(), size, new TaskRef(task));
    if (!HostTasks.answer(task, result) && !result.isBoolean()) {
      task.attach(result);
    }
  }

  @Override
  public void cancel(Task task, CancelReason reason) {
    if (task.attachment() instanceof Value asyncioTask) {
      enter(cancel, asyncioTask, reason.text());
    }
  }

  private @Nullable Object finishDispose(Value... arguments) {
    out.finish();
    err.finish();
    return finish(disposed, arguments);
  }

  private void runTurn(boolean byTimer) {
    if (!killed) {
      enter(turn, byTimer);
    }
  }

  private void enterSoon(byte[] bytes, Value function, @Nullable Object... arguments) {
    environment
        .executor()
        .execute(
            () -> {
              if (!killed) {
                request.offer(bytes);
                enter(function, arguments);
              }
            });
  }

  @Override
  public CompletionStage<Void> dispose() {
    queue.whenPollersEnded(this::enterDispose);
    return disposed;
  }

  private void enterDispose() {
    try {
      if (!killed) {
        callContexts.renew();
        enter(dispose);
      }
    } catch (RuntimeException | Error failure) {
      disposed.completeExceptionally(failure);
    }
  }

  /**
   * Raises KeyboardInterrupt in the code that the home thread runs now. Any thread but the guest's.
   *
   * @return false if the code still runs after {@code patience}: it has caught the exception, or it
   *     is inside one long operation of Java's
   */
  @Override
  public boolean interrupt(Duration patience) {
    return interruption.interrupt(patience);
  }

  /**
   * Ends whatever runs in the context and closes it, in some tens of milliseconds; but inside one
   * long operation of Java's, after that. Any thread; {@link #close} may follow.
   */
  @Override
  public void kill() {
    killed = true;
    closeContext();
  }

  private void closeContext() {
    http.stop();
    context.close(true);
    interpreter.closeDescriptors();
    interpreter.api().forget();
  }

  /**
   * Python threads that still run are ended with the context. Python is not entered, as what the
   * guest has left there may fail or hang.
   */
  @Override
  public void close() {
    turns.stop();
    closeContext();
    out.finish();
    err.finish();
  }
}
