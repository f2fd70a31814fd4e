package org.restypolyglot.core;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to load: {@code lang ":" module ["?"] "," entry ["," config]}, split at the first two commas
 * only, so that the config may be JSON.
 *
 * <pre>{@code
 * Spec spec = Spec.parse("js:demo/echo?,init,{\"a\":1,\"b\":2}");
 * }</pre>
 *
 * In this example the language is {@code js}, the module {@code demo/echo} with hot reload, the
 * entry {@code init}, and the config all the rest.
 *
 * @param language the prefix, for example {@code js}
 * @param module as the user wrote it, without {@code ?}
 * @param hotReload whether the module's name ended in {@code ?}
 * @param entry the name of the function that makes the handler
 * @param config for the entry; null where there is no third field
 */
public record Spec(
    String language, String module, boolean hotReload, String entry, @Nullable String config) {

  /** What a spec has to look like, for error messages. */
  public static final String SYNTAX = "lang:module[?],entry[,config]";

  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  /**
   * @throws IllegalArgumentException with all that is wrong, quoting {@code text}
   */
  public static Spec parse(String text) {
    String[] fields = text.split(",", 3);
    String target = fields[0].strip();
    String entry = fields.length > 1 ? fields[1].strip() : "";
    @Nullable String config = fields.length > 2 ? fields[2] : null;

    int colon = target.indexOf(':');
    String language = colon < 0 ? "" : target.substring(0, colon);
    String module = target.substring(colon + 1);
    boolean hotReload = module.endsWith("?");
    if (hotReload) {
      module = module.substring(0, module.length() - 1);
    }

    List<String> wrong = new ArrayList<>();
    if (colon < 0) {
      wrong.add("there is no language prefix");
    } else if (!LANGUAGE.matcher(language).matches()) {
      wrong.add("\"" + language + "\" is not a language");
    }
    if (module.isEmpty()) {
      wrong.add("the module is missing");
    }
    if (entry.isEmpty()) {
      wrong.add("the entry is missing");
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "bad spec \"%s\": %s; expected %s, for example \"js:demo/echo?,init\""
              .formatted(text, String.join(", ", wrong), SYNTAX));
    }
    return new Spec(language, module, hotReload, entry, config);
  }

  /** Language and module, as the log shows them: {@code js:demo/echo}. */
  public String name() {
    return language + ":" + module;
  }

  @Override
  public String toString() {
    return name() + (hotReload ? "?" : "") + "," + entry + (config == null ? "" : "," + config);
  }
}
