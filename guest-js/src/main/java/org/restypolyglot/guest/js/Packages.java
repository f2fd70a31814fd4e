package org.restypolyglot.guest.js;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.Sources;

/**
 * The package.json files that a load has asked for, each read once.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the sources of the load; all look-ups go
 * through them. <b>Failure</b>: a file that is there and is no JSON object is a {@link
 * ResolutionException}, each time.
 */
final class Packages {
  private static final String FILE = "package.json";
  private static final String NODE_MODULES = "node_modules";

  private final Sources sources;
  private final Map<Path, Optional<PackageJson>> byFolder = new HashMap<>();
  private final Map<Path, Optional<PackageJson>> scopes = new HashMap<>();

  Packages(Sources sources) {
    this.sources = sources;
  }

  /** The package.json of this very folder, null without one. */
  @Nullable PackageJson in(Path folder) throws ResolutionException {
    return in(folder, "");
  }

  /**
   * The package.json of this very folder, null without one.
   *
   * @param base what is looked for, or who looks, for the message; maybe empty
   */
  @Nullable PackageJson in(Path folder, String base) throws ResolutionException {
    Optional<PackageJson> known = byFolder.get(folder);
    if (known == null) {
      known = Optional.ofNullable(read(folder.resolve(FILE), base));
      byFolder.put(folder, known);
    }
    return known.orElse(null);
  }

  private @Nullable PackageJson read(Path file, String base) throws ResolutionException {
    if (!sources.isFile(file)) {
      return null;
    }
    try {
      return PackageJson.parse(file, ScriptSources.text(sources.read(file)));
    } catch (IOException | JsonParseException e) {
      throw ResolutionException.invalidConfig(file.toString(), base, "");
    }
  }

  /** The package that a file belongs to: the nearest package.json from its folder upwards. */
  @Nullable PackageJson scopeOf(Path file) throws ResolutionException {
    Path folder = file.getParent();
    return folder == null ? null : scopeOfFolder(folder);
  }

  private @Nullable PackageJson scopeOfFolder(Path folder) throws ResolutionException {
    Optional<PackageJson> known = scopes.get(folder);
    if (known == null) {
      PackageJson found = null;
      for (Path at = folder;
          found == null && at != null && !at.endsWith(NODE_MODULES);
          at = at.getParent()) {
        found = in(at);
      }
      known = Optional.ofNullable(found);
      scopes.put(folder, known);
    }
    return known.orElse(null);
  }
}
