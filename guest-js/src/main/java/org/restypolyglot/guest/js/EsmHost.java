package org.restypolyglot.guest.js;

import com.oracle.truffle.js.runtime.GraalJSException;
import com.oracle.truffle.js.runtime.JSContext;
import com.oracle.truffle.js.runtime.JSRealm;
import com.oracle.truffle.js.runtime.JSRuntime;
import com.oracle.truffle.js.runtime.builtins.JSArray;
import com.oracle.truffle.js.runtime.builtins.JSPromise;
import com.oracle.truffle.js.runtime.objects.AbstractModuleRecord;
import com.oracle.truffle.js.runtime.objects.CyclicModuleRecord;
import com.oracle.truffle.js.runtime.objects.CyclicModuleRecord.Status;
import com.oracle.truffle.js.runtime.objects.JSDynamicObject;
import com.oracle.truffle.js.runtime.objects.JSObject;
import com.oracle.truffle.js.runtime.objects.Undefined;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Links and evaluates ES modules for {@code import()}, {@code require} and the spec's module, and
 * connects a context's loader with the engine.
 *
 * <p><b>Threads</b>: the guest thread, inside the context. <b>Borrows</b>: the loader.
 * <b>Failure</b>: JavaScript's own errors, with Node's codes.
 */
final class EsmHost {
  /** What Node makes of a module with a default export for {@code require}. */
  private static final String FACADE =
      "export * from 'm'; export { default } from 'm'; export const __esModule = true;";

  private static final Pattern MISSING_EXPORT =
      Pattern.compile("The requested module '(.*)' does not provide an export named '(.*)'");

  private final JSRealm realm;
  private final EsmLoader loader;

  private EsmHost(JSRealm realm, EsmLoader loader) {
    this.realm = realm;
    this.loader = loader;
  }

  /** What a context has for its ES modules: how to make the loader, then the loader. */
  private static final class Connection {
    private final Function<Object, EsmLoader> newLoader;
    private Object connect = Undefined.instance;
    private @Nullable EsmLoader loader;

    Connection(Function<Object, EsmLoader> newLoader) {
      this.newLoader = newLoader;
    }
  }

  private static Connection connectionOf(JSRealm realm) {
    return (Connection) realm.getEmbedderData();
  }

  /** {@code (hooks)}: makes the context's loader, and gives the object of esm.js our functions. */
  static Object connect(JSRealm realm, Object[] arguments) {
    Object hooks = Intrinsics.argument(arguments, 0);
    Connection connection = connectionOf(realm);
    EsmLoader loader = connection.newLoader.apply(hooks);
    EsmHost host = new EsmHost(realm, loader);
    EngineValues.define(realm, hooks, "start", host::start);
    EngineValues.define(realm, hooks, "requireModule", host::requireModule);
    EngineValues.define(realm, hooks, "facade", host::facade);
    EngineValues.define(realm, hooks, "resolve", host::resolve);
    EngineValues.define(realm, hooks, "problemOf", host::problemOf);
    connection.loader = loader;
    return Undefined.instance;
  }

  /** {@code (code)}: what connects; it runs when a script imports for the first time. */
  static Object beforeImport(JSRealm realm, Object[] arguments) {
    connectionOf(realm).connect = Intrinsics.argument(arguments, 0);
    return Undefined.instance;
  }

  /**
   * Sets the engine's hooks for {@code import()} and {@code import.meta}.
   *
   * @param newLoader makes the context's loader from the object of esm.js
   */
  static void offer(JSRealm realm, Function<Object, EsmLoader> newLoader) {
    realm.setEmbedderData(new Connection(newLoader));
    JSContext context = realm.getContext();
    if (!context.hasImportMetaInitializerBeenSet()) { // all contexts of an engine share it
      context.setImportMetaInitializer(
          (meta, module) -> {
            if (module.getModuleLoader() instanceof EsmLoader own
                && module.getHostDefined() instanceof EsmModule description) {
              own.initialize(meta, description);
            }
          });
      context.setImportModuleDynamicallyCallback(
          (caller, referrer, request) ->
              (JSDynamicObject) loaderOf(caller).importing(referrer, request));
    }
  }

  private static EsmLoader loaderOf(JSRealm realm) {
    Connection connection = connectionOf(realm);
    if (connection.loader == null) {
      JSRuntime.call(connection.connect, Undefined.instance, new Object[0]);
    }
    return Objects.requireNonNull(connection.loader);
  }

  private static String text(Object[] arguments, int index) {
    return Objects.requireNonNull(EngineValues.text(arguments[index]));
  }

  /**
   * {@code (specifier, importer, attributes)}: begins to evaluate a module; an array of the promise
   * of that, and the namespace.
   */
  private Object start(Object[] arguments) {
    Map<String, String> attributes = new LinkedHashMap<>();
    String[] pairs = text(arguments, 2).split("\0", -1);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      attributes.put(pairs[i], pairs[i + 1]);
    }
    AbstractModuleRecord module =
        loader.load(text(arguments, 0), EsmLoader.baseOf(text(arguments, 1)), attributes);
    link(module);
    throwIfFailed(module);
    Object done = module.evaluate(realm);
    return JSArray.createConstantObjectArray(
        realm.getContext(), realm, new Object[] {done, module.getModuleNamespace(false)});
  }

  private void link(AbstractModuleRecord module) {
    module.loadRequestedModulesSync(realm, Undefined.instance);
    if (!(module instanceof CyclicModuleRecord cyclic)
        || cyclic.getStatus() == Status.New
        || cyclic.getStatus() == Status.Unlinked) {
      try {
        module.link(realm);
      } catch (GraalJSException e) {
        throw EngineValues.thrown(explained((JSDynamicObject) e.getErrorObject(), module));
      }
    }
  }

  /** Says of a missing export of a CommonJS module how else to import it. */
  private static Object explained(JSDynamicObject error, AbstractModuleRecord module) {
    String message = EngineValues.text(EngineValues.get(error, "message"));
    Matcher missing = MISSING_EXPORT.matcher(String.valueOf(message));
    if (missing.matches()) {
      String specifier = missing.group(1);
      String name = missing.group(2);
      if (reaches(module, importer -> importsCommonJs(importer, specifier))) {
        JSObject.set(
            error,
            EngineValues.text("message"),
            EngineValues.text(
                """
                Named export '%s' not found. The requested module '%s' is a CommonJS module, which may not \
                support all module.exports as named exports.
                CommonJS modules can always be imported via the default export, for example using:

                import pkg from '%2$s';
                const { %1$s } = pkg;
                """
                    .formatted(name, specifier)));
      }
    }
    return error;
  }

  private static boolean importsCommonJs(CyclicModuleRecord importer, String specifier) {
    return importer.getRequestedModules().stream()
        .anyMatch(
            request ->
                request.specifier().toString().equals(specifier)
                    && importer.getImportedModule(request).getHostDefined() == EsmFormat.COMMONJS);
  }

  /** Throws the error of a module that has failed before: the engine would not. */
  private static void throwIfFailed(AbstractModuleRecord module) {
    if (module instanceof CyclicModuleRecord known && known.getStatus() == Status.Evaluated) {
      Throwable error = known.getEvaluationError();
      if (error != null) {
        throw EsmLoader.failure(error);
      }
    }
  }

  /** {@code (file, requirer)}: evaluates a module, which must not await; its namespace. */
  private Object requireModule(Object[] arguments) {
    String file = text(arguments, 0);
    @Nullable String requirer = EngineValues.text(arguments[1]);
    AbstractModuleRecord module = required(file);
    module.loadRequestedModulesSync(realm, Undefined.instance);
    if (reaches(module, EsmHost::isRunning)) { // the engine cannot even link such a one
      throw EngineValues.error(cycle(file, requirer));
    }
    link(module);
    if (reaches(module, EsmHost::awaits)) {
      throw EngineValues.error(async(file, requirer));
    }
    evaluate(module);
    return module.getModuleNamespace(false);
  }

  private AbstractModuleRecord required(String file) {
    try {
      return loader.ofModule(FileUrl.of(Path.of(file)));
    } catch (ResolutionException e) {
      throw EngineValues.error(e);
    }
  }

  private void evaluate(AbstractModuleRecord module) {
    throwIfFailed(module);
    JSPromise.throwIfRejected(module.evaluate(realm), realm);
  }

  private static ResolutionException async(String file, @Nullable String requirer) {
    return ResolutionException.error(
        "ERR_REQUIRE_ASYNC_MODULE",
        "require() cannot be used on an ESM graph with top-level await. Use import() instead."
            + (requirer == null ? "" : "\n  From " + requirer + " ")
            + "\n  Requiring "
            + file
            + " ");
  }

  private static ResolutionException cycle(String file, @Nullable String requirer) {
    return ResolutionException.error(
        "ERR_REQUIRE_CYCLE_MODULE",
        "Cannot require() ES Module "
            + file
            + " in a cycle."
            + (requirer == null ? "" : " (from " + requirer + ")")
            + " A cycle involving require(esm) is not allowed to maintain invariants mandated by"
            + " the ECMAScript specification. Try making at least part of the dependency in the"
            + " graph lazily loaded.");
  }

  private static boolean isRunning(CyclicModuleRecord module) {
    return module.getStatus() == Status.Evaluating;
  }

  private static boolean awaits(CyclicModuleRecord module) {
    return module.hasTLA() || module.isAsyncEvaluation();
  }

  private static boolean reaches(
      AbstractModuleRecord module, Predicate<CyclicModuleRecord> condition) {
    return module instanceof CyclicModuleRecord start && reaches(start, condition, new HashSet<>());
  }

  private static boolean reaches(
      CyclicModuleRecord module,
      Predicate<CyclicModuleRecord> condition,
      Set<CyclicModuleRecord> seen) {
    if (!seen.add(module)) {
      return false;
    }
    if (condition.test(module)) {
      return true;
    }
    return module.getStatus() != Status.Evaluated
        && module.getRequestedModules().stream()
            .anyMatch(
                request ->
                    module.getImportedModule(request) instanceof CyclicModuleRecord needed
                        && reaches(needed, condition, seen));
  }

  /** {@code (file)}: the namespace of a required module with {@code __esModule} in it. */
  private Object facade(Object[] arguments) {
    AbstractModuleRecord module = loader.around(required(text(arguments, 0)), FACADE);
    link(module);
    evaluate(module);
    return module.getModuleNamespace(false);
  }

  /** {@code (specifier, importer)}: the URL that it means; also of a file that is not there. */
  private Object resolve(Object[] arguments) {
    try {
      return EngineValues.text(
          switch (loader.resolve(text(arguments, 0), EsmLoader.baseOf(text(arguments, 1)))) {
            case Resolved.InFile(FileUrl url) -> url.href();
            case Resolved.Elsewhere(String url) -> url;
          });
    } catch (ResolutionException e) {
      if (e.properties().get("url") instanceof String url) {
        return EngineValues.text(url);
      }
      throw EngineValues.error(e);
    }
  }

  /** {@code (file)}: why it is no ES module; undefined if it is one. */
  private Object problemOf(Object[] arguments) {
    try {
      Object problem = loader.problemOf(Path.of(text(arguments, 0)));
      return problem == null ? Undefined.instance : problem;
    } catch (ResolutionException e) {
      throw EngineValues.error(e);
    }
  }
}
