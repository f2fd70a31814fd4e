package org.restypolyglot.core.runtime;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.restypolyglot.core.guest.CancelReason;
import org.restypolyglot.core.guest.EngineDescription;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.guest.Task;

/** A language whose modules are Java lambdas: the spec's module names nothing. */
final class FakeLanguage implements GuestLanguage {

  /** What a fake guest does; the defaults echo at once. */
  abstract static class Behaviour implements Guest {
    protected final GuestEnvironment environment;

    protected Behaviour(GuestEnvironment environment) {
      this.environment = environment;
    }

    @Override
    public CompletionStage<Void> load() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void handle(Task task) throws Exception {
      task.reply(task.body());
    }

    @Override
    public void cancel(Task task, CancelReason reason) {}

    @Override
    public CompletionStage<Void> dispose() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean interrupt(Duration patience) {
      return true;
    }

    @Override
    public void kill() {}

    @Override
    public void close() {}
  }

  /** Makes a guest. */
  interface Factory {
    Guest guest(GuestEnvironment environment) throws GuestException;
  }

  private final String prefix;
  private final Threading threading;
  private final Factory factory;

  FakeLanguage(String prefix, Threading threading, Factory factory) {
    this.prefix = prefix;
    this.threading = threading;
    this.factory = factory;
  }

  static FakeLanguage echo(String prefix, Threading threading) {
    return new FakeLanguage(prefix, threading, environment -> new Behaviour(environment) {});
  }

  @Override
  public String prefix() {
    return prefix;
  }

  @Override
  public Threading threading() {
    return threading;
  }

  @Override
  public Set<String> packageFolders() {
    return Set.of("packages");
  }

  @Override
  public Guest newGuest(GuestEnvironment environment) throws GuestException {
    return factory.guest(environment);
  }

  @Override
  public EngineDescription describeEngine() {
    return new EngineDescription(prefix + " engine", false);
  }
}
