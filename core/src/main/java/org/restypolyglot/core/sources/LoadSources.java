package org.restypolyglot.core.sources;

import java.nio.file.Path;
import java.util.List;
import org.restypolyglot.core.guest.Sources;

/** The sources of one load, of all its contexts. */
public interface LoadSources extends Sources {
  /** The load has succeeded: what it read stays what it is for later loads, where that is asked. */
  void keep();

  /** The files that were read, absolute, in order of their names. */
  List<Path> files();
}
