package org.restypolyglot.core.runtime;

import org.restypolyglot.core.guest.Sources;

/** The sources of one load. */
interface LoadSources extends Sources {
  /** The load has succeeded: what it read stays what it is for later loads, where that is asked. */
  void keep();
}
