package org.restypolyglot.guest.js;

import com.oracle.truffle.js.runtime.JSRealm;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.Sources;

/**
 * What the module loader inside the context asks of Java: find, read and parse files.
 *
 * <p><b>Threads</b>: the guest thread, inside the context. <b>Borrows</b>: the sources of the load.
 * <b>Failure</b>: {@link IOException} of the file system, and the guest's own syntax errors, which
 * JavaScript sees as such. What a specifier cannot mean comes back as an object with the error's
 * {@code code} and {@code message}.
 */
public final class HostModules {
  private static final Pattern BETWEEN_PATHS = Pattern.compile("\0");

  private final ModuleResolver resolver;
  private final Sources sources;

  HostModules(ModuleResolver resolver, Sources sources) {
    this.resolver = resolver;
    this.sources = sources;
  }

  /** Tells which names mean modules of Node's own. */
  @Export
  public void useBuiltins(Value isBuiltin) {
    resolver.useBuiltins(name -> isBuiltin.execute(name).asBoolean());
  }

  /** Lets the engine load ES modules through us, as soon as esm.js connects. */
  @Export
  public void offerLoader() {
    JSRealm realm = JSRealm.get(null);
    EsmHost.offer(realm, hooks -> new EsmLoader(realm, resolver, sources, hooks));
  }

  /**
   * What {@code require(specifier)} means: a file, a {@code node:} URL, null, or a failure.
   *
   * @param importer the file that asks; null where only {@code paths} count
   * @param paths the folders to look in, with NUL between them
   */
  @Export
  public @Nullable Object resolve(String specifier, @Nullable String importer, String paths) {
    try {
      List<Path> folders =
          paths.isEmpty() ? List.of() : BETWEEN_PATHS.splitAsStream(paths).map(Path::of).toList();
      Resolved found =
          resolver.resolve(specifier, importer == null ? null : Path.of(importer), folders);
      return switch (found) {
        case null -> null;
        case Resolved.InFile(FileUrl url) -> url.path().toString();
        case Resolved.Elsewhere(String url) -> url;
      };
    } catch (ResolutionException e) {
      return failure(e);
    } catch (InvalidPathException e) { // there is no file of such a name
      return null;
    }
  }

  private static ProxyObject failure(ResolutionException e) {
    Map<String, Object> error = new HashMap<>();
    error.put("code", e.code());
    error.put("message", String.valueOf(e.getMessage()));
    error.put("type", e.type());
    error.put("properties", ProxyObject.fromMap(e.properties()));
    return ProxyObject.fromMap(error);
  }

  /** Node's {@code module.paths} of a file in {@code folder}. */
  @Export
  public ProxyArray nodeModules(String folder) {
    try {
      return texts(ModuleResolver.nodeModules(Path.of(folder)));
    } catch (InvalidPathException e) { // nothing is in such a folder
      return texts(List.of());
    }
  }

  /** Where bare names are looked for after those. */
  @Export
  public ProxyArray globalPaths() {
    return texts(resolver.globalPaths());
  }

  private static ProxyArray texts(List<Path> paths) {
    return ProxyArray.fromArray(paths.stream().map(Path::toString).toArray());
  }

  /** What "type" says in the package.json of a file, {@code "none"} without one; or a failure. */
  @Export
  public Object packageType(String file) {
    try {
      PackageJson own = resolver.packages().scopeOf(Path.of(file));
      return own == null ? "none" : own.type();
    } catch (ResolutionException e) {
      return failure(e);
    }
  }

  /** The nearest package.json of a file, null without one; or a failure. */
  @Export
  public @Nullable Object packageOfFile(String file) {
    try {
      PackageJson own = resolver.packages().scopeOf(Path.of(file));
      return own == null ? null : own.file().toString();
    } catch (ResolutionException e) {
      return failure(e);
    }
  }

  /** The package.json that a bare specifier means in a file, whether it is there or not. */
  @Export
  public Object packageOfName(String specifier, String importer) {
    try {
      return resolver.esm().packageFolder(specifier, Path.of(importer)) + "/package.json";
    } catch (ResolutionException e) {
      return failure(e);
    }
  }

  /** The path of a {@code file:} URL, with its slash at the end; or a failure. */
  @Export
  public Object pathOfUrl(String url) {
    try {
      FileUrl file = FileUrl.resolve(Path.of("/"), url, "");
      return file.path() + (file.isFolder() ? "/" : "");
    } catch (ResolutionException e) {
      return failure(e);
    }
  }

  /** A file's text. */
  @Export
  public String read(String file) throws IOException {
    return ScriptSources.text(sources.read(Path.of(file)));
  }

  /** The function {@code (exports, require, module, __filename, __dirname)} of a file. */
  @Export
  public Value compile(String file) throws IOException {
    Path path = Path.of(file);
    Source source = ScriptSources.SHARED.module(path, sources.read(path));
    return Context.getCurrent().eval(source);
  }

  /** The same of a text that is in no file. */
  @Export
  public Value compileText(String text, String file) {
    return Context.getCurrent().eval(ScriptSources.module(Path.of(file), text));
  }

  /** Runs a text that is in no file in the global scope. */
  @Export
  public void runScript(String text, String file) {
    Context.getCurrent().eval(ScriptSources.script(Path.of(file), text));
  }

  /**
   * Parses a file as a script of its own, for the place of a syntax error: inside of the wrapper
   * function a brace too many would count as the wrapper's end.
   */
  @Export
  public void parse(String file) throws IOException {
    Path path = Path.of(file);
    Context.getCurrent().parse(ScriptSources.script(path, sources.read(path)));
  }

  /** By how much the columns of a module's first line are too high. */
  @Export
  public int firstLineOffset() {
    return ScriptSources.PREFIX.length();
  }
}
