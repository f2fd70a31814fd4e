package org.restypolyglot.guest.python;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.RuntimeOptions;

/**
 * Where modules are looked up: {@code setup{path=}}, then PYTHONPATH, then nginx's prefix (the
 * current folder, where a host tells no prefix). They come before the standard library, as a
 * script's folder does.
 */
final class ModuleRoots {
  private ModuleRoots() {}

  static List<Path> of(RuntimeOptions options) {
    return of(options, System.getenv("PYTHONPATH"));
  }

  static List<Path> of(RuntimeOptions options, @Nullable String pythonPath) {
    Path prefix = options.prefix() == null ? Path.of("") : options.prefix();
    Path base = prefix.toAbsolutePath();
    Set<Path> roots = new LinkedHashSet<>();
    for (Path folder : options.path()) {
      roots.add(base.resolve(folder).normalize());
    }
    if (pythonPath != null) {
      for (String folder : pythonPath.split(File.pathSeparator, -1)) {
        if (!folder.isBlank()) {
          roots.add(base.resolve(folder).normalize());
        }
      }
    }
    roots.add(base.normalize());
    return new ArrayList<>(roots);
  }
}
