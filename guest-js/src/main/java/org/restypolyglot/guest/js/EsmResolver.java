package org.restypolyglot.guest.js;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.Sources;

/**
 * Finds the file behind a module's name, by Node's rules for {@code import}: no extension is added,
 * no folder is a module, and a name may be a URL.
 *
 * <p><b>Threads</b>: the guest thread. <b>Borrows</b>: the sources of one load; all look-ups go
 * through them. <b>Failure</b>: whatever finds no file is a {@link ResolutionException}.
 */
final class EsmResolver {
  private static final Set<String> CONDITIONS = Set.of("node", "import", "module-sync");
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
  private static final String NODE_MODULES = "node_modules";

  /** What Node adds to the "main" of a package without "exports", and then looks for. */
  private static final List<String> MAIN_SUFFIXES =
      List.of("", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node");

  private static final List<String> INDEX_FILES = List.of("index.js", "index.json", "index.node");

  private final Sources sources;
  private final Packages packages;
  private final List<Path> roots;
  private final Predicate<String> isBuiltin;

  /**
   * Makes a resolver for one load.
   *
   * @param roots their {@code node_modules} are looked into last
   * @param isBuiltin which bare names mean modules of Node's own
   */
  EsmResolver(Sources sources, Packages packages, List<Path> roots, Predicate<String> isBuiltin) {
    this.sources = sources;
    this.packages = packages;
    this.roots = roots;
    this.isBuiltin = isBuiltin;
  }

  /**
   * What {@code import "specifier"} in a file means.
   *
   * @param importer the file; absolute
   */
  Resolved resolve(String specifier, Path importer) throws ResolutionException {
    String base = importer.toString();
    Path folder = folderOf(importer);
    Resolved found;
    if (specifier.startsWith("/") || ModuleResolver.isRelative(specifier)) {
      found = new Resolved.InFile(FileUrl.resolve(folder, specifier, base));
    } else if (specifier.startsWith("#")) {
      found =
          PackageTargets.internal(
              packages.scopeOf(importer),
              specifier,
              CONDITIONS,
              base,
              (name, from) -> resolveBare(name, from, CONDITIONS));
    } else if (specifier.regionMatches(true, 0, "file:", 0, 5)) {
      found = new Resolved.InFile(FileUrl.resolve(folder, specifier, base));
    } else if (URL.matcher(specifier).matches()) {
      found = new Resolved.Elsewhere(specifier);
    } else {
      found = resolveBare(specifier, importer, CONDITIONS);
    }
    return found instanceof Resolved.InFile file ? existing(file.url(), base) : found;
  }

  /** What it means without an importer's file: only what is absolute; else null. */
  @Nullable Resolved resolveFromNowhere(String specifier) throws ResolutionException {
    if (specifier.regionMatches(true, 0, "file:", 0, 5)) {
      return existing(FileUrl.resolve(Path.of("/"), specifier, ""), "");
    }
    if (URL.matcher(specifier).matches()) {
      return new Resolved.Elsewhere(specifier);
    }
    return isBuiltin.test(specifier) ? new Resolved.Elsewhere("node:" + specifier) : null;
  }

  private static Path folderOf(Path file) {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  /** The file, by its real path, if it is one. */
  private Resolved existing(FileUrl url, String base) throws ResolutionException {
    Path path = url.path();
    if (sources.isFolder(path)) {
      throw ResolutionException.error(
              "ERR_UNSUPPORTED_DIR_IMPORT",
              "Directory import '%s' is not supported resolving ES modules imported from %s"
                  .formatted(shown(url), base))
          .with("url", url.href());
    }
    if (url.isFolder() || !sources.isFile(path)) {
      throw ResolutionException.error(
              ResolutionException.NOT_FOUND,
              "Cannot find module '%s' imported from %s".formatted(shown(url), base))
          .with("url", url.href());
    }
    return new Resolved.InFile(new FileUrl(sources.realPath(path), url.suffix(), false));
  }

  private static String shown(FileUrl url) {
    return url.path() + (url.isFolder() && url.path().getNameCount() > 0 ? "/" : "");
  }

  /** Node's PACKAGE_RESOLVE; whether the file is there is not looked at. */
  Resolved resolveBare(String specifier, Path importer, Set<String> conditions)
      throws ResolutionException {
    if (isBuiltin.test(specifier)) {
      return new Resolved.Elsewhere(
          specifier.startsWith("node:") ? specifier : "node:" + specifier);
    }
    String base = importer.toString();
    return inPackage(packageFolder(specifier, importer), specifier, conditions, base);
  }

  /** The folder of the package that a bare specifier names in a file, or its own one. */
  Path packageFolder(String specifier, Path importer) throws ResolutionException {
    String name = packageName(specifier);
    if (name == null) {
      throw ResolutionException.invalidSpecifier(
          specifier, "is not a valid package name", importer.toString());
    }
    PackageJson own = packages.scopeOf(importer);
    if (own != null && own.exports() != null && name.equals(own.name())) {
      return own.folder();
    }
    for (Path at = folderOf(importer); at != null; at = at.getParent()) {
      if (!at.endsWith(NODE_MODULES) && isPackage(at, name)) {
        return at.resolve(NODE_MODULES).resolve(name);
      }
    }
    for (Path root : roots) {
      if (isPackage(root, name)) {
        return root.resolve(NODE_MODULES).resolve(name);
      }
    }
    throw ResolutionException.error(
        ResolutionException.NOT_FOUND,
        "Cannot find package '%s' imported from %s".formatted(name, importer));
  }

  private boolean isPackage(Path folder, String name) {
    Path modules = folder.resolve(NODE_MODULES);
    return sources.isFolder(modules) && sources.isFolder(modules.resolve(name));
  }

  /** The file that a specifier means in the packages of a folder; null without the package. */
  @Nullable Resolved inFolder(Path folder, String specifier) throws ResolutionException {
    String name = packageName(specifier);
    if (name == null || !sources.isFolder(folder.resolve(name))) {
      return null;
    }
    Resolved found = inPackage(folder.resolve(name), specifier, CONDITIONS, "");
    return found instanceof Resolved.InFile file ? existing(file.url(), "") : found;
  }

  private Resolved inPackage(Path own, String specifier, Set<String> conditions, String base)
      throws ResolutionException {
    String name = Objects.requireNonNull(packageName(specifier));
    PackageJson found = packages.in(own, "\"" + specifier + "\" from " + base);
    String subpath = "." + specifier.substring(name.length());
    if (found != null && found.exports() != null) {
      return PackageTargets.export(found, subpath, conditions, base);
    }
    return new Resolved.InFile(
        subpath.equals(".")
            ? FileUrl.of(legacyMain(own, found, base))
            : FileUrl.resolve(own, subpath, base));
  }

  private Path legacyMain(Path folder, @Nullable PackageJson own, String base)
      throws ResolutionException {
    String main = own == null ? null : own.main();
    if (main != null) {
      for (String suffix : MAIN_SUFFIXES) {
        Path candidate = folder.resolve("./" + main + suffix).normalize();
        if (sources.isFile(candidate)) {
          return candidate;
        }
      }
    }
    for (String index : INDEX_FILES) {
      if (sources.isFile(folder.resolve(index))) {
        return folder.resolve(index);
      }
    }
    throw ResolutionException.error(
        ResolutionException.NOT_FOUND,
        "Cannot find package '%s' imported from %s"
            .formatted(folder.resolve(main == null ? "index.js" : main).normalize(), base));
  }

  /** {@code a} of {@code a/b}, {@code @s/a} of {@code @s/a/b}; null for what names no package. */
  static @Nullable String packageName(String specifier) {
    int slash = specifier.indexOf('/');
    if (specifier.startsWith("@")) {
      slash = slash < 0 ? -2 : specifier.indexOf('/', slash + 1);
    }
    String name = slash < 0 ? specifier : specifier.substring(0, slash);
    boolean valid =
        slash != -2
            && !name.isEmpty()
            && !name.startsWith(".")
            && name.indexOf('\\') < 0
            && name.indexOf('%') < 0
            && name.indexOf('\0') < 0;
    return valid ? name : null;
  }
}
