package org.restypolyglot.guest.js;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;

/**
 * The CommonJS modules of all guests as polyglot sources: the latest text of each file, so that
 * contexts of one engine which load the same text share its parsed and compiled code.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the sources, until the process ends or the file has another
 * text. <b>Failure</b>: none.
 */
final class ScriptSources {
  /** On the first line, so that the line numbers are the file's. */
  static final String PREFIX = "(function (exports, require, module, __filename, __dirname) { ";

  private static final String SUFFIX = "\n})";
  private static final String BYTE_ORDER_MARK = "\ufeff";

  @SuppressWarnings("ArrayRecordComponent") // compared by its content, with Arrays.equals
  private record Entry(byte[] bytes, Source source) {}

  /** Those of the process. */
  static final ScriptSources SHARED = new ScriptSources();

  private final Map<Path, Entry> byFile = new ConcurrentHashMap<>();

  /** The function that runs a module: {@code bytes} as the body of Node's module wrapper. */
  Source module(Path file, byte[] bytes) {
    Entry known = byFile.get(file);
    if (known != null && Arrays.equals(known.bytes, bytes)) {
      return known.source;
    }
    Entry fresh = new Entry(bytes, module(file, text(bytes)));
    byFile.put(file, fresh);
    return fresh.source;
  }

  /** The same of any text, not kept. */
  static Source module(Path file, String text) {
    return source(file, PREFIX + hideHashBang(text) + SUFFIX);
  }

  /** Whether a file is CommonJS by its syntax. */
  static boolean parses(Path file, byte[] bytes) {
    try {
      Context.getCurrent().parse(SHARED.module(file, bytes));
      return true;
    } catch (PolyglotException e) {
      if (e.isSyntaxError()) {
        return false;
      }
      throw e;
    }
  }

  /** The file without the wrapper, not kept. */
  static Source script(Path file, byte[] bytes) {
    return script(file, text(bytes));
  }

  /** The same of any text. */
  static Source script(Path file, String text) {
    return source(file, hideHashBang(text));
  }

  /** Of the file's path, by which debuggers know the same file in another generation. */
  private static Source source(Path file, String text) {
    try {
      return Source.newBuilder(JsLanguage.ID, file.toFile())
          .content(text)
          .name(file.toString())
          .build();
    } catch (IOException e) { // reading is what could fail, and nothing is read
      throw new UncheckedIOException(e);
    }
  }

  /** A source file's text, without a byte order mark. */
  static String text(byte[] bytes) {
    return text(bytes, UTF_8);
  }

  /** The same in another encoding. */
  static String text(byte[] bytes, Charset charset) {
    String text = new String(bytes, charset);
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  /** Keeps the length, so that all positions stay. */
  static String hideHashBang(String text) {
    return text.startsWith("#!") ? "//" + text.substring(2) : text;
  }
}
