package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * Gives a context copies of compiled modules, as each can be loaded into a process only once, and
 * belongs to one context then. The copies are in a folder of their own while they are loaded, in
 * {@code java.io.tmpdir}; nothing is written beside the originals.
 *
 * <p><b>Threads</b>: the guest's, inside the context. <b>Owns</b>: the folders, from {@code
 * copy_native} to {@code drop_native}. <b>Borrows</b>: the context. <b>Failure</b>: a text for
 * Python.
 */
final class NativeModules {
  /** Ends with the process id, so that it is known whose folders those are that a crash leaves. */
  static final String FOLDER = "resty-polyglot-" + ProcessHandle.current().pid() + "-";

  private static final String ALL = "*";

  private final CApi api;
  private final Set<String> permissions;

  /**
   * Of one context.
   *
   * @param permissions names of packages whose modules may be loaded, or {@code "*"}
   */
  NativeModules(CApi api, Set<String> permissions) {
    this.api = api;
    this.permissions = permissions;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("copy_native", (ProxyExecutable) this::copy);
    functions.put("load_c_api", (ProxyExecutable) this::loadApi);
    functions.put("drop_native", (ProxyExecutable) NativeModules::drop);
    functions.put("permits_native", (ProxyExecutable) this::permits);
  }

  /** {@code permits_native(package) -> bool}. */
  private Object permits(Value... arguments) {
    return permissions.contains(ALL) || permissions.contains(arguments[0].asString());
  }

  /** {@code copy_native(path) -> str}: of what to load instead; or why that is not possible. */
  private Object copy(Value... arguments) {
    Path module = Path.of(arguments[0].asString());
    Path folder = null;
    try {
      folder = Files.createTempDirectory(FOLDER);
      api.load(folder);
      Path name = folder.resolve(module.getFileName());
      byte[] copy = ElfCopy.bound(Files.readAllBytes(module), api.library());
      Files.write(folder.resolve(name + CApi.COPY), copy);
      return Files.createFile(name).toString(); // whose copy is loaded
    } catch (IOException e) {
      delete(folder);
      return "a copy of %s cannot be made in %s: %s"
          .formatted(module, System.getProperty("java.io.tmpdir"), e);
    } catch (RuntimeException | Error e) {
      delete(folder);
      throw e;
    }
  }

  /** {@code load_c_api() -> str | None}: None, or why it cannot be loaded. */
  private @Nullable Object loadApi(Value... arguments) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory(FOLDER);
      api.load(folder);
      return null;
    } catch (IOException e) {
      return "a copy of Python's C interface cannot be made in %s: %s"
          .formatted(System.getProperty("java.io.tmpdir"), e);
    } finally {
      delete(folder);
    }
  }

  /** {@code drop_native(path)}: of a copy that is loaded by now. */
  private static @Nullable Object drop(Value... arguments) {
    delete(Path.of(arguments[0].asString()).getParent());
    return null;
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // somebody has tidied up
    }
  }
}
