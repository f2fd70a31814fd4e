package org.restypolyglot.guest.python;

import java.util.Set;
import org.restypolyglot.core.guest.EngineDescription;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.polyglot.Engines;

/**
 * Python, by GraalPy.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the engine that all contexts of the process share, from the
 * first {@link #newGuest} until the process ends. <b>Failure</b>: {@link #newGuest} throws.
 */
public final class PythonLanguage implements GuestLanguage {
  static final String ID = "python";

  private final LibraryModules libraryModules = new LibraryModules();

  @Override
  public String prefix() {
    return "py";
  }

  /** sqlite3, {@code threading.local} and asyncio's running loop belong to a thread. */
  @Override
  public Threading threading() {
    return Threading.HOME_THREAD;
  }

  @Override
  public Set<String> packageFolders() {
    return Set.of("site-packages", "dist-packages", "*.dist-info");
  }

  @Override
  public Guest newGuest(GuestEnvironment environment) throws GuestException {
    return new PythonGuest(environment, libraryModules);
  }

  @Override
  public EngineDescription describeEngine() {
    return Engines.describe(SharedEngine.get(), "GraalPy");
  }
}
