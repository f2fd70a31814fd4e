package org.restypolyglot.guest.js;

import java.io.IOException;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.Sources;

/**
 * What the module loader inside the context asks of Java: find, read and parse files.
 *
 * <p><b>Threads</b>: the guest thread, inside the context. <b>Borrows</b>: the sources of the load.
 * <b>Failure</b>: {@link IOException} of the file system, and the guest's own syntax errors, which
 * JavaScript sees as such.
 */
public final class HostModules {
  private static final ScriptSources SCRIPTS = new ScriptSources();

  private final ModuleResolver resolver;
  private final Sources sources;

  HostModules(ModuleResolver resolver, Sources sources) {
    this.resolver = resolver;
    this.sources = sources;
  }

  /** The file that {@code require(specifier)} means in a file of {@code folder}, or null. */
  @Export
  public @Nullable String resolve(String specifier, String folder) {
    Path found = resolver.resolve(specifier, Path.of(folder));
    return found == null ? null : found.toString();
  }

  /** Node's {@code module.paths} of a file in {@code folder}. */
  @Export
  public ProxyArray searchFolders(String folder) {
    Object[] places =
        resolver.searchFolders(Path.of(folder)).stream().map(Path::toString).toArray();
    return ProxyArray.fromArray(places);
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
    Source source = SCRIPTS.module(path, sources.read(path));
    return Context.getCurrent().eval(source);
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
