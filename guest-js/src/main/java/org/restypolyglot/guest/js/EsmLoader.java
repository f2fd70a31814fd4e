package org.restypolyglot.guest.js;

import com.oracle.js.parser.ir.Module.ModuleRequest;
import com.oracle.truffle.api.CompilerDirectives.TruffleBoundary;
import com.oracle.truffle.api.exception.AbstractTruffleException;
import com.oracle.truffle.api.source.Source;
import com.oracle.truffle.api.strings.TruffleString;
import com.oracle.truffle.js.runtime.GraalJSException;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.objects.AbstractModuleRecord;
import com.oracle.truffle.js.runtime.objects.JSModuleData;
import com.oracle.truffle.js.runtime.objects.JSModuleLoader;
import com.oracle.truffle.js.runtime.objects.JSModuleRecord;
import com.oracle.truffle.js.runtime.objects.ScriptOrModule;
import com.oracle.truffle.js.runtime.objects.SyntheticModuleRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.guest.Sources;

/**
 * The ES modules of one context: finds, reads and parses them for the engine, and makes modules of
 * what is none: CommonJS, JSON and Node's own.
 *
 * <p>It is the engine's host in the sense of the ECMAScript specification, by the same interfaces
 * that GraalVM's Node.js uses: a loader for each module record, and hooks of the JavaScript context
 * for {@code import()} and {@code import.meta} (see {@link EsmHost}).
 *
 * <p><b>Threads</b>: the guest thread, inside the context. <b>Owns</b>: the modules, with the
 * context. <b>Borrows</b>: the sources of the load. <b>Failure</b>: JavaScript's own errors, with
 * Node's codes.
 */
final class EsmLoader implements JSModuleLoader {
  private static final EsmSources SOURCES = new EsmSources();

  private final JSRealm realm;
  private final ModuleResolver resolver;
  private final Sources sources;
  private final EsmFormats formats;
  private final Object hooks;
  private final Map<String, AbstractModuleRecord> modules = new HashMap<>();

  /**
   * Makes a loader without modules.
   *
   * @param hooks the JavaScript object of esm.js
   */
  EsmLoader(JSRealm realm, ModuleResolver resolver, Sources sources, Object hooks) {
    this.realm = realm;
    this.resolver = resolver;
    this.sources = sources;
    this.hooks = hooks;
    this.formats = new EsmFormats(resolver.packages(), this::isModule);
  }

  @Override
  @TruffleBoundary
  public AbstractModuleRecord resolveImportedModule(
      ScriptOrModule referrer, ModuleRequest request) {
    Map<String, String> attributes = new LinkedHashMap<>();
    request.attributes().forEach((key, value) -> attributes.put(key.toString(), value.toString()));
    return load(request.specifier().toString(), baseOf(referrer), attributes);
  }

  /** The module or script that code belongs to. */
  EsmModule baseOf(ScriptOrModule referrer) {
    if (referrer instanceof JSModuleRecord module
        && module.getHostDefined() instanceof EsmModule own) {
      return own;
    }
    String name = referrer.getSource().getName();
    return baseOf(
        name.startsWith("/") ? name : resolver.roots().getLast().resolve("[eval]").toString());
  }

  /**
   * The module of a name that an error or a stack trace shows.
   *
   * @param name an absolute path or a {@code data:} URL
   */
  static EsmModule baseOf(String name) {
    return name.startsWith("/")
        ? EsmModule.of(FileUrl.of(Path.of(name)))
        : new EsmModule(name, null);
  }

  /** What an import means: a module that is parsed, but maybe not linked. */
  AbstractModuleRecord load(String specifier, EsmModule base, Map<String, String> attributes) {
    try {
      return switch (resolve(specifier, base)) {
        case Resolved.InFile(FileUrl url) -> ofFile(url, attributes);
        case Resolved.Elsewhere(String url) -> elsewhere(url, attributes, base);
      };
    } catch (ResolutionException e) {
      throw EngineValues.error(e);
    }
  }

  /** What a specifier means in a module. */
  Resolved resolve(String specifier, EsmModule base) throws ResolutionException {
    Path file = base.file();
    if (file != null) {
      return resolver.esm().resolve(specifier, file);
    }
    Resolved found = resolver.esm().resolveFromNowhere(specifier);
    if (found == null) {
      throw ResolutionException.typeError(
          "ERR_UNSUPPORTED_RESOLVE_REQUEST",
          ("Failed to resolve module specifier \"%s\" from \"%s\": Invalid relative URL or base scheme is"
                  + " not hierarchical.")
              .formatted(specifier, base.href()));
    }
    return found;
  }

  private AbstractModuleRecord ofFile(FileUrl url, Map<String, String> attributes)
      throws ResolutionException {
    EsmFormat format = formats.of(url.path());
    EsmFormats.checkAttributes(url.href(), format, attributes);
    return switch (format) {
      case MODULE -> ofModule(url);
      case COMMONJS -> known(url.href(), () -> ofCommonJs(url));
      case JSON -> known(url.href(), () -> ofValue(url.href(), "json", url.path().toString()));
      case BUILTIN -> throw new IllegalStateException(url + " is a file");
    };
  }

  private interface Maker {
    AbstractModuleRecord make() throws ResolutionException;
  }

  private AbstractModuleRecord known(String href, Maker maker) throws ResolutionException {
    AbstractModuleRecord module = modules.get(href);
    if (module == null) {
      module = maker.make();
      modules.put(href, module);
    }
    return module;
  }

  /** The ES module of a file, whatever its extension says. */
  AbstractModuleRecord ofModule(FileUrl url) throws ResolutionException {
    return known(url.href(), () -> parse(source(url.path()), EsmModule.of(url)));
  }

  private Source source(Path file) throws ResolutionException {
    return SOURCES.of(file, read(file));
  }

  private byte[] read(Path file) throws ResolutionException {
    try {
      return sources.read(file);
    } catch (IOException e) {
      throw ResolutionException.error(
          "ERR_MODULE_UNREADABLE", "cannot read module " + file + ": " + e);
    }
  }

  private JSModuleRecord parse(Source source, EsmModule module) {
    try {
      return new JSModuleRecord(data(source), this, module);
    } catch (GraalJSException e) {
      throw EngineValues.thrown(
          EngineValues.call(
              hooks, "explain", e.getErrorObject(), EngineValues.text(module.name())));
    }
  }

  private JSModuleData data(Source source) {
    return realm.getContext().getEvaluator().envParseModule(realm, source);
  }

  /** Whether a file that is no CommonJS by its syntax is an ES module. */
  private boolean isModule(Path file) throws ResolutionException {
    if (ScriptSources.parses(file, read(file))) {
      return false;
    }
    return problemOf(file) == null;
  }

  /** Why a file is no ES module; null if it is one. */
  @Nullable Object problemOf(Path file) throws ResolutionException {
    try {
      data(source(file));
      return null;
    } catch (GraalJSException e) {
      return EngineValues.call(
          hooks, "explain", e.getErrorObject(), EngineValues.text(file.toString()));
    }
  }

  private AbstractModuleRecord elsewhere(
      String url, Map<String, String> attributes, EsmModule importer) throws ResolutionException {
    String scheme = url.substring(0, url.indexOf(':') + 1);
    return switch (scheme) {
      case "node:" -> known(url, () -> ofNames(url, EsmFormat.BUILTIN, url, importer.name()));
      case "data:" -> ofData(url, attributes);
      default ->
          throw ResolutionException.error(
              "ERR_UNSUPPORTED_ESM_URL_SCHEME",
              "Only URLs with a scheme in: %s are supported by the default ESM loader. Received protocol '%s'"
                  .formatted(
                      scheme.startsWith("http") ? "file and data" : "file, data, and node",
                      scheme));
    };
  }

  private AbstractModuleRecord ofData(String url, Map<String, String> attributes)
      throws ResolutionException {
    EsmModule.Data data = EsmModule.Data.of(url);
    EsmFormat format = EsmFormats.ofMimeType(data.mimeType(), url);
    EsmFormats.checkAttributes(url, format, attributes);
    EsmModule module = new EsmModule(url, null);
    return known(
        url,
        () ->
            format == EsmFormat.JSON
                ? ofValue(url, "parseJson", data.text())
                : parse(module.source(data.text()), module));
  }

  /** A module whose default export is what the hook gives, now. */
  private AbstractModuleRecord ofValue(String href, String hook, String argument) {
    Object value = EngineValues.call(hooks, hook, EngineValues.text(argument));
    TruffleString name = EngineValues.text("default");
    return synthetic(
        href,
        EsmFormat.JSON,
        List.of(name),
        module -> module.setSyntheticModuleExport(name, value));
  }

  private AbstractModuleRecord ofCommonJs(FileUrl url) {
    String file = url.path().toString();
    return ofNames(url.href(), EsmFormat.COMMONJS, file, file);
  }

  /**
   * A module whose exports are the members of what a hook gives when it is evaluated; another hook
   * gives their names before.
   */
  private AbstractModuleRecord ofNames(
      String href, EsmFormat format, String argument, String importer) {
    String hook = format == EsmFormat.BUILTIN ? "builtin" : "commonJs";
    TruffleString text = EngineValues.text(argument);
    TruffleString defaultName = EngineValues.text("default");
    List<TruffleString> names = new ArrayList<>(List.of(defaultName));
    String list =
        EngineValues.text(
            EngineValues.call(hooks, hook + "Names", text, EngineValues.text(importer)));
    if (list != null && !list.isEmpty()) {
      for (String name : list.split("\0", -1)) {
        if (!name.equals("default")) {
          names.add(EngineValues.text(name));
        }
      }
    }
    return synthetic(
        href,
        format,
        names,
        module -> {
          Object exports = EngineValues.call(hooks, hook, text);
          for (TruffleString name : names) {
            module.setSyntheticModuleExport(
                name,
                name.equals(defaultName)
                    ? exports
                    : EngineValues.call(hooks, "member", exports, name));
          }
        });
  }

  private SyntheticModuleRecord synthetic(
      String href,
      EsmFormat format,
      List<TruffleString> names,
      Consumer<SyntheticModuleRecord> evaluation) {
    Source source = Source.newBuilder(JsLanguage.ID, "", href).internal(true).build();
    return new SyntheticModuleRecord(realm.getContext(), source, format, names, evaluation);
  }

  /** A module of this text with one import: that module. */
  JSModuleRecord around(AbstractModuleRecord module, String text) {
    Source source =
        Source.newBuilder(JsLanguage.ID, text, "resty-polyglot:facade.mjs")
            .mimeType(EsmModule.MIME_TYPE)
            .internal(true)
            .build();
    return new JSModuleRecord(data(source), (referrer, request) -> module);
  }

  /** Fills a new {@code import.meta}. */
  void initialize(Object meta, EsmModule module) {
    Path file = module.file();
    EngineValues.call(
        hooks,
        "meta",
        meta,
        EngineValues.text(module.href()),
        EngineValues.orUndefined(file == null ? null : file.toString()));
  }

  /** Begins an {@code import()}; its promise. */
  Object importing(ScriptOrModule referrer, ModuleRequest request) {
    StringBuilder attributes = new StringBuilder();
    request
        .attributes()
        .forEach((key, value) -> attributes.append(key).append('\0').append(value).append('\0'));
    return EngineValues.call(
        hooks,
        "importing",
        request.specifier(),
        EngineValues.text(baseOf(referrer).name()),
        EngineValues.text(attributes.toString()));
  }

  /** What the engine threw, as an error that may be thrown again later. */
  static AbstractTruffleException failure(Throwable error) {
    if (error instanceof AbstractTruffleException known) {
      return known;
    }
    throw new IllegalStateException(error);
  }
}
