package org.restypolyglot.guest.js;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.Sources;

/**
 * Finds the file behind a module's name, by Node's rules for {@code require}.
 *
 * <pre>{@code
 * resolver.resolve("./util", main, List.of());             // /srv/app/util.js
 * resolver.resolve("left-pad", main, resolver.lookupPaths("left-pad", main));
 * }</pre>
 *
 * In this example a relative name gets its extension, and a bare one is looked for in every {@code
 * node_modules} upwards, then in the roots. Files are named by their real paths.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the sources of one load; all look-ups go
 * through them. <b>Failure</b>: what is not found, or is no path at all, is null; what a
 * package.json refuses is a {@link ResolutionException}.
 */
final class ModuleResolver {
  /** In Node's order. */
  private static final List<String> EXTENSIONS = List.of(".js", ".json", ".node");

  /** What a spec, which names no extension, may mean besides. */
  private static final List<String> MAIN_EXTENSIONS = List.of(".js", ".json", ".cjs", ".mjs");

  private static final Set<String> CONDITIONS = Set.of("node", "require", "module-sync");
  private static final String NODE_MODULES = "node_modules";

  private final Sources sources;
  private final List<Path> roots;
  private final Packages packages;
  private final EsmResolver esm;
  private Predicate<String> isBuiltin = name -> false;

  /**
   * Makes a resolver for one load.
   *
   * @param roots where bare names are looked up last, in order; absolute
   */
  ModuleResolver(Sources sources, List<Path> roots) {
    this.sources = sources;
    this.roots = List.copyOf(roots);
    this.packages = new Packages(sources);
    this.esm = new EsmResolver(sources, packages, this.roots, name -> isBuiltin.test(name));
  }

  /** Tells which names mean modules of Node's own. */
  void useBuiltins(Predicate<String> isBuiltin) {
    this.isBuiltin = isBuiltin;
  }

  List<Path> roots() {
    return roots;
  }

  Packages packages() {
    return packages;
  }

  /** The rules for {@code import}. */
  EsmResolver esm() {
    return esm;
  }

  /** The module of a spec: a path beneath a root, an absolute path, or a package of a root's. */
  @Nullable Path resolveMain(String module) throws ResolutionException {
    for (Path root : roots) {
      Path found = child(root, module, MAIN_EXTENSIONS);
      if (found == null) {
        found = mainOfPackage(root.resolve(NODE_MODULES), module);
      }
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable Path mainOfPackage(Path folder, String module) throws ResolutionException {
    try {
      return inFolder(folder, module, MAIN_EXTENSIONS);
    } catch (ResolutionException e) { // it may be for import only
      try {
        Resolved found = esm.inFolder(folder, module);
        if (found instanceof Resolved.InFile file) {
          return file.url().path();
        }
      } catch (ResolutionException notThatEither) {
        e.addSuppressed(notThatEither);
      }
      throw e;
    }
  }

  /**
   * What {@code require(specifier)} means.
   *
   * @param importer the file that requires it; null where only {@code paths} count
   * @param paths the folders to look in, for a relative specifier too
   */
  @Nullable Resolved resolve(String specifier, @Nullable Path importer, List<Path> paths)
      throws ResolutionException {
    if (importer != null) {
      Resolved found = fromPackage(specifier, importer);
      if (found != null) {
        return found;
      }
    }
    if (specifier.startsWith("/")) {
      return resolved(child(Path.of("/"), specifier, EXTENSIONS));
    }
    boolean searches = !isRelative(specifier);
    for (Path folder : paths) {
      if (!searches || sources.isFolder(folder)) {
        Path found = inFolder(folder, specifier, EXTENSIONS);
        if (found != null) {
          return resolved(found);
        }
      }
    }
    return null;
  }

  private static @Nullable Resolved resolved(@Nullable Path file) {
    return file == null ? null : new Resolved.InFile(FileUrl.of(file));
  }

  /** {@code #name}, or the importer's own package by its name. */
  private @Nullable Resolved fromPackage(String specifier, Path importer)
      throws ResolutionException {
    boolean internal = specifier.startsWith("#");
    if (!internal && (specifier.startsWith(".") || specifier.startsWith("/"))) {
      return null;
    }
    PackageJson own = packages.scopeOf(importer);
    if (own == null) {
      return null;
    }
    if (internal && own.imports() != null) {
      return existing(internal(own, specifier, importer), own.file());
    }
    String name = own.name();
    if (own.exports() != null
        && name != null
        && (specifier.equals(name) || specifier.startsWith(name + "/"))) {
      return existing(
          PackageTargets.export(
              own, "." + specifier.substring(name.length()), CONDITIONS, importer.toString()),
          own.file());
    }
    return null;
  }

  /** A name in a folder, which is searched for packages: their "exports" come first. */
  private @Nullable Path inFolder(Path folder, String specifier, List<String> extensions)
      throws ResolutionException {
    String name = EsmResolver.packageName(specifier);
    Path own = name == null ? null : path(folder, name);
    PackageJson found = own == null || name == null ? null : packages.in(own);
    if (found != null && name != null && found.exports() != null) {
      Resolved target =
          PackageTargets.export(found, "." + specifier.substring(name.length()), CONDITIONS, "");
      return existing(target, found.folder()) instanceof Resolved.InFile file
          ? file.url().path()
          : null;
    }
    return child(folder, specifier, extensions);
  }

  private Resolved internal(PackageJson own, String specifier, Path importer)
      throws ResolutionException {
    try {
      return PackageTargets.internal(
          own,
          specifier,
          CONDITIONS,
          importer.toString(),
          (name, from) -> esm.resolveBare(name, from, CONDITIONS));
    } catch (ResolutionException e) {
      throw e.code().equals(ResolutionException.NOT_FOUND)
          ? ResolutionException.error(
              ResolutionException.REQUIRE_NOT_FOUND, "Cannot find module '" + specifier + "'")
          : e;
    }
  }

  /**
   * @param origin what Node calls the error's path
   */
  private Resolved existing(Resolved target, Path origin) throws ResolutionException {
    if (!(target instanceof Resolved.InFile found)) {
      return target;
    }
    Path path = found.url().path();
    if (!sources.isFile(path)) {
      throw ResolutionException.error(
              ResolutionException.REQUIRE_NOT_FOUND, "Cannot find module '" + path + "'")
          .with("path", origin.toString());
    }
    return new Resolved.InFile(FileUrl.of(sources.realPath(path)));
  }

  /** Where {@code require} looks for a bare name: Node's {@code module.paths}. */
  static List<Path> nodeModules(Path folder) {
    List<Path> places = new ArrayList<>();
    for (Path at = folder; at != null; at = at.getParent()) {
      if (!at.endsWith(NODE_MODULES)) {
        places.add(at.resolve(NODE_MODULES));
      }
    }
    return places;
  }

  /** Where it looks after those: the roots, and the packages beneath them. */
  List<Path> globalPaths() {
    Set<Path> places = new LinkedHashSet<>();
    for (Path root : roots) {
      places.add(root.resolve(NODE_MODULES));
      places.add(root);
    }
    return List.copyOf(places);
  }

  /** Whether it is looked for beside the importer only. */
  static boolean isRelative(String specifier) {
    return specifier.equals(".")
        || specifier.equals("..")
        || specifier.startsWith("./")
        || specifier.startsWith("../");
  }

  private @Nullable Path child(Path folder, String name, List<String> extensions)
      throws ResolutionException {
    Path target = path(folder, name);
    if (target == null) {
      return null;
    }
    boolean folderOnly =
        name.endsWith("/")
            || name.equals(".")
            || name.equals("..")
            || name.endsWith("/.")
            || name.endsWith("/..");
    Path file = folderOnly ? null : file(target, extensions);
    return file != null ? file : main(target, extensions);
  }

  private static @Nullable Path path(Path folder, String name) {
    try {
      return folder.resolve(name).normalize();
    } catch (InvalidPathException e) { // a NUL in it, for example
      return null;
    }
  }

  private @Nullable Path file(Path target, List<String> extensions) {
    return sources.isFile(target) ? sources.realPath(target) : withExtension(target, extensions);
  }

  private @Nullable Path withExtension(Path target, List<String> extensions) {
    Path name = target.getFileName();
    for (String extension : extensions) {
      Path candidate = name == null ? target : target.resolveSibling(name + extension);
      if (sources.isFile(candidate)) {
        return sources.realPath(candidate);
      }
    }
    return null;
  }

  /** The main file of a folder. */
  private @Nullable Path main(Path folder, List<String> extensions) throws ResolutionException {
    if (!sources.isFolder(folder)) {
      return null;
    }
    PackageJson own = packages.in(folder);
    String main = own == null ? null : own.main();
    Path found = null;
    if (main != null && !main.isEmpty()) {
      Path target = path(folder, main);
      found = target == null ? null : file(target, extensions);
      if (found == null && target != null) {
        found = withExtension(target.resolve("index"), extensions);
      }
    }
    if (found == null) {
      found = withExtension(folder.resolve("index"), extensions);
    }
    if (found == null && own != null && main != null && !main.isEmpty()) {
      throw ResolutionException.error(
              ResolutionException.REQUIRE_NOT_FOUND,
              "Cannot find module '%s'. Please verify that the package.json has a valid \"main\" entry"
                  .formatted(path(folder, main)))
          .with("path", own.file().toString());
    }
    return found;
  }
}
