package org.restypolyglot.guest.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.restypolyglot.core.guest.Sources;

/**
 * What Python's importer calls to look for and to read the user's source files.
 *
 * <p><b>Threads</b>: any. <b>Failure</b>: numbers of the C library's errors.
 */
final class HostSources {
  private static final int NOTHING = 0;
  private static final int PACKAGE = 1;
  private static final int MODULE = 2;
  private static final int FOLDER = 3;

  private static final int ENOENT = 2;
  private static final int EIO = 5;
  private static final int EACCES = 13;

  private static final Pattern IMPORT =
      Pattern.compile("^[ \\t]*(?:import|from)[ \\t]+([^#;\\n]+)", Pattern.MULTILINE);
  private static final Pattern NO_WORD = Pattern.compile("\\W+");

  private final Sources sources;
  private final Set<String> importWords = ConcurrentHashMap.newKeySet();

  HostSources(Sources sources) {
    this.sources = sources;
  }

  /** The words of all import statements that have been read, names of modules among them. */
  Set<String> importWords() {
    return importWords;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("locate", (ProxyExecutable) this::locate);
    functions.put("read", (ProxyExecutable) this::read);
    functions.put("note_on", (ProxyExecutable) HostSources::noteOn);
    functions.put("is_file", (ProxyExecutable) arguments -> sources.isFile(path(arguments[0])));
  }

  private static Path path(Value text) {
    return Path.of(text.asString()).toAbsolutePath();
  }

  /** {@code locate(base) -> int}: what a module may be whose file is {@code base.py}. */
  private Object locate(Value... arguments) {
    Path base;
    try {
      base = path(arguments[0]);
    } catch (InvalidPathException e) {
      return NOTHING;
    }
    if (sources.isFile(base.resolve("__init__.py"))) {
      return PACKAGE;
    }
    if (sources.isFile(base.resolveSibling(base.getFileName() + ".py"))) {
      return MODULE;
    }
    return sources.isFolder(base) ? FOLDER : NOTHING;
  }

  /** {@code read(path) -> str | int}: each character is a byte; or the error's number. */
  private Object read(Value... arguments) {
    try {
      Path file = path(arguments[0]);
      String text = new String(sources.read(file), ISO_8859_1);
      if (file.toString().endsWith(".py")) {
        Matcher imports = IMPORT.matcher(text);
        while (imports.find()) {
          importWords.addAll(List.of(NO_WORD.split(imports.group(1))));
        }
      }
      return text;
    } catch (NoSuchFileException | InvalidPathException e) {
      return ENOENT;
    } catch (AccessDeniedException e) {
      return EACCES;
    } catch (IOException e) {
      return EIO;
    }
  }

  /** {@code note_on(folder) -> str}: why nothing can be found there; empty where it can. */
  private static Object noteOn(Value... arguments) {
    Path folder = path(arguments[0]);
    if (Files.notExists(folder)) {
      return " (not there)";
    }
    return Files.isReadable(folder) ? "" : " (not readable)";
  }
}
