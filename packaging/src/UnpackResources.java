import java.io.IOException;
import java.nio.file.Path;
import org.graalvm.polyglot.Engine;

/**
 * Unpacks what the languages keep inside their jars (GraalPy's home, the native access libraries)
 * into a folder, for {@code -Dpolyglot.engine.resourcePath}. Without it each JVM unpacks into the
 * cache folder of its user, and fails where there is none, as for an nginx worker.
 */
void main(String[] args) throws IOException {
  if (!Engine.copyResources(Path.of(args[0]), "python")) {
    throw new IOException("nothing to unpack: no GraalPy on the class path");
  }
}
