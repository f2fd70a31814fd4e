package org.restypolyglot.guest.python;

import com.oracle.graal.python.builtins.PythonBuiltinClassType;
import com.oracle.graal.python.builtins.modules.ast.AstModuleBuiltins;
import com.oracle.graal.python.builtins.objects.cext.common.CExtCommonNodes.ReadAndClearNativeException;
import com.oracle.graal.python.builtins.objects.type.PythonBuiltinClass;
import com.oracle.graal.python.nodes.PRootNode;
import com.oracle.graal.python.pegparser.InputType;
import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.runtime.EmulatedPosixSupport;
import com.oracle.graal.python.runtime.GilNode;
import com.oracle.graal.python.runtime.PythonContext;
import com.oracle.graal.python.runtime.object.PFactory;
import com.oracle.graal.python.util.PythonUtils;
import com.oracle.truffle.api.RootCallTarget;
import com.oracle.truffle.api.ThreadLocalAction;
import com.oracle.truffle.api.Truffle;
import com.oracle.truffle.api.frame.FrameInstance;
import com.oracle.truffle.api.frame.FrameInstanceVisitor;
import com.oracle.truffle.api.nodes.Node;
import com.oracle.truffle.api.nodes.RootNode;
import com.oracle.truffle.api.source.Source;
import com.oracle.truffle.api.source.SourceSection;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * GraalPy beneath a context, for what the polyglot API has no name for. None of it is an interface
 * of GraalPy's: each new version of it needs a look here.
 *
 * <p><b>Threads</b>: {@link #of} the home thread; the rest any. <b>Borrows</b>: the context.
 * <b>Failure</b>: none.
 */
final class Interpreter {
  private static final int FIRST_DESCRIPTOR = 3;
  private static final int MAX_DESCRIPTORS = 1 << 16;

  private final Context context;
  private final PythonContext python;
  private final CallContexts callContexts;
  private final CApi api;
  private final String library;

  private Interpreter(Context context, PythonContext python) {
    this.context = context;
    this.python = python;
    this.callContexts = CallContexts.ofThisThread();
    this.api = new CApi(python);
    this.library = python.getStdlibHome().toJavaStringUncached();
  }

  /** The interpreter of a context that Python has run in. */
  static Interpreter of(Context context) {
    context.enter();
    try {
      return new Interpreter(context, PythonContext.get(null));
    } finally {
      context.leave();
    }
  }

  /** The context variables of calls on the thread that called {@link #of}. */
  CallContexts callContexts() {
    return callContexts;
  }

  /** Python's object behind a value. To be called inside the context. */
  Object objectOf(Value value) {
    return python.getEnv().asGuestValue(value);
  }

  /** A built-in type of the context. To be called inside the context. */
  PythonBuiltinClass builtinType(Value value) {
    return objectOf(value) instanceof PythonBuiltinClassType type
        ? python.lookupType(type)
        : (PythonBuiltinClass) objectOf(value);
  }

  /** A code object for the context, of a module's code that another context may have made. */
  Object codeObject(RootCallTarget code, String file) {
    python.setCodeFilename(code, PythonUtils.toTruffleStringUncached(file));
    return PFactory.createCode(python.getLanguage(), code);
  }

  /**
   * Compiles a tree of the module {@code ast}. To be called inside the context.
   *
   * @param change what to do with the compiler's tree before
   */
  @SuppressWarnings("try") // the lock is of use without a name
  Object compile(Object tree, Consumer<ModTy> change, String file, int optimize) {
    try (GilNode.UncachedAcquire gil = GilNode.uncachedAcquire()) {
      ModTy module = AstModuleBuiltins.obj2sst(null, python, tree, InputType.FILE);
      change.accept(module);
      Source source = PythonUtils.createFakeSource(PythonUtils.toTruffleStringUncached(file));
      RootCallTarget code =
          python
              .getLanguage()
              .compileModule(python, module, source, false, optimize, null, null, 0);
      return codeObject(code, file);
    }
  }

  /**
   * Drops what a C extension was about to raise when it was broken off: what is called next in C
   * would be taken to have raised it. The home thread, outside of the context.
   */
  @SuppressWarnings("try") // the lock is of use without a name
  void forgetNativeFailure() {
    if (!python.hasCApiContext()) {
      return;
    }
    context.enter();
    try (GilNode.UncachedAcquire gil = GilNode.uncachedAcquire()) {
      ReadAndClearNativeException.executeUncached(python.getThreadState(python.getLanguage()));
    } finally {
      context.leave();
    }
  }

  /** Python's C interface in the context. */
  CApi api() {
    return api;
  }

  /**
   * Makes the threads of the context take turns: every 50 ms one that computes gives the
   * interpreter lock to one that waits for it. GraalPy 25.0.3 does this by itself for the first
   * context of an engine that has a second thread, and forgets it for all later ones, where a
   * thread that computes then keeps the lock, and every handler waits. Call once.
   */
  void shareGil() {
    python.initializeMultiThreading();
  }

  /**
   * Has {@code thread} perform the action at its next safepoint; gets it there out of most of what
   * it may wait in.
   */
  Future<Void> submit(Thread thread, ThreadLocalAction action) {
    return python.getEnv().submitThreadLocal(new Thread[] {thread}, action);
  }

  /**
   * Has the functions that the calling thread runs go on in the interpreter, as if their trees had
   * changed. To be called inside the context.
   */
  void forgetCompiledCode() {
    Truffle.getRuntime().iterateFrames(Interpreter::forgetCode);
  }

  /** Null, for all frames to be visited. */
  private static @Nullable Object forgetCode(FrameInstance frame) {
    RootNode root = ((RootCallTarget) frame.getCallTarget()).getRootNode();
    try {
      Method reportReplace =
          Node.class.getDeclaredMethod("reportReplace", Node.class, Node.class, CharSequence.class);
      reportReplace.setAccessible(true);
      reportReplace.invoke(root, root, root, "interrupted");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("another version of Truffle: " + e, e);
    }
    return null;
  }

  /**
   * Whether the calling thread runs the user's code, or the library's on its behalf; not our glue,
   * nor the library's on behalf of that. To be called inside the context.
   */
  boolean isInUsersCode() {
    Boolean users = Truffle.getRuntime().iterateFrames(new WhoseCode());
    return users != null && users;
  }

  /** Finds the innermost frame that tells. */
  private final class WhoseCode implements FrameInstanceVisitor<Boolean> {
    private boolean inText;

    @Override
    public @Nullable Boolean visitFrame(FrameInstance frame) {
      RootNode root = ((RootCallTarget) frame.getCallTarget()).getRootNode();
      SourceSection section = root.getSourceSection();
      if (section == null || !(root instanceof PRootNode)) { // a built-in function, a pattern of re
        return null;
      }
      Source source = section.getSource();
      String file = source.getPath() == null ? source.getName() : source.getPath();
      if (file.startsWith(library) || Glue.isLibrary(file)) {
        return null;
      }
      if (file.startsWith(Glue.FOLDER)) {
        return inText && !Glue.tellsFailures(file);
      }
      if (file.startsWith("<")) { // of eval() and exec(), which the library calls too; the importer
        inText |= !file.startsWith("<frozen ");
        return null;
      }
      return true;
    }
  }

  /**
   * The file behind a descriptor; null where it is of something else, or of nothing. To be called
   * inside the context.
   */
  @Nullable LockableChannel openFile(int descriptor) {
    Object channel =
        python.getPosixSupport() instanceof EmulatedPosixSupport posix
            ? posix.getFileChannel(descriptor)
            : null;
    if (channel == null || !channel.getClass().getName().endsWith("$ByteChannelDecorator")) {
      return null;
    }
    try {
      Field delegate = channel.getClass().getDeclaredField("delegate");
      delegate.setAccessible(true);
      return delegate.get(channel) instanceof LockableChannel file ? file : null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("another version of Truffle: " + e, e);
    }
  }

  /** Closes what the guest has left open; GraalPy does not, when its context is closed. */
  void closeDescriptors() {
    if (python.getPosixSupport() instanceof EmulatedPosixSupport posix) {
      for (int descriptor = FIRST_DESCRIPTOR; descriptor < MAX_DESCRIPTORS; descriptor++) {
        posix.close(descriptor);
      }
    }
  }
}
