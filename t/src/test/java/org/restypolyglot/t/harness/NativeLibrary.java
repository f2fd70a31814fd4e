package org.restypolyglot.t.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compiles native fixtures and examples with the machine's compilers. */
public final class NativeLibrary {
  private NativeLibrary() {}

  /** A shared library in {@code folder} from {@code native/source} of the test resources. */
  public static Path compile(String source, Path folder, String... options)
      throws IOException, InterruptedException {
    Path library = folder.resolve("lib" + source.replaceAll("\\.c$", "") + ".so");
    List<String> command = new ArrayList<>(List.of("-shared", "-fPIC"));
    command.addAll(List.of(options));
    gcc(resource(source), library, command);
    return library;
  }

  /** A program that exports its symbols to the libraries that it loads. */
  public static Path compileProgram(String source, Path folder)
      throws IOException, InterruptedException {
    Path program = folder.resolve(source.replaceAll("\\.c$", ""));
    gcc(resource(source), program, List.of("-rdynamic", "-pthread", "-ldl"));
    return program;
  }

  /** A fixture's source file. */
  public static Path resource(String source) {
    return Prefix.resource("native").resolve(source);
  }

  public static void gcc(Path source, Path output, List<String> options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("gcc", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of("-I" + Dist.checkout().resolve("loader-native/include")));
    command.addAll(List.of("-o", output.toString(), source.toString(), "-pthread"));
    command.addAll(options);
    Shell.run(output.getParent(), Map.of(), new byte[0], command).orThrow();
  }

  /**
   * The library of an example, built where that is not done yet: {@code "c", "libffi_c_echo.so"}.
   */
  public static Path example(String folder, String library)
      throws IOException, InterruptedException {
    Path example = Dist.checkout().resolve("examples").resolve(folder);
    Shell.run("make", "-C", example.toString(), library).orThrow();
    return example.resolve(library);
  }
}
