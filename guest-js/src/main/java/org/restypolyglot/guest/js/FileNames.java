package org.restypolyglot.guest.js;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Names of files on their way to JavaScript: text, or one character for each byte where JavaScript
 * wants the bytes, as names need not be text.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: nothing.
 */
final class FileNames {
  private static final char SEPARATOR = '/';

  private FileNames() {}

  static String text(byte[] name, boolean asBytes) {
    return new String(name, asBytes ? ISO_8859_1 : UTF_8);
  }

  /** The text of {@code length} bytes at the beginning of {@code memory}. */
  static String text(MemorySegment memory, long length, boolean asBytes) {
    return text(memory.asSlice(0, length).toArray(JAVA_BYTE), asBytes);
  }

  /** The text before the first NUL. */
  static String text(MemorySegment memory, boolean asBytes) {
    long length = 0;
    while (memory.get(JAVA_BYTE, length) != 0) {
      length++;
    }
    return text(memory, length, asBytes);
  }

  /** One text for all entries: a digit for each one's type, then each name after a slash. */
  static String text(List<FolderEntry> entries, boolean asBytes) {
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append((char) ('0' + entry.type())));
    entries.forEach(entry -> text.append(SEPARATOR).append(text(entry.name(), asBytes)));
    return text.toString();
  }
}
