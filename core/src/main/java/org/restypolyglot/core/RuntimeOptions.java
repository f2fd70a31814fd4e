package org.restypolyglot.core;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A runtime's options: what Lua gave to {@code load_ffi}, with what {@code setup{}} says beneath
 * it. Travels as one JSON object.
 *
 * @param path where modules are looked up first, in order
 * @param prefix nginx's prefix, where modules are looked up last; null outside nginx
 * @param venv a virtual environment, or a folder of packages, of the guest's language; null for
 *     none
 * @param javaPermissions names of Java classes or packages ({@code "java.net.http.*"}) that the
 *     guest may use; empty: none
 * @param nativePermissions names of packages whose compiled code may run in the worker, {@code "*"}
 *     for all; empty: none
 * @param contexts how many contexts serve the runtime in parallel, 1 or more
 * @param timeout how long a call may take that says nothing else; zero: without limit
 * @param loadTimeout how long the module and its entry may take to load; zero: without limit
 * @param drainTimeout after a reload, how long the generation before may take to answer the calls
 *     that it has; zero: without limit
 * @param debug who may debug the worker's guests; where anybody may, the three times above are
 *     zero, as a guest that stands at a breakpoint takes as long as it takes
 */
public record RuntimeOptions(
    List<Path> path,
    @Nullable Path prefix,
    @Nullable Path venv,
    Set<String> javaPermissions,
    Set<String> nativePermissions,
    int contexts,
    Duration timeout,
    Duration loadTimeout,
    Duration drainTimeout,
    DebugOptions debug) {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /** No option given. */
  public static final RuntimeOptions NONE =
      new RuntimeOptions(
          List.of(),
          null,
          null,
          Set.of(),
          Set.of(),
          1,
          DEFAULT_TIMEOUT,
          DEFAULT_TIMEOUT,
          DEFAULT_TIMEOUT,
          DebugOptions.NONE);

  private static final int MAX_CONTEXTS = 64;
  private static final int MAX_TIMEOUT_SECONDS = 1_000_000_000;

  public RuntimeOptions {
    path = List.copyOf(path);
    javaPermissions = Set.copyOf(javaPermissions);
    nativePermissions = Set.copyOf(nativePermissions);
  }

  /**
   * @param json an object with {@code path} (a string with {@code :} between folders, or an array),
   *     {@code prefix}, {@code venv}, {@code contexts}, {@code timeout}, {@code load_timeout} and
   *     {@code drain_timeout} (seconds), {@code permissions} ({@code {"java": ["name", ...],
   *     "native": ["name", ...]}}), {@code inspect}, {@code dap} and {@code debug_public} (see
   *     {@link DebugOptions}); others are ignored, as the host reads them
   * @throws IllegalArgumentException quoting what is wrong
   */
  public static RuntimeOptions parse(String json) {
    JsonElement root;
    try {
      root = JsonParser.parseString(json);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("options are not JSON: " + json, e);
    }
    if (!root.isJsonObject()) {
      throw new IllegalArgumentException("options are not a JSON object: " + json);
    }
    JsonObject object = root.getAsJsonObject();
    List<Path> path = new ArrayList<>();
    for (String folder : strings(object, "path", ":")) {
      path.add(Path.of(folder));
    }
    Set<String> java = new TreeSet<>();
    Set<String> compiled = new TreeSet<>();
    if (object.get("permissions") instanceof JsonObject permissions) {
      java.addAll(strings(permissions, "java", ","));
      compiled.addAll(strings(permissions, "native", ","));
    }
    DebugOptions debug = DebugOptions.parse(object);
    return new RuntimeOptions(
        path,
        folder(object, "prefix"),
        folder(object, "venv"),
        java,
        compiled,
        contexts(object),
        timeout(object, "timeout", debug),
        timeout(object, "load_timeout", debug),
        timeout(object, "drain_timeout", debug),
        debug);
  }

  private static @Nullable Path folder(JsonObject object, String name) {
    List<String> names = strings(object, name, null);
    return names.isEmpty() ? null : Path.of(names.getFirst());
  }

  private static int contexts(JsonObject object) {
    JsonElement value = object.get("contexts");
    if (value == null) {
      return 1;
    }
    if (value instanceof JsonPrimitive number && number.isNumber()) {
      double count = number.getAsDouble();
      if (count >= 1 && count <= MAX_CONTEXTS && count == Math.rint(count)) {
        return (int) count;
      }
    }
    throw new IllegalArgumentException(
        "option \"contexts\" should be a whole number from 1 to %d, not %s"
            .formatted(MAX_CONTEXTS, value));
  }

  private static Duration timeout(JsonObject object, String name, DebugOptions debug) {
    Duration given = timeout(object, name);
    return debug.isOn() ? Duration.ZERO : given;
  }

  private static Duration timeout(JsonObject object, String name) {
    JsonElement value = object.get(name);
    if (value == null) {
      return DEFAULT_TIMEOUT;
    }
    if (value instanceof JsonPrimitive number && number.isNumber()) {
      double seconds = number.getAsDouble();
      if (seconds >= 0 && seconds <= MAX_TIMEOUT_SECONDS) {
        return Duration.ofMillis((long) Math.ceil(seconds * 1000));
      }
    }
    throw new IllegalArgumentException(
        "option \"%s\" should be a number of seconds from 0 (none) to %d, not %s"
            .formatted(name, MAX_TIMEOUT_SECONDS, value));
  }

  private static List<String> strings(JsonObject object, String name, @Nullable String separator) {
    JsonElement value = object.get(name);
    List<String> all = new ArrayList<>();
    switch (value) {
      case null -> {}
      case JsonArray array when separator != null -> {
        for (JsonElement element : array) {
          all.add(string(name, element));
        }
      }
      default -> {
        String text = string(name, value);
        all.addAll(separator == null ? List.of(text) : List.of(text.split(separator)));
      }
    }
    all.removeIf(String::isBlank);
    return all;
  }

  private static String string(String name, JsonElement value) {
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
      return value.getAsString();
    }
    throw new IllegalArgumentException(
        "option \"%s\" should hold strings, not %s".formatted(name, value));
  }
}
