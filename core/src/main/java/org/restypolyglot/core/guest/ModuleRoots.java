package org.restypolyglot.core.guest;

import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.RuntimeOptions;

/** Where a guest's modules are looked up. */
public final class ModuleRoots {
  private ModuleRoots() {}

  /**
   * The folders in their order, absolute, each once: {@code setup{path=}}, then those of the
   * language's environment variable, then nginx's prefix (the current folder, where the host tells
   * no prefix). Relative ones are relative to the prefix.
   *
   * @param variable the value of NODE_PATH, PYTHONPATH, …: folders with {@code :} between them;
   *     null where it is not set
   */
  public static List<Path> of(RuntimeOptions options, @Nullable String variable) {
    Path prefix = options.prefix() == null ? Path.of("") : options.prefix();
    Path base = prefix.toAbsolutePath();
    Set<Path> roots = new LinkedHashSet<>();
    for (Path folder : options.path()) {
      roots.add(base.resolve(folder).normalize());
    }
    if (variable != null) {
      for (String folder : variable.split(File.pathSeparator, -1)) {
        if (!folder.isBlank()) {
          roots.add(base.resolve(folder).normalize());
        }
      }
    }
    roots.add(base.normalize());
    return List.copyOf(roots);
  }
}
