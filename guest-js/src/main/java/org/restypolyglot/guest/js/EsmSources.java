package org.restypolyglot.guest.js;

import com.oracle.truffle.api.source.Source;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ES modules of all guests as sources: the latest text of each file, as {@link ScriptSources}
 * has them of CommonJS.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the sources, until the process ends or the file has another
 * text. <b>Failure</b>: none.
 */
final class EsmSources {
  @SuppressWarnings("ArrayRecordComponent") // compared by its content, with Arrays.equals
  private record Entry(byte[] bytes, Source source) {}

  private final Map<Path, Entry> byFile = new ConcurrentHashMap<>();

  /** The source of a file with this content. */
  Source of(Path file, byte[] bytes) {
    Entry known = byFile.get(file);
    if (known != null && Arrays.equals(known.bytes, bytes)) {
      return known.source;
    }
    Source source =
        Source.newBuilder(
                JsLanguage.ID,
                ScriptSources.hideHashBang(ScriptSources.text(bytes)),
                file.toString())
            .uri(file.toUri())
            .mimeType(EsmModule.MIME_TYPE)
            .build();
    byFile.put(file, new Entry(bytes, source));
    return source;
  }
}
