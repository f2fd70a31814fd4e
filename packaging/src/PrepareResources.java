import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Value;

/**
 * Unpacks what the languages keep inside their jars (GraalPy's home, the native access libraries)
 * into a folder, for {@code -Dpolyglot.engine.resourcePath}. Without it each JVM unpacks into the
 * cache folder of its user, and fails where there is none, as for an nginx worker.
 *
 * <p>Then compiles Python's standard library to {@code __pycache__/*.resty-polyglot.pyc}, so that
 * a worker parses nothing of it: the first reply comes sooner, and a new context needs less memory.
 * The files are not checked against their sources, and name them from the library's own folder, so
 * that they stay valid wherever, and with whatever file times, the folder is copied to. {@code
 * library.py} of the Python guest finds them by their suffix and gives the sources their full
 * names; {@code bin/graalpy} does not know them.
 *
 * <p>Takes half a minute, so it is done once for each version of GraalPy and of the program below:
 * {@code java PrepareResources.java FOLDER VERSION GLUE}. The guest's own modules, in the folder
 * GLUE, are compiled each time, into {@code glue/}.
 */
void main(String[] args) throws IOException {
  Path resources = Path.of(args[0]).toAbsolutePath().normalize();
  Path done = resources.resolve(".prepared");
  String version = args[1] + " " + COMPILE_STANDARD_LIBRARY.hashCode();
  System.setProperty("polyglot.engine.resourcePath", resources.toString());
  if (!Files.exists(done) || !Files.readString(done).equals(version)) {
    delete(resources);
    if (!Engine.copyResources(resources, "python")) {
      throw new IOException("nothing to unpack: no GraalPy on the class path");
    }
    try (Context context = Context.newBuilder("python").allowAllAccess(true).build()) {
      context.eval("python", COMPILE_STANDARD_LIBRARY);
    }
    Files.writeString(done, version);
  }
  compileGlue(Path.of(args[2]), resources.resolve("glue"));
}

/** One file for each module, {@code name.hash of its text}: Glue.java looks for it by that. */
static void compileGlue(Path sources, Path target) throws IOException {
  delete(target);
  Files.createDirectory(target);
  try (Context context = Context.newBuilder("python").allowAllAccess(true).build();
      Stream<Path> list = Files.list(sources)) {
    Value compile = context.eval("python", COMPILE_MODULE);
    for (Path source : list.filter(file -> file.toString().endsWith(".py")).toList()) {
      String file = source.getFileName().toString();
      String text = Files.readString(source);
      String code = compile.execute(text, "<resty-polyglot>/" + file).asString();
      String name = file.replace(".py", "." + Integer.toHexString(text.hashCode()));
      Files.writeString(target.resolve(name), code, StandardCharsets.ISO_8859_1);
    }
  }
}

static final String COMPILE_MODULE =
    """
    import marshal
    lambda text, file: marshal.dumps(
        compile(text, file, "exec", dont_inherit=True)).decode("latin-1")
    """;

/** Leaves out what no handler imports, and test data with broken sources. */
static final String COMPILE_STANDARD_LIBRARY =
    """
    import __future__, ast, compileall, importlib.util, os, py_compile, re, sys
    from importlib import _bootstrap_external
    library = os.path.dirname(os.__file__)

    # CPython's texts, where it has a compiled module, and GraalPy's compiled half has others.
    kind = "{self.__class__.__name__}"
    repairs = {
        "_pydatetime.py": (
            ("cannot compare naive and aware", "can't compare offset-naive and offset-aware", 2),
            ("cannot mix naive and timezone-aware time",
             "can't subtract offset-naive and offset-aware datetimes", 1),
            ("compare '%s' to '%s'", "compare datetime.%s to datetime.%s", 1),
            ("f'" + kind + "'\\n", "f'datetime." + kind + "'\\n", 1),
            ("'year must be in %d..%d' % (MINYEAR, MAXYEAR), year",
             "'year %i is out of range' % year", 1),
            ("'day must be in 1..%d' % dim, day", "'day is out of range for month'", 1),
            ("'month must be in 1..12', month", "'month must be in 1..12'", 1),
            ("'hour must be in 0..23', hour", "'hour must be in 0..23'", 1),
            ("'minute must be in 0..59', minute", "'minute must be in 0..59'", 1),
            ("'second must be in 0..59', second", "'second must be in 0..59'", 1),
            ("'microsecond must be in 0..999999', microsecond",
             "'microsecond must be in 0..999999'", 1),
            ("'fold must be either 0 or 1', fold", "'fold must be either 0 or 1'", 1),
        ),
        "_pydecimal.py": (
            ("raise error(explanation)", "raise error([condition])", 1),
            ('"Cannot convert %r to Decimal" % value',
             '"conversion from %s to Decimal is not supported" % type(value).__name__', 1),
            ("Cannot convert NaN to integer", "cannot convert NaN to integer", 1),
            ("Cannot convert infinity to integer", "cannot convert Infinity to integer", 1),
            ('"Invalid format specifier: " + format_spec', '"invalid format string"', 1),
        ),
        "json/decoder.py": (
            ("        lineno = doc.count(",
             "        if msg == 'Invalid escape':\\n"
             "            msg, pos = 'Invalid \\\\\\\\escape', pos - 1\\n"
             "        lineno = doc.count(", 1),
        ),
        "zoneinfo/_zoneinfo.py": (
            ('f"' + kind + "(key=",
             'f"' + "{'zoneinfo.' * (type(self) is ZoneInfo)}" + kind + "(key=", 1),
        ),
    }
    for name, changes in repairs.items():
        with open(f"{library}/{name}", encoding="utf-8") as file:
            source = file.read()
        for old, new, count in changes:
            if source.count(old) != count:
                raise SystemExit(f"{name} has {old!r} {source.count(old)} times, not {count}")
            source = source.replace(old, new)
        with open(f"{library}/{name}", "w", encoding="utf-8") as file:
            file.write(source)

    sys.implementation.cache_tag = "resty-polyglot"
    compiled = compileall.compile_dir(
        library,
        quiet=1,
        workers=1,
        stripdir=library,
        rx=re.compile(r"/(test|tests|idlelib|tkinter|lib2to3|ensurepip|turtledemo|pydoc_data)/"),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise SystemExit("the standard library does not compile: see above")

    # All of asyncio would import typing for the annotations here.
    name = "asyncio/timeouts.py"
    with open(f"{library}/{name}", "rb") as file:
        source = file.read()
    module = ast.parse(source)
    module.body = [node for node in module.body if getattr(node, "module", None) != "typing"]
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            node.decorator_list = []  # final
    flags = __future__.annotations.compiler_flag
    code = compile(module, name, "exec", flags, dont_inherit=True)
    header_and_code = _bootstrap_external._code_to_hash_pyc(code, bytes(8), False)
    with open(importlib.util.cache_from_source(f"{library}/{name}"), "wb") as file:
        file.write(header_and_code)
    """;

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
