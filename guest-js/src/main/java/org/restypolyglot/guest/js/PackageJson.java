package org.restypolyglot.guest.js;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a package.json that say which file a specifier means. Fields of the wrong type are
 * not there, as in Node.
 *
 * <p><b>Threads</b>: not modified. <b>Failure</b>: {@link #parse} throws for what is no JSON
 * object.
 *
 * @param file the package.json itself
 * @param type {@code "module"}, {@code "commonjs"} or {@code "none"}
 * @param exports a string, an array or an object
 */
record PackageJson(
    Path file,
    @Nullable String name,
    @Nullable String main,
    String type,
    @Nullable JsonElement exports,
    @Nullable JsonObject imports) {

  private static final Set<String> TYPES = Set.of("module", "commonjs");

  /** The package's folder. */
  Path folder() {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  /**
   * @throws JsonParseException if the text is no JSON object
   * @throws IOException as well
   */
  static PackageJson parse(Path file, String text) throws IOException {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    JsonElement json = JsonParser.parseReader(reader);
    if (reader.peek() != JsonToken.END_DOCUMENT || !(json instanceof JsonObject object)) {
      throw new JsonParseException("not one JSON object");
    }
    JsonElement exports = object.get("exports");
    String type = text(object, "type");
    return new PackageJson(
        file,
        text(object, "name"),
        text(object, "main"),
        type != null && TYPES.contains(type) ? type : "none",
        (exports instanceof JsonPrimitive value && !value.isString()) || exports instanceof JsonNull
            ? null
            : exports,
        object.get("imports") instanceof JsonObject imports ? imports : null);
  }

  private static @Nullable String text(JsonObject object, String field) {
    return object.get(field) instanceof JsonPrimitive value && value.isString()
        ? value.getAsString()
        : null;
  }
}
