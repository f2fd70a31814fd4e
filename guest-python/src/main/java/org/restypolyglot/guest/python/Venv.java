package org.restypolyglot.guest.python;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.restypolyglot.core.RuntimeOptions;
import org.restypolyglot.core.guest.GuestException;

/**
 * What {@code opts.venv} names.
 *
 * @param packages the folder that the packages are in
 * @param prefix the virtual environment itself; null for a plain folder of packages
 */
record Venv(Path packages, @Nullable Path prefix) {
  private static final String CONFIG = "pyvenv.cfg";
  private static final String VERSION = "python3.12";
  private static final String PACKAGES = "site-packages";

  /**
   * Looks at the disk; null where the options name none.
   *
   * @throws GuestException quoting what is wrong
   */
  static @Nullable Venv of(RuntimeOptions options) throws GuestException {
    if (options.venv() == null) {
      return null;
    }
    Path base = options.prefix() == null ? Path.of("") : options.prefix();
    Path folder = base.toAbsolutePath().resolve(options.venv()).normalize();
    String quoted =
        "option \"venv\" is \"%s\"%s"
            .formatted(
                options.venv(), options.venv().isAbsolute() ? "" : " (that is " + folder + ")");
    if (!Files.isDirectory(folder)) {
      throw new GuestException(
          quoted
              + (Files.exists(folder) ? ", which is no folder" : ", which does not exist")
              + "; it should be a virtual environment or a folder of packages");
    }
    if (!Files.isReadable(folder)) {
      throw new GuestException(quoted + ", which this worker's user may not read");
    }
    List<Path> found = sitePackages(folder);
    boolean isVenv = Files.exists(folder.resolve(CONFIG));
    if (found.isEmpty() && isVenv) {
      throw new GuestException(
          "%s, a virtual environment without a folder lib/%s/%s"
              .formatted(quoted, VERSION, PACKAGES));
    }
    if (found.size() > 1) {
      throw new GuestException(quoted + ", which has packages for several Pythons: " + found);
    }
    return found.isEmpty()
        ? new Venv(folder, null)
        : new Venv(found.getFirst(), isVenv ? folder : null);
  }

  /** Of this version of Python; else of others: what is written in Python alone fits, too. */
  private static List<Path> sitePackages(Path folder) {
    Path own = folder.resolve("lib").resolve(VERSION).resolve(PACKAGES);
    if (Files.isDirectory(own)) {
      return List.of(own);
    }
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> versions =
        Files.newDirectoryStream(folder.resolve("lib"), "{python,pypy,graalpy}*")) {
      for (Path version : versions) {
        if (Files.isDirectory(version.resolve(PACKAGES))) {
          others.add(version.resolve(PACKAGES));
        }
      }
    } catch (IOException e) {
      return List.of(); // a plain folder of packages has none
    }
    return others;
  }
}
