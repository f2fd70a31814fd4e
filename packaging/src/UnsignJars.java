import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

/**
 * Takes the signatures out of jars.
 *
 * <p>Why: the JVM checks each class of a signed jar when it loads it, and puts none into its cache.
 * Bouncy Castle's jars are signed, and the module {@code ssl} in Python loads hundreds of their
 * classes. Where the jars come from has been checked when Maven downloaded them.
 *
 * <p>{@code java UnsignJars.java FOLDER}
 */
void main(String[] args) throws IOException {
  try (Stream<Path> jars = Files.list(Path.of(args[0]))) {
    for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
      unsign(jar);
    }
  }
}

private static void unsign(Path jar) throws IOException {
  try (FileSystem files = FileSystems.newFileSystem(jar)) {
    Path metadata = files.getPath("META-INF");
    List<Path> signatures = List.of();
    if (Files.isDirectory(metadata)) {
      try (Stream<Path> all = Files.list(metadata)) {
        signatures = all.filter(file -> SIGNATURE.matcher(file.toString()).matches()).toList();
      }
    }
    if (!signatures.isEmpty()) {
      for (Path signature : signatures) {
        Files.delete(signature);
      }
      dropDigests(metadata.resolve("MANIFEST.MF"));
    }
  }
}

/** The manifest of a signed jar has a section for each file, with what was signed. */
private static void dropDigests(Path file) throws IOException {
  Manifest manifest;
  try (InputStream in = Files.newInputStream(file)) {
    manifest = new Manifest(in);
  }
  manifest.getEntries().clear();
  try (OutputStream out = Files.newOutputStream(file)) {
    manifest.write(out);
  }
}
