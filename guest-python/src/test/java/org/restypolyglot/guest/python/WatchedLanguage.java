package org.restypolyglot.guest.python;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.restypolyglot.core.guest.EngineDescription;
import org.restypolyglot.core.guest.Guest;
import org.restypolyglot.core.guest.GuestEnvironment;
import org.restypolyglot.core.guest.GuestException;
import org.restypolyglot.core.guest.GuestLanguage;

/** Python, which remembers its guests without holding them. */
final class WatchedLanguage implements GuestLanguage {
  final List<WeakReference<Guest>> guests = new CopyOnWriteArrayList<>();
  private final GuestLanguage python = new PythonLanguage();

  /** The guest that was made last. */
  PythonGuest latest() {
    if (guests.getLast().get() instanceof PythonGuest guest) {
      return guest;
    }
    throw new AssertionError("the guest is gone");
  }

  @Override
  public String prefix() {
    return python.prefix();
  }

  @Override
  public Threading threading() {
    return python.threading();
  }

  @Override
  public Set<String> packageFolders() {
    return Set.of();
  }

  @Override
  public Guest newGuest(GuestEnvironment environment) throws GuestException {
    Guest guest = python.newGuest(environment);
    guests.add(new WeakReference<>(guest));
    return guest;
  }

  @Override
  public EngineDescription describeEngine() {
    return python.describeEngine();
  }
}
