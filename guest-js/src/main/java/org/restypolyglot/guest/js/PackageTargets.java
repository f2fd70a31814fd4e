package org.restypolyglot.guest.js;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields "exports" and "imports" of a package.json: which file, or other module, they name for
 * a specifier under some conditions. Node's PACKAGE_EXPORTS_RESOLVE and PACKAGE_IMPORTS_RESOLVE.
 *
 * <pre>{@code
 * {"exports": {".": {"import": "./a.mjs", "default": "./a.js"}, "./lib/*": "./src/*.js"}}
 * }</pre>
 *
 * In this example {@code ./lib/x} is {@code ./src/x.js} under all conditions. Whether the file is
 * there is not looked at.
 *
 * <p><b>Threads</b>: the guest thread; of one look-up. <b>Failure</b>: a specifier that the field
 * does not define, or a field that is not as it should be, is a {@link ResolutionException}.
 */
final class PackageTargets {
  private static final Pattern FORBIDDEN_SEGMENT =
      Pattern.compile(
          "(^|\\\\|/)((\\.|%2e)(\\.|%2e)?|(n|%6e|%4e)(o|%6f|%4f)(d|%64|%44)(e|%65|%45)(_|%5f)"
              + "(m|%6d|%4d)(o|%6f|%4f)(d|%64|%44)(u|%75|%55)(l|%6c|%4c)(e|%65|%45)(s|%73|%53))(\\\\|/|$)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ARRAY_INDEX = Pattern.compile("0|[1-9][0-9]{0,9}");
  private static final Pattern HAS_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

  /** No condition holds; null, on the other hand, is a target that says no. */
  private static final Resolved NO_MATCH = new Resolved.Elsewhere("");

  /** Finds the package that a target of "imports" names. */
  @FunctionalInterface
  interface BareNames {
    Resolved resolve(String specifier, Path importer) throws ResolutionException;
  }

  private final PackageJson owner;
  private final Set<String> conditions;
  private final String base;
  private final @Nullable BareNames bareNames;

  private PackageTargets(
      PackageJson owner, Set<String> conditions, String base, @Nullable BareNames bareNames) {
    this.owner = owner;
    this.conditions = conditions;
    this.base = base;
    this.bareNames = bareNames;
  }

  /**
   * What "exports" gives for a subpath.
   *
   * @param owner has exports
   * @param subpath {@code "."} or {@code "./..."}
   * @param base who asks, for the messages; maybe empty
   */
  static Resolved export(PackageJson owner, String subpath, Set<String> conditions, String base)
      throws ResolutionException {
    PackageTargets targets = new PackageTargets(owner, conditions, base, null);
    Resolved found = targets.lookUp(targets.subpaths(), subpath);
    if (found == null || found == NO_MATCH) {
      String message =
          subpath.equals(".")
              ? "No \"exports\" main defined in "
              : "Package subpath '" + subpath + "' is not defined by \"exports\" in ";
      throw ResolutionException.error(
          "ERR_PACKAGE_PATH_NOT_EXPORTED",
          message + owner.file() + ResolutionException.importedFrom(base));
    }
    return found;
  }

  /**
   * What "imports" gives for a name.
   *
   * @param owner of the importer; null without a package
   * @param name begins with {@code #}
   */
  static Resolved internal(
      @Nullable PackageJson owner,
      String name,
      Set<String> conditions,
      String base,
      BareNames bareNames)
      throws ResolutionException {
    if (name.equals("#") || name.startsWith("#/") || name.endsWith("/")) {
      throw ResolutionException.invalidSpecifier(
          name, "is not a valid internal imports specifier name", base);
    }
    JsonObject imports = owner == null ? null : owner.imports();
    if (owner != null && imports != null) {
      Resolved found = new PackageTargets(owner, conditions, base, bareNames).lookUp(imports, name);
      if (found != null && found != NO_MATCH) {
        return found;
      }
    }
    throw ResolutionException.typeError(
        "ERR_PACKAGE_IMPORT_NOT_DEFINED",
        "Package import specifier \"%s\" is not defined%s imported from %s"
            .formatted(name, owner == null ? "" : " in package " + owner.file(), base));
  }

  /** "exports" as an object of subpaths. */
  private JsonObject subpaths() throws ResolutionException {
    JsonElement exports = owner.exports();
    if (exports instanceof JsonObject object) {
      boolean first = true;
      boolean conditional = false;
      for (String key : object.keySet()) {
        boolean now = !key.startsWith(".");
        if (!first && now != conditional) {
          throw invalidConfig(
              "\"exports\" cannot contain some keys starting with '.' and some not. The exports "
                  + "object must either be an object of package subpath keys or an object of main "
                  + "entry condition name keys only.");
        }
        first = false;
        conditional = now;
      }
      if (!conditional) {
        return object;
      }
    }
    JsonObject sugar = new JsonObject();
    if (exports instanceof JsonObject
        || exports instanceof JsonArray
        || (exports instanceof JsonPrimitive text && text.isString())) {
      sugar.add(".", exports);
    }
    return sugar;
  }

  private @Nullable Resolved lookUp(JsonObject table, String name) throws ResolutionException {
    if (table.has(name) && name.indexOf('*') < 0 && (isInternal() || !name.endsWith("/"))) {
      return target(table.get(name), null, name);
    }
    String best = "";
    String match = "";
    for (String key : table.keySet()) {
      int star = key.indexOf('*');
      if (star >= 0
          && name.startsWith(key.substring(0, star))
          && name.length() >= key.length()
          && name.endsWith(key.substring(star + 1))
          && key.lastIndexOf('*') == star
          && isBetter(key, best)) {
        best = key;
        match = name.substring(star, name.length() - (key.length() - star - 1));
      }
    }
    return best.isEmpty() ? NO_MATCH : target(table.get(best), match, best);
  }

  /** The longer part before the star comes first, then the longer key. */
  private static boolean isBetter(String key, String best) {
    int star = key.indexOf('*');
    int bestStar = best.indexOf('*');
    return star != bestStar ? star > bestStar : key.length() > best.length();
  }

  private boolean isInternal() {
    return bareNames != null;
  }

  /**
   * @param match what the star stands for; null where the key has none
   * @param key the key of the table, for the messages
   */
  private @Nullable Resolved target(JsonElement target, @Nullable String match, String key)
      throws ResolutionException {
    return switch (target) {
      case JsonNull no -> null;
      case JsonArray list -> firstOf(list, match, key);
      case JsonObject byCondition -> conditional(byCondition, match, key);
      case JsonPrimitive text when text.isString() -> file(text.getAsString(), match, key);
      default -> throw invalidTarget(target.getAsString(), key);
    };
  }

  private @Nullable Resolved firstOf(JsonArray list, @Nullable String match, String key)
      throws ResolutionException {
    Resolved result = list.isEmpty() ? null : NO_MATCH;
    ResolutionException invalid = null;
    for (JsonElement item : list) {
      try {
        Resolved found = target(item, match, key);
        if (found == null) {
          result = null;
          invalid = null;
        } else if (found != NO_MATCH) {
          return found;
        }
      } catch (ResolutionException e) {
        if (!e.code().equals(ResolutionException.INVALID_TARGET)) {
          throw e;
        }
        invalid = e;
      }
    }
    if (invalid != null) {
      throw invalid;
    }
    return result;
  }

  private @Nullable Resolved conditional(JsonObject byCondition, @Nullable String match, String key)
      throws ResolutionException {
    for (String name : byCondition.keySet()) {
      if (ARRAY_INDEX.matcher(name).matches()) {
        throw invalidConfig("\"exports\" cannot contain numeric property keys.");
      }
    }
    for (Map.Entry<String, JsonElement> entry : byCondition.entrySet()) {
      if (entry.getKey().equals("default") || conditions.contains(entry.getKey())) {
        Resolved found = target(entry.getValue(), match, key);
        if (found != NO_MATCH) {
          return found;
        }
      }
    }
    return NO_MATCH;
  }

  private Resolved file(String target, @Nullable String match, String key)
      throws ResolutionException {
    if (!target.startsWith("./")) {
      BareNames names = bareNames;
      if (names == null
          || target.startsWith("../")
          || target.startsWith("/")
          || target.isEmpty()
          || HAS_SCHEME.matcher(target).matches()) {
        throw invalidTarget(target, key);
      }
      return names.resolve(filled(target, match), owner.file());
    }
    if (FORBIDDEN_SEGMENT.matcher(target.substring(2)).find()) {
      throw invalidTarget(target, key);
    }
    if (match != null && FORBIDDEN_SEGMENT.matcher(match).find()) {
      throw ResolutionException.invalidSpecifier(
          key.replace("*", match),
          "request is not a valid match in pattern \"%s\" for the \"%s\" resolution of %s"
              .formatted(key, field(), owner.file()),
          base);
    }
    return new Resolved.InFile(FileUrl.resolve(owner.folder(), filled(target, match), base));
  }

  private static String filled(String target, @Nullable String match) {
    return match == null ? target : target.replace("*", match);
  }

  private String field() {
    return isInternal() ? "imports" : "exports";
  }

  private ResolutionException invalidTarget(String target, String key) {
    boolean main = key.equals(".") && !isInternal();
    return ResolutionException.error(
        ResolutionException.INVALID_TARGET,
        "Invalid \"%s\" %s %s defined %sin the package config %s%s%s"
            .formatted(
                field(),
                main ? "main target" : "target",
                new JsonPrimitive(target),
                main ? "" : "for '" + key + "' ",
                owner.file(),
                ResolutionException.importedFrom(base),
                !isInternal() && !target.isEmpty() && !target.startsWith("./")
                    ? "; targets must start with \"./\""
                    : ""));
  }

  private ResolutionException invalidConfig(String reason) {
    String importer = base.isEmpty() ? "" : FileUrl.of(Path.of(base)).href();
    return ResolutionException.invalidConfig(owner.file().toString(), importer, reason);
  }
}
