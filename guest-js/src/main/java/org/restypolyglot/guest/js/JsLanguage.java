package org.restypolyglot.guest.js;

import java.util.Set;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.restypolyglot.core.guest.EngineDescription;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.polyglot.EngineFailures;
import org.restypolyglot.core.polyglot.Engines;

/**
 * JavaScript, as a language of the SPI.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing itself; the engines live in {@link SharedEngine}.
 * <b>Failure</b>: {@link #newGuest} throws what the engine said.
 */
public final class JsLanguage implements GuestLanguage {
  static final String ID = "js";

  /** For the {@link java.util.ServiceLoader}. */
  public JsLanguage() {
    FetchSettings.apply();
  }

  @Override
  public String prefix() {
    return ID;
  }

  @Override
  public Threading threading() {
    return Threading.ANY_THREAD;
  }

  @Override
  public Set<String> packageFolders() {
    return Set.of("node_modules");
  }

  @Override
  public Guest newGuest(GuestEnvironment environment) throws GuestException {
    try {
      return JsGuest.create(environment);
    } catch (PolyglotException | IllegalArgumentException | IllegalStateException failure) {
      throw new GuestException("cannot make a JavaScript context: " + EngineFailures.text(failure));
    }
  }

  @Override
  public EngineDescription describeEngine() {
    Engine engine = SharedEngine.first();
    return Engines.describe(
        engine == null ? SharedEngine.withoutJava().engine() : engine, "GraalJS");
  }
}
