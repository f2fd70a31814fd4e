import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.attribute.ModuleHashesAttribute;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes {@code dist/java}: a Java with the just-in-time compiler of GraalVM in it, out of the JDK
 * that runs this program and the compiler's jars.
 *
 * <p>Why: a JDK that is given the compiler on the command line ({@code --upgrade-module-path})
 * may use no archive of loaded classes, and so takes three times as long to start.
 *
 * <p>A JDK with {@code jmods} is linked from those. One without ({@code JEP 493}) cannot replace a
 * module of its own when it links; so its modules are packed into jmods first, from what the JDK
 * keeps for that purpose. A GraalVM has its compiler already, and is left as it is.
 *
 * <p>{@code java MakeJava.java FOLDER COMPILER_JARS}; does nothing where {@code FOLDER} is of the same JDK,
 * jars and program.
 */
void main(String[] args) throws IOException {
  Path target = Path.of(args[0]).toAbsolutePath().normalize();
  Path compiler = Path.of(args[1]).toAbsolutePath().normalize();
  Path done = target.resolve(".made");
  String version = JDK + "\n" + Files.readString(JDK.resolve("release")) + names(compiler) + MODULES;
  if (Files.exists(done) && Files.readString(done).equals(version)) {
    return;
  }
  delete(target);
  if (Files.readString(JDK.resolve("release")).contains("GRAALVM_VERSION")) {
    System.out.println(JDK + " has a compiler of its own: no " + target);
    return;
  }
  if (!Files.isDirectory(JDK.resolve("jmods")) && !Files.exists(filesOf("java.base"))) {
    System.out.println(JDK + " has nothing to link another from: no " + target);
    return;
  }
  Path work = Files.createTempDirectory("make-java");
  try {
    Path modules = Files.createDirectory(work.resolve("modules"));
    Path jmods = JDK.resolve("jmods");
    for (String module : closure(MODULES)) {
      Path packed = modules.resolve(module + ".jmod");
      if (Files.isDirectory(jmods)) {
        Files.createSymbolicLink(packed, jmods.resolve(module + ".jmod"));
      } else {
        pack(module, packed, Files.createDirectory(work.resolve(module)));
      }
    }
    run(
        "jlink",
        "--module-path=" + compiler + ":" + modules,
        "--add-modules=" + COMPILER + "," + String.join(",", MODULES),
        "--no-header-files",
        "--no-man-pages",
        "--output=" + target);
    copyCertificates(target);
    Files.writeString(done, version);
  } finally {
    delete(work);
  }
}

static final Path JDK = Path.of(System.getProperty("java.home"));

/** What is in the JDK's own image: a folder for each module. */
static final Path IMAGE = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules");

static final String COMPILER = "jdk.graal.compiler,org.graalvm.truffle.compiler";

/** All that handlers may ask for of Java, what it takes to debug and to profile, no tools. */
static final List<String> MODULES =
    List.of(
        "java.se",
        "jdk.accessibility",
        "jdk.charsets",
        "jdk.crypto.cryptoki",
        "jdk.dynalink",
        "jdk.httpserver",
        "jdk.incubator.vector",
        "jdk.internal.vm.ci",
        "jdk.jcmd",
        "jdk.jdwp.agent",
        "jdk.jfr",
        "jdk.localedata",
        "jdk.management",
        "jdk.management.agent",
        "jdk.management.jfr",
        "jdk.naming.dns",
        "jdk.net",
        "jdk.nio.mapmode",
        "jdk.security.auth",
        "jdk.security.jgss",
        "jdk.unsupported",
        "jdk.xml.dom",
        "jdk.zipfs");

/** The modules and all that they require, by name. */
static Set<String> closure(List<String> roots) {
  Set<String> all = new TreeSet<>();
  Deque<String> open = new ArrayDeque<>(roots);
  while (!open.isEmpty()) {
    String module = open.pop();
    if (all.add(module)) {
      ModuleFinder.ofSystem()
          .find(module)
          .orElseThrow(() -> new IllegalStateException(JDK + " has no module " + module))
          .descriptor()
          .requires()
          .forEach(required -> open.push(required.name()));
    }
  }
  return all;
}

/** What the options of "jmod create" call the kinds of files that jlink keeps a list of. */
static final Map<String, String> SECTIONS =
    Map.of("1", "--config", "3", "--legal-notices", "5", "--cmds", "6", "--libs");

/** Packs a module of this JDK. {@code work}: an empty folder. */
static void pack(String module, Path packed, Path work) throws IOException {
  Path classes = work.resolve("classes");
  copy(IMAGE.resolve(module), classes);
  deleteGenerated(classes);
  Path info = classes.resolve("module-info.class");
  Files.write(info, withoutHashes(Files.readAllBytes(info)));

  Path list = filesOf(module);
  for (String line : Files.exists(list) ? Files.readAllLines(list) : List.<String>of()) {
    String[] fields = line.split("\\|", 4); // kind, whether it is a link, hash, path
    if (SECTIONS.containsKey(fields[0])) {
      Path file = Path.of(fields[3]);
      Path below = file.subpath(fields[0].equals("3") ? 2 : 1, file.getNameCount());
      Path copy = work.resolve("section" + fields[0]).resolve(below);
      Files.createDirectories(copy.getParent());
      Files.copy(JDK.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
  List<String> arguments = new ArrayList<>(List.of("jmod", "create", "--compress=zip-0"));
  arguments.add("--class-path=" + classes);
  SECTIONS.forEach(
      (kind, option) -> {
        Path section = work.resolve("section" + kind);
        if (Files.exists(section)) {
          arguments.add(option + "=" + section);
        }
      });
  arguments.add(packed.toString());
  run(arguments.toArray(String[]::new));
}

/** The list of a module's files that are not in the JDK's image, where the JDK has such lists. */
static Path filesOf(String module) {
  return IMAGE.resolve("jdk.jlink/jdk/tools/jlink/internal/runtimelink/fs_" + module + "_files");
}

/** Deletes what jlink has made, and makes anew. */
static void deleteGenerated(Path classes) throws IOException {
  try (Stream<Path> walk = Files.walk(classes)) {
    for (Path file : (Iterable<Path>) walk.filter(f -> isGenerated(classes.relativize(f)))::iterator) {
      Files.delete(file);
    }
  }
}

static boolean isGenerated(Path file) {
  String name = file.toString();
  return name.startsWith("jdk/internal/module/SystemModules$")
      || name.startsWith("java/lang/invoke/BoundMethodHandle$Species_")
          && !name.endsWith("$Species_L.class");
}

/** The hashes that java.base has of the others are of the JDK's own jmods. */
static byte[] withoutHashes(byte[] moduleInfo) {
  ClassFile classFile = ClassFile.of();
  return classFile.transformClass(
      classFile.parse(moduleInfo),
      ClassTransform.dropping(element -> element instanceof ModuleHashesAttribute));
}

/** A distribution's JDK may have a link to the system's authorities instead of its own. */
static void copyCertificates(Path target) throws IOException {
  Path authorities = JDK.resolve("lib/security/cacerts").toRealPath();
  Path copy = target.resolve("lib/security/cacerts");
  Files.deleteIfExists(copy);
  if (authorities.startsWith(JDK.toRealPath())) {
    Files.copy(authorities, copy);
  } else {
    Files.createSymbolicLink(copy, authorities);
  }
}

static void run(String... command) {
  var tool = ToolProvider.findFirst(command[0]).orElseThrow();
  String[] arguments = List.of(command).subList(1, command.length).toArray(String[]::new);
  if (tool.run(System.out, System.err, arguments) != 0) {
    throw new IllegalStateException("failed: " + String.join(" ", command));
  }
}

static String names(Path folder) throws IOException {
  try (Stream<Path> files = Files.list(folder)) {
    return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.joining(" "));
  }
}

static void copy(Path from, Path to) throws IOException {
  try (Stream<Path> walk = Files.walk(from)) {
    for (Path file : (Iterable<Path>) walk::iterator) {
      Path copy = to.resolve(from.relativize(file).toString());
      if (Files.isDirectory(file)) {
        Files.createDirectories(copy);
      } else {
        Files.copy(file, copy);
      }
    }
  }
}

static void delete(Path folder) throws IOException {
  if (Files.exists(folder)) {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
