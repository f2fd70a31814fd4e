package org.restypolyglot.core.guest;

import java.util.Set;

/**
 * A language whose modules can serve tasks; found by {@link java.util.ServiceLoader}.
 *
 * <p><b>Threads</b>: all methods may be called from any thread, also at the same time. <b>Owns</b>:
 * what all guests of the language share (usually a polyglot {@code Engine}), from the first {@link
 * #newGuest} until the process ends. <b>Failure</b>: {@link #newGuest} throws; nothing else does.
 */
public interface GuestLanguage {

  /** Which thread may be inside a guest. */
  enum Threading {
    /** Any thread, one at a time. */
    ANY_THREAD,
    /** One thread for the guest's whole life, as the language has thread-bound state. */
    HOME_THREAD,
  }

  /** The spec's language prefix, for example {@code "js"}. */
  String prefix();

  /** Which thread may be inside a guest of this language. */
  Threading threading();

  /**
   * Names of folders below which packages are installed: many files, which change seldom; after a
   * {@code *}, how a name ends that such a folder holds.
   */
  Set<String> packageFolders();

  /**
   * Makes a guest that is not loaded yet, maybe long before its {@link Guest#load}, and in vain: it
   * reads no file of the user's. Called on the guest thread; may take seconds.
   *
   * @throws GuestException if the engine or the context cannot be made
   */
  Guest newGuest(GuestEnvironment environment) throws GuestException;

  /** What the log tells about the engine. Called after the first {@link #newGuest}. */
  EngineDescription describeEngine();
}
