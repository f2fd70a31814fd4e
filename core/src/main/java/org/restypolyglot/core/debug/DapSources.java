package org.restypolyglot.core.debug;

import com.google.gson.JsonObject;
import com.oracle.truffle.api.source.Source;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Sources, as a client of the Debug Adapter knows them. Any thread. */
final class DapSources {
  /** Our own modules, and those that the language has frozen in. */
  private static final String NO_FILE = "<";

  private DapSources() {}

  /** Whether it is worth stepping into. */
  static boolean isUsers(Source source) {
    return !source.isInternal() && !source.getName().startsWith(NO_FILE);
  }

  /** Its file; null: it has none. */
  static @Nullable String path(Source source) {
    URI uri = source.getURI();
    return "file".equals(uri.getScheme()) ? Path.of(uri).toString() : source.getPath();
  }

  static JsonObject json(Source source, DapReferences references) {
    JsonObject json = new JsonObject();
    String path = path(source);
    if (path != null && Files.isRegularFile(Path.of(path))) {
      json.addProperty("name", String.valueOf(Path.of(path).getFileName()));
      json.addProperty("path", path);
    } else {
      json.addProperty("name", source.getName());
      json.addProperty("sourceReference", references.source(source));
    }
    return json;
  }
}
