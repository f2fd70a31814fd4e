package org.restypolyglot.guest.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code zlib._ZlibDecompressor}, which is ours: GraalPy's own can end the process. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ZlibTest {
  private static final String MODULE =
      """
      import gzip, io, pickle, zipfile, zlib

      TEXT = b"a text that is compressed " * 1000
      DATA = zlib.compress(TEXT)

      def failure(function, *args):
          try:
              function(*args)
          except Exception as error:
              return f"{type(error).__name__}: {error}"

      class Handlers:
          def end(self, req, task):
              stream = zlib._ZlibDecompressor()
              whole = stream.decompress(DATA + b"more") == TEXT
              told = [failure(stream.decompress, data) for data in (b"anything", b"")]
              return str((whole, stream.eof, stream.needs_input, stream.unused_data, told))

          def limits(self, req, task):
              stream = zlib._ZlibDecompressor()
              out = [stream.decompress(DATA[:50], 0), stream.decompress(b"", 2)]
              early = stream.needs_input
              out.append(stream.decompress(DATA[50:55], max_length=15))
              out.append(stream.decompress(DATA[55:]))
              return str((early, b"".join(out) == TEXT, [len(part) for part in out[:3]], stream.eof))

          def broken(self, req, task):
              stream = zlib._ZlibDecompressor()
              told = [failure(stream.decompress, b"no deflate") for _ in range(3)]
              told.append(failure(pickle.dumps, stream))
              told.append(failure(zlib._ZlibDecompressor, "x"))
              return "; ".join(text.partition(" while")[0] for text in told)

          def library(self, req, task):
              two = gzip.decompress(gzip.compress(TEXT) + gzip.compress(TEXT)) == TEXT * 2
              with gzip.open(io.BytesIO(gzip.compress(TEXT))) as file:
                  read = file.read(10), file.read() == TEXT[10:], file.read()
              archive = io.BytesIO()
              with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
                  made.writestr("name", TEXT)
              return str((two, read, zipfile.ZipFile(archive).read("name") == TEXT))

      def init(cfg): return Handlers()
      """;

  @TempDir private static Path folder;
  private static PythonHost python;
  private static long handlers;

  @BeforeAll
  static void load() throws Exception {
    python = new PythonHost(folder);
    python.write("handlers.py", MODULE);
    handlers = python.load("handlers,init");
  }

  @AfterAll
  static void stop() throws Exception {
    python.unload(handlers);
    python.close();
  }

  /** GraalPy's own ended the process with a segmentation fault. */
  @Test
  void end_isAnEofError() throws Exception {
    String error = "'EOFError: End of stream already reached'";
    assertThat(python.call(handlers, "end", ""))
        .isEqualTo("(True, True, False, b'more', [" + error + ", " + error + "])");
  }

  /** GraalPy's own computed for ever. */
  @Test
  void limits_areKept() throws Exception {
    assertThat(python.call(handlers, "limits", "")).isEqualTo("(False, True, [0, 2, 15], True)");
  }

  @Test
  void brokenInput_isAnError_eachTime() throws Exception {
    assertThat(python.call(handlers, "broken", ""))
        .startsWith("error: Error -3; error: Error -3; error: Error -3; TypeError: cannot pickle")
        .contains("; TypeError: 'str' object");
  }

  @Test
  void gzipAndZipfile_work() throws Exception {
    assertThat(python.call(handlers, "library", ""))
        .isEqualTo("(True, (b'a text tha', True, b''), True)");
  }
}
