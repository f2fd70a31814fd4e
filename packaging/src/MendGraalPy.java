import static java.lang.constant.ConstantDescs.CD_Character;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.util.Map.entry;

import java.io.File;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Changes in the jar of GraalPy 25.0.3 what cannot be told it at run time. Errors get the texts that
 * CPython 3.12 has: programs print them, and tests compare them. {@code str.format} takes a field's
 * name for one without an exception. Sockets are connected and waited for as POSIX says.
 *
 * <p>What is listed here and is not in the jar fails the build: another GraalPy has other texts.
 *
 * <p>{@code java MendGraalPy.java FOLDER EmulatedConnections.java}; the folder has jars as Maven
 * has them.
 */
void main(String[] args) throws IOException {
  Path folder = Path.of(args[0]);
  List<Path> jars;
  try (Stream<Path> files = Files.list(folder)) {
    jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
  }
  Path graalpy =
      jars.stream()
          .filter(jar -> jar.getFileName().toString().startsWith("python-language-"))
          .findFirst()
          .orElseThrow(() -> new IOException("no GraalPy in " + folder));
  URL[] urls = new URL[jars.size()];
  for (int i = 0; i < urls.length; i++) {
    urls[i] = jars.get(i).toUri().toURL();
  }
  missing.addAll(TEXTS.keySet());
  missing.addAll(OTHER_TEXTS);
  missing.addAll(WORDS);
  missing.add(FORMATTER);
  missing.addAll(METHODS);
  missing.addAll(CALLS);
  Map<String, byte[]> mended = new LinkedHashMap<>();
  try (URLClassLoader classes = new URLClassLoader(urls);
      FileSystem jar = FileSystems.newFileSystem(graalpy)) {
    ClassFile format =
        ClassFile.of(
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.defaultResolver()
                    .orElse(ClassHierarchyResolver.ofResourceParsing(classes))));
    Set<String> names = new LinkedHashSet<>(List.of(MESSAGES));
    OTHER_TEXTS.forEach(use -> names.add(use.type()));
    WORDS.forEach(word -> names.add(word.type()));
    names.add(FORMATTER);
    METHODS.forEach(method -> names.add(method.type()));
    CALLS.forEach(call -> names.add(call.type()));
    for (String name : names) {
      ClassModel type = format.parse(Files.readAllBytes(jar.getPath(path(name))));
      mended.put(name, format.transformClass(type, transform(name)));
    }
    for (Map.Entry<String, byte[]> type : mended.entrySet()) {
      Files.write(jar.getPath(path(type.getKey())), type.getValue());
    }
    addOurs(Path.of(args[1]), jars, jar);
  }
  if (!missing.isEmpty()) {
    throw new IOException(graalpy + " has not: " + missing);
  }
}

/** Compiles {@code EmulatedConnections} into the jar. */
static void addOurs(Path source, List<Path> jars, FileSystem jar) throws IOException {
  Path classes = Files.createTempDirectory("graalpy");
  String path = jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  int failed =
      ToolProvider.getSystemJavaCompiler()
          .run(
              null,
              null,
              null,
              "-proc:none",
              "-cp",
              path,
              "-d",
              classes.toString(),
              source.toString());
  if (failed != 0) {
    throw new IOException(source + " is not compiled");
  }
  Path made = Path.of(path("runtime/EmulatedConnections"));
  Files.move(classes.resolve(made), jar.getPath(made.toString()), REPLACE_EXISTING);
  for (Path folder = made.getParent(); folder != null; folder = folder.getParent()) {
    Files.delete(classes.resolve(folder));
  }
  Files.delete(classes);
}

static final String GRAALPY = "com/oracle/graal/python/";
static final String MESSAGES = "nodes/ErrorMessages";
static final ClassDesc MESSAGES_CLASS = ClassDesc.ofInternalName(GRAALPY + MESSAGES);

/** Of constants with one meaning. {@code %p} is the name of an object's type, {@code %N} a type's. */
static final Map<String, String> TEXTS =
    Map.ofEntries(
        entry(
            "ARG_MUST_BE_STRING_OR_BYTELIKE_OR_NUMBER",
            "%s argument must be a string, a bytes-like object or a real number, not '%p'"),
        entry("ASYNC_FOR_NO_AITER", "'async for' requires an object with __aiter__ method, got %N"),
        entry(
            "EXCEEDS_THE_LIMIT_FOR_INTEGER_STRING_CONVERSION",
            "Exceeds the limit (%d digits) for integer string conversion;"
                + " use sys.set_int_max_str_digits() to increase the limit"),
        entry(
            "EXCEEDS_THE_LIMIT_FOR_INTEGER_STRING_CONVERSION_D",
            "Exceeds the limit (%d digits) for integer string conversion: value has %d digits;"
                + " use sys.set_int_max_str_digits() to increase the limit"),
        entry("HAS_NO_ATTR", "'%p' object has no attribute '%s'"),
        entry(
            "ISINSTANCE_ARG_2_MUST_BE_TYPE_OR_TUPLE_OF_TYPE",
            "isinstance() arg 2 must be a type, a tuple of types, or a union"),
        entry(
            "LOCAL_VAR_REFERENCED_BEFORE_ASSIGMENT",
            "cannot access local variable '%s' where it is not associated with a value"),
        entry("MAP_MUST_HAVE_AT_LEAST_TWO_ARGUMENTS", "map() must have at least two arguments."),
        entry("NOT_IN_LIST_MESSAGE", "list.remove(x): x not in list"),
        entry(
            "OBJ_DOES_NOT_SUPPORT_ITEM_ASSIGMENT", "'%p' object does not support item assignment"),
        entry("OBJ_DOES_NOT_SUPPORT_ITEM_DELETION", "'%p' object doesn't support item deletion"),
        entry("POP_FROM_EMPTY_SET", "pop from an empty set"),
        entry("REDUCE_EMPTY_SEQ", "reduce() of empty iterable with no initial value"),
        entry("RETURNED_NONITER", "iter() returned non-iterator of type '%p'"),
        entry("STRING_INDEX_OUT_OF_RANGE", "string index out of range"),
        entry(
            "SWITCHING_FROM_AUTOMATIC_TO_MANUAL_NUMBERING",
            "cannot switch from automatic field numbering to manual field specification"),
        entry(
            "SWITCHING_FROM_MANUAL_TO_AUTOMATIC_NUMBERING",
            "cannot switch from manual field specification to automatic field numbering"),
        entry(
            "S_FOR_ISLICE_MUST_BE",
            "%s for islice() must be None or an integer: 0 <= x <= sys.maxsize."),
        entry("TYPE_N_HAS_NO_ATTR", "type object '%N' has no attribute '%s'"),
        entry("UNKNOWN_ENCODING", "unknown encoding: %s"));

/** One use of a constant that has other meanings elsewhere: the class, the constant, the text. */
record Use(String type, String constant, String text) {}

static final List<Use> OTHER_TEXTS =
    List.of(
        new Use(
            "builtins/objects/type/TypeBuiltins$GetattributeNode",
            "OBJ_N_HAS_NO_ATTR_S",
            "type object '%N' has no attribute '%s'"),
        new Use(
            "builtins/objects/bytes/BytesBuiltins$BytesSubcript",
            "LIST_INDEX_OUT_OF_RANGE",
            "index out of range"),
        new Use(
            "builtins/objects/bytes/ByteArrayBuiltins$ByteArraySubcript",
            "LIST_INDEX_OUT_OF_RANGE",
            "bytearray index out of range"),
        new Use(
            "builtins/objects/floats/FloatBuiltins$AbstractNumericBinaryBuiltin",
            "DIVISION_BY_ZERO",
            "float division by zero"),
        // It gives two things for the three of the constant's text.
        new Use(
            "lib/PyFloatAsDoubleNode$HandleFloatResultNode",
            "RETURNED_NON_FLOAT",
            "%p.__float__ returned non-float (type %p)"),
        new Use(
            "lib/PyFloatFromString",
            "ARG_MUST_BE_STRING_OR_NUMBER",
            "%s argument must be a string or a real number, not '%p'"));

static final String SYSTEM_ERRORS_TYPE = "builtins/objects/exception/OSErrorEnum";

/** Of errors of the system, where they are not glibc's. */
static final Map<String, String> SYSTEM_ERRORS =
    Map.ofEntries(
        entry("I/O error", "Input/output error"),
        entry("Bad file number", "Bad file descriptor"),
        entry("Operation would block", "Resource temporarily unavailable"),
        entry("Try again", "Resource temporarily unavailable"),
        entry("Out of memory", "Cannot allocate memory"),
        entry("Cross-device link", "Invalid cross-device link"),
        entry("File table overflow", "Too many open files in system"),
        entry("Not a typewriter", "Inappropriate ioctl for device"),
        entry("Math argument out of domain of func", "Numerical argument out of domain"),
        entry("Math result not representable", "Numerical result out of range"),
        entry("Resource deadlock would occur", "Resource deadlock avoided"),
        entry("No record locks available", "No locks available"),
        entry("Invalid system call number", "Function not implemented"),
        entry("Too many symbolic links encountered", "Too many levels of symbolic links"),
        entry("Not a data message", "Bad message"),
        entry("Illegal byte sequence", "Invalid or incomplete multibyte or wide character"),
        entry("Operation not supported on transport endpoint", "Operation not supported"),
        entry("Network dropped connection because of reset", "Network dropped connection on reset"),
        entry("Quota exceeded", "Disk quota exceeded"),
        entry("Operation Canceled", "Operation canceled"));

/** A text in the code of a class: what is put into a message, or a name. */
record Word(String type, String old, String text) {}

/** In the place of a text: the static method's first parameter, whose type the message names. */
static final String FIRST_PARAMETER = "";

static final List<Word> WORDS =
    Stream.concat(
            SYSTEM_ERRORS.entrySet().stream()
                .map(
                    text ->
                        new Word(
                            SYSTEM_ERRORS_TYPE,
                            text.getKey(),
                            text.getValue())),
            Stream.of(
                new Word("lib/PyNumberInvertNode", "unary", "unary "),
                new Word("lib/PyNumberNegativeNode", "unary", "unary "),
                new Word("lib/PyNumberPositiveNode", "unary", "unary "),
                new Word("builtins/modules/BuiltinFunctions$OrdNode", "obj", FIRST_PARAMETER),
                // struct.error calls itself so.
                new Word("builtins/PythonBuiltinClassType", "StructError", "error")))
        .toList();

/**
 * Its {@code toInt(Node, String)} tells of -1 for what is no number, after an exception with a stack
 * trace: most of the time that {@code "{name}".format(name=…)} took.
 */
static final String FORMATTER = "builtins/objects/str/TemplateFormatter";

/** Its connections wait, whatever the socket is set to; see {@code EmulatedConnections}. */
static final String SOCKETS = "runtime/EmulatedPosixSupport";

static final String STREAM_SOCKETS = SOCKETS + "$EmulatedStreamSocket";
static final ClassDesc STREAM_SOCKET = ClassDesc.ofInternalName(GRAALPY + STREAM_SOCKETS);
static final ClassDesc CONNECTIONS =
    ClassDesc.ofInternalName(GRAALPY + "runtime/EmulatedConnections");
static final ClassDesc CLIENT = ClassDesc.of("java.nio.channels.SocketChannel");
static final ClassDesc SERVER = ClassDesc.of("java.nio.channels.ServerSocketChannel");

/** A method of GraalPy's that is called in another way than before: its class and name. */
record Changed(String type, String name) {}

static final List<Changed> METHODS =
    List.of(
        new Changed(SOCKETS, "send"),
        new Changed(SOCKETS, "getsockopt"),
        new Changed(STREAM_SOCKETS, "connect"),
        new Changed(STREAM_SOCKETS, "configureBlocking"),
        new Changed(STREAM_SOCKETS, "getPeerName"),
        new Changed(STREAM_SOCKETS, "read"),
        new Changed(STREAM_SOCKETS, "recv"),
        new Changed(STREAM_SOCKETS, "send"),
        new Changed(STREAM_SOCKETS, "shutdown"),
        new Changed(STREAM_SOCKETS, "write"),
        new Changed(STREAM_SOCKETS, "setsockopt"),
        new Changed(STREAM_SOCKETS, "getsockopt"));

/** A call of {@code owner.name(…)} in a class, which is one of {@code EmulatedConnections} now. */
record Call(String type, String owner, String name, String ours) {}

static final List<Call> CALLS =
    List.of(
        new Call(SOCKETS, "java.nio.channels.SelectableChannel", "register", "register"),
        new Call(SOCKETS, "java.nio.channels.SelectionKey", "readyOps", "readyOps"),
        new Call(SYSTEM_ERRORS_TYPE, "java.lang.Exception", "getMessage", "message"));

/** What has not been found yet. */
static final Set<Object> missing = new HashSet<>();

static String path(String type) {
  return GRAALPY + type + ".class";
}

static ClassTransform transform(String type) {
  if (type.equals(FORMATTER)) {
    return ClassTransform.transformingMethods(
        method -> method.methodName().equalsString("toInt"),
        (method, element) -> {
          if (element instanceof CodeModel code) {
            missing.remove(FORMATTER);
            method.withCode(builder -> answerForNames(builder, code));
          } else {
            method.with(element);
          }
        });
  }
  if (type.equals(SOCKETS) || type.equals(STREAM_SOCKETS)) {
    return ClassTransform.transformingMethods(sockets(type));
  }
  if (!type.equals(MESSAGES)) {
    return ClassTransform.transformingMethodBodies((code, element) -> replace(type, code, element));
  }
  return ClassTransform.transformingMethods(
          method -> method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME),
          (method, element) -> {
            if (element instanceof CodeModel code) {
              method.withCode(builder -> initialize(builder, code.elementList()));
            } else {
              method.with(element);
            }
          })
      .andThen(
          ClassTransform.endHandler(
              messages ->
                  newTexts()
                      .forEach(text -> messages.withField(nameOf(text), TEXT, PUBLIC_CONSTANT))));
}

static final int PUBLIC_CONSTANT = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
static final ClassDesc TEXT = ClassDesc.of("com.oracle.truffle.api.strings.TruffleString");

/** Those that become constants beside GraalPy's. */
static List<String> newTexts() {
  return OTHER_TEXTS.stream().map(Use::text).distinct().toList();
}

static String nameOf(String newText) {
  return "RESTY_POLYGLOT_" + newTexts().indexOf(newText);
}

/** Each constant is made of a literal, by a call, and then set. */
static void initialize(CodeBuilder code, List<CodeElement> elements) {
  InvokeInstruction toText = null;
  for (int i = 0; i < elements.size(); i++) {
    CodeElement element = elements.get(i);
    if (element instanceof LoadConstantInstruction
        && elements.get(i + 1) instanceof InvokeInstruction call
        && elements.get(i + 2) instanceof FieldInstruction field
        && TEXTS.containsKey(field.name().stringValue())) {
      missing.remove(field.name().stringValue());
      toText = call;
      code.loadConstant(TEXTS.get(field.name().stringValue()));
      continue;
    }
    if (element instanceof ReturnInstruction) {
      for (String text : newTexts()) {
        code.loadConstant(text);
        code.with(toText);
        code.putstatic(MESSAGES_CLASS, nameOf(text), TEXT);
      }
    }
    code.with(element);
  }
}

static MethodTransform sockets(String type) {
  return (method, element) -> {
    if (element instanceof CodeModel code) {
      MethodModel old = code.parent().orElseThrow();
      Changed changed = new Changed(type, old.methodName().stringValue());
      if (METHODS.contains(changed) && !old.flags().has(AccessFlag.STATIC)) {
        missing.remove(changed);
        method.withCode(builder -> change(changed, builder, code));
      } else {
        method.transformCode(code, (builder, each) -> replace(type, builder, each));
      }
    } else {
      method.with(element);
    }
  };
}

static void change(Changed changed, CodeBuilder code, CodeModel method) {
  switch (changed.type() + "." + changed.name()) {
    case SOCKETS + ".send" -> sendNothing(code);
    case SOCKETS + ".getsockopt" -> getError(code);
    case STREAM_SOCKETS + ".connect" -> {
      connect(code, method);
      return;
    }
    case STREAM_SOCKETS + ".configureBlocking" -> returnIfOver(code);
    case STREAM_SOCKETS + ".getPeerName", STREAM_SOCKETS + ".shutdown" -> settle(code, "finish");
    case STREAM_SOCKETS + ".read",
        STREAM_SOCKETS + ".recv",
        STREAM_SOCKETS + ".send",
        STREAM_SOCKETS + ".write" ->
        settle(code, "finishOrFail");
    case STREAM_SOCKETS + ".setsockopt" -> remember(code);
    case STREAM_SOCKETS + ".getsockopt" -> getRemembered(code);
    default -> throw new AssertionError(changed);
  }
  method.forEach(code);
}

/** {@code if (size == 0) return 0}: Java's sends no empty datagram either, and would say EAGAIN. */
static void sendNothing(CodeBuilder code) {
  Label some = code.newLabel();
  code.iload(4).ifne(some);
  code.iconst_0().ireturn();
  code.labelBinding(some);
}

/** {@code if (level == SOL_SOCKET && name == SO_ERROR) return EmulatedConnections.error(…)}. */
static void getError(CodeBuilder code) {
  Label other = code.newLabel();
  Label stream = code.newLabel();
  Label found = code.newLabel();
  code.iload(2).iconst_1().if_icmpne(other);
  code.iload(3).iconst_4().if_icmpne(other);
  code.aload(4).iload(5);
  loadSocket(code);
  code.dup().instanceOf(STREAM_SOCKET).ifne(stream);
  code.pop().aconst_null().goto_(found);
  code.labelBinding(stream);
  code.checkcast(STREAM_SOCKET).getfield(STREAM_SOCKET, "clientChannel", CLIENT);
  code.labelBinding(found);
  code.invokestatic(CONNECTIONS, "error", MethodTypeDesc.of(CD_int, CLIENT));
  ClassDesc bytes = CD_byte.arrayType();
  code.invokestatic(
      ClassDesc.ofInternalName(GRAALPY + SOCKETS),
      "encodeIntOptVal",
      MethodTypeDesc.of(CD_int, bytes, CD_int, CD_int));
  code.ireturn();
  code.labelBinding(other);
}

/** The socket whose descriptor is the method's first parameter. */
static void loadSocket(CodeBuilder code) {
  ClassDesc socket = ClassDesc.ofInternalName(GRAALPY + SOCKETS + "$EmulatedSocket");
  code.aload(0).iload(1);
  code.invokevirtual(
      ClassDesc.ofInternalName(GRAALPY + SOCKETS),
      "getEmulatedSocket",
      MethodTypeDesc.of(socket, CD_int));
}

/** Local 2 is the channel that it makes, 3 whether the socket waits. */
static void connect(CodeBuilder code, CodeModel method) {
  ClassDesc address = ClassDesc.of("java.net.SocketAddress");
  code.aload(0).getfield(STREAM_SOCKET, "clientChannel", CLIENT);
  code.invokestatic(CONNECTIONS, "again", MethodTypeDesc.of(CD_void, CLIENT));
  for (CodeElement element : method) {
    if (isCall(element, CLIENT, "connect")) {
      code.iload(3);
      code.invokestatic(
          CONNECTIONS, "connect", MethodTypeDesc.of(CD_boolean, CLIENT, address, CD_boolean));
    } else if (element instanceof ReturnInstruction) {
      code.aload(2);
      code.invokestatic(CONNECTIONS, "tellPending", MethodTypeDesc.of(CD_void, CLIENT));
      code.with(element);
    } else {
      code.with(element);
    }
  }
}

/** {@code if (the connection has failed) return}: Java has closed the channel, POSIX has not. */
static void returnIfOver(CodeBuilder code) {
  Label goesOn = code.newLabel();
  code.aload(0).getfield(STREAM_SOCKET, "clientChannel", CLIENT);
  code.invokestatic(CONNECTIONS, "isOver", MethodTypeDesc.of(CD_boolean, CLIENT));
  code.ifeq(goesOn).return_();
  code.labelBinding(goesOn);
}

static void settle(CodeBuilder code, String how) {
  code.aload(0).getfield(STREAM_SOCKET, "clientChannel", CLIENT);
  code.invokestatic(CONNECTIONS, how, MethodTypeDesc.of(CD_void, CLIENT));
}

static final ClassDesc OPTION = ClassDesc.of("java.net.SocketOption");

/** {@code if (there is no channel) EmulatedConnections.remember(…)}; GraalPy keeps the first only. */
static void remember(CodeBuilder code) {
  Label channel = code.newLabel();
  ifChannel(code, channel);
  code.aload(0).aload(1).aload(2);
  code.invokestatic(
      CONNECTIONS, "remember", MethodTypeDesc.of(CD_void, CD_Object, OPTION, CD_Object));
  ClassDesc pair = ClassDesc.ofInternalName(GRAALPY + STREAM_SOCKETS + "$OptionWithValue");
  ClassDesc list = ClassDesc.of("java.util.List");
  code.aload(0).getfield(STREAM_SOCKET, "options", list).ifnull(channel);
  code.aload(0).getfield(STREAM_SOCKET, "options", list);
  code.new_(pair).dup().aload(1).aload(2);
  code.invokespecial(pair, INIT_NAME, MethodTypeDesc.of(CD_void, OPTION, CD_Object));
  code.invokeinterface(list, "add", MethodTypeDesc.of(CD_boolean, CD_Object)).pop();
  code.return_();
  code.labelBinding(channel);
}

/** {@code if (there is no channel) return EmulatedConnections.remembered(…)}. */
static void getRemembered(CodeBuilder code) {
  Label channel = code.newLabel();
  ifChannel(code, channel);
  code.aload(0).aload(1);
  code.invokestatic(CONNECTIONS, "remembered", MethodTypeDesc.of(CD_Object, CD_Object, OPTION));
  code.areturn();
  code.labelBinding(channel);
}

static void ifChannel(CodeBuilder code, Label there) {
  code.aload(0).getfield(STREAM_SOCKET, "clientChannel", CLIENT).ifnonnull(there);
  code.aload(0).getfield(STREAM_SOCKET, "serverChannel", SERVER).ifnonnull(there);
}

static boolean isCall(CodeElement element, ClassDesc owner, String name) {
  return element instanceof InvokeInstruction call
      && call.owner().asSymbol().equals(owner)
      && call.name().equalsString(name);
}

/** -1 where the first character is no digit; else the method as it is. */
static void answerForNames(CodeBuilder code, CodeModel method) {
  Label name = code.newLabel();
  Label number = code.newLabel();
  code.aload(1);
  code.invokevirtual(CD_String, "isEmpty", MethodTypeDesc.of(CD_boolean));
  code.ifne(name);
  code.aload(1);
  code.iconst_0();
  code.invokevirtual(CD_String, "charAt", MethodTypeDesc.of(CD_char, CD_int));
  code.invokestatic(CD_Character, "isDigit", MethodTypeDesc.of(CD_boolean, CD_char));
  code.ifne(number);
  code.labelBinding(name);
  code.iconst_m1();
  code.ireturn();
  code.labelBinding(number);
  method.forEach(code);
}

static void replace(String type, CodeBuilder code, CodeElement element) {
  switch (element) {
    case FieldInstruction field when field.owner().asSymbol().equals(MESSAGES_CLASS) -> {
      for (Use use : OTHER_TEXTS) {
        if (use.type().equals(type) && field.name().equalsString(use.constant())) {
          missing.remove(use);
          code.getstatic(MESSAGES_CLASS, nameOf(use.text()), TEXT);
          return;
        }
      }
    }
    case LoadConstantInstruction load -> {
      for (Word word : WORDS) {
        if (word.type().equals(type) && word.old().equals(load.constantValue())) {
          missing.remove(word);
          if (word.text().equals(FIRST_PARAMETER)) {
            code.aload(0);
          } else {
            code.loadConstant(word.text());
          }
          return;
        }
      }
    }
    case InvokeInstruction invoke -> {
      for (Call call : CALLS) {
        ClassDesc owner = ClassDesc.of(call.owner());
        if (call.type().equals(type) && isCall(element, owner, call.name())) {
          missing.remove(call);
          MethodTypeDesc old = invoke.typeSymbol();
          code.invokestatic(CONNECTIONS, call.ours(), old.insertParameterTypes(0, owner));
          return;
        }
      }
    }
    default -> {}
  }
  code.with(element);
}
