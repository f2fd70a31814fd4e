package org.restypolyglot.guest.js;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.Sources;

/**
 * Finds the file behind a module's name, by Node's rules for {@code require}.
 *
 * <pre>{@code
 * resolver.resolve("./util", Path.of("/srv/app"));   // /srv/app/util.js
 * resolver.resolve("left-pad", Path.of("/srv/app")); // /srv/node_modules/left-pad/index.js
 * }</pre>
 *
 * In this example a relative name gets its extension, and a bare one is looked for in every {@code
 * node_modules} upwards, then in the roots.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the sources of one load; all look-ups go
 * through them. <b>Failure</b>: what is not found, or is no path at all, is null.
 */
final class ModuleResolver {
  /** In Node's order; {@code .node} (native code) is not for us. */
  private static final List<String> EXTENSIONS = List.of("", ".js", ".json", ".cjs");

  /** A spec may name an ES module without its extension, to be told that it is one. */
  private static final String ES_MODULE = ".mjs";

  private static final String NODE_MODULES = "node_modules";

  private final Sources sources;
  private final List<Path> roots;

  /**
   * Makes a resolver for one load.
   *
   * @param roots where bare names are looked up last, in order; absolute
   */
  ModuleResolver(Sources sources, List<Path> roots) {
    this.sources = sources;
    this.roots = List.copyOf(roots);
  }

  List<Path> roots() {
    return roots;
  }

  /** The module of a spec: a path beneath a root, an absolute path, or a package of a root's. */
  @Nullable Path resolveMain(String module) {
    for (Path root : roots) {
      Path found = childFile(root, module);
      if (found == null) {
        found = esModule(root, module);
      }
      if (found == null) {
        found = childFile(root.resolve(NODE_MODULES), module);
      }
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /**
   * What {@code require(specifier)} in a file of {@code folder} means.
   *
   * @param folder absolute
   */
  @Nullable Path resolve(String specifier, Path folder) {
    if (isPath(specifier)) {
      return childFile(folder, specifier);
    }
    for (Path place : searchFolders(folder)) {
      Path found = childFile(place, specifier);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Where a bare name is looked for from {@code folder}: Node's {@code module.paths}. */
  List<Path> searchFolders(Path folder) {
    Set<Path> places = new LinkedHashSet<>();
    for (Path at = folder; at != null; at = at.getParent()) {
      if (!at.endsWith(NODE_MODULES)) {
        places.add(at.resolve(NODE_MODULES));
      }
    }
    for (Path root : roots) {
      places.add(root.resolve(NODE_MODULES));
      places.add(root);
    }
    return new ArrayList<>(places);
  }

  private static boolean isPath(String specifier) {
    return specifier.startsWith("/")
        || specifier.startsWith("./")
        || specifier.startsWith("../")
        || specifier.equals(".")
        || specifier.equals("..");
  }

  private @Nullable Path esModule(Path root, String module) {
    Path target = child(root, module + ES_MODULE);
    return target != null && sources.isFile(target) ? target : null;
  }

  private @Nullable Path childFile(Path folder, String name) {
    Path target = child(folder, name);
    if (target == null) {
      return null;
    }
    boolean folderOnly = name.endsWith("/") || name.equals(".") || name.equals("..");
    return folderOnly ? inFolder(target) : fileOrFolder(target);
  }

  private static @Nullable Path child(Path folder, String name) {
    try {
      return folder.resolve(name).normalize();
    } catch (InvalidPathException e) { // a NUL in it, for example
      return null;
    }
  }

  private @Nullable Path fileOrFolder(Path target) {
    Path file = file(target);
    return file == null ? inFolder(target) : file;
  }

  private @Nullable Path file(Path target) {
    for (String extension : EXTENSIONS) {
      Path candidate = withSuffix(target, extension);
      if (sources.isFile(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private @Nullable Path inFolder(Path folder) {
    String main = mainOf(folder.resolve("package.json"));
    if (main != null) {
      Path target = child(folder, main);
      Path found = target == null ? null : file(target);
      if (found == null && target != null) {
        found = file(target.resolve("index"));
      }
      if (found != null) {
        return found;
      }
    }
    return file(folder.resolve("index"));
  }

  /** The {@code main} field; null without one, and where the file is unreadable or no JSON. */
  private @Nullable String mainOf(Path packageJson) {
    if (!sources.isFile(packageJson)) {
      return null;
    }
    try {
      String text = new String(sources.read(packageJson), StandardCharsets.UTF_8);
      return JsonParser.parseString(text) instanceof JsonObject object
              && object.get("main") instanceof JsonPrimitive main
              && main.isString()
          ? main.getAsString()
          : null;
    } catch (IOException | JsonParseException e) {
      return null;
    }
  }

  private static Path withSuffix(Path path, String suffix) {
    Path name = path.getFileName();
    return name == null || suffix.isEmpty() ? path : path.resolveSibling(name + suffix);
  }
}
