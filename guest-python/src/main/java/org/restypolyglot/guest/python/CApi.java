package org.restypolyglot.guest.python;

import com.oracle.graal.python.builtins.objects.cext.capi.CApiContext;
import com.oracle.graal.python.builtins.objects.cext.common.LoadCExtException;
import com.oracle.graal.python.builtins.objects.cext.copying.NativeLibraryLocator;
import com.oracle.graal.python.builtins.objects.module.PythonModule;
import com.oracle.graal.python.runtime.GilNode;
import com.oracle.graal.python.runtime.PythonContext;
import com.oracle.truffle.api.strings.TruffleString;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Python's C interface in one context: a library of GraalPy's that keeps the context's state, so
 * each context needs a copy of its own, under a name of its own. None of this is an interface of
 * GraalPy's: each new version of it needs a look here.
 *
 * <p><b>Threads</b>: {@link #load} the guest's, inside the context; {@link #forget} any. <b>
 * Borrows</b>: the context. <b>Failure</b>: {@link IOException}.
 */
final class CApi {
  /*
   * What of GraalPy's option python.IsolateNativeModules is used here
   * ----------------------------------------------------------------
   * With it GraalPy loads, instead of a library, the file beside it whose name has the suffix
   * ".dup" and a number; the number counts the contexts that have had the interface, and it ends at
   * 64. If there is no such file, GraalPy makes it with the program patchelf. So the file is made
   * before (ElfCopy), and the number is always set back: names need to be different inside the files
   * only. GraalPy looks for its own library in sys.prefix.
   *
   * The library is unmapped when the garbage collector has found that nobody uses it.
   */
  private static final String LIBRARY = "libpython-native.so";

  /** What GraalPy appends to the name of a file that it has a copy of. */
  static final String COPY = ".dup0";

  private static final TruffleString PREFIX = text("prefix");

  private static final AtomicInteger LIBRARIES = new AtomicInteger();

  /** Guards GraalPy's number. */
  private static final ReentrantLock NUMBER = new ReentrantLock();

  private final PythonContext python;
  private final String library = LIBRARY + "." + LIBRARIES.incrementAndGet();
  private boolean loaded; // under the lock

  CApi(PythonContext python) {
    this.python = python;
  }

  /** What modules of this context have to be bound to. */
  String library() {
    return library;
  }

  /**
   * Loads the library, if that has not been done.
   *
   * @param folder an empty one, for the copy
   */
  @SuppressWarnings("try") // the locks are of use without a name
  void load(Path folder) throws IOException {
    try (GilNode.UncachedAcquire gil = GilNode.uncachedAcquire()) {
      // Not while others wait for it: who holds NUMBER may lose the interpreter lock and need it.
      try (GilNode.UncachedRelease noGil = GilNode.uncachedRelease()) {
        NUMBER.lock();
      }
      try {
        if (!loaded) {
          loadCopy(folder);
          loaded = true;
        }
      } finally {
        NUMBER.unlock();
      }
    }
  }

  private void loadCopy(Path folder) throws IOException {
    Path original = Path.of(python.getCAPIHome().toJavaStringUncached(), LIBRARY);
    Path copy = folder.resolve(LIBRARY + COPY);
    Files.write(copy, ElfCopy.renamed(Files.readAllBytes(original), library));
    PythonModule sys = python.getSysModule();
    Object prefix = sys.getAttribute(PREFIX);
    sys.setAttribute(PREFIX, text(folder.toString()));
    try {
      setNumberBack();
      CApiContext.ensureCapiWasLoaded(null, python, text(""), text(""));
    } catch (LoadCExtException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    } finally {
      sys.setAttribute(PREFIX, prefix);
      Files.deleteIfExists(copy);
    }
  }

  private static void setNumberBack() {
    if (read(NativeLibraryLocator.class, "CEXT_COPY_INDICES", null) instanceof AtomicInteger left
        && read(NativeLibraryLocator.class, "MAX_CEXT_COPIES", null) instanceof Integer most) {
      left.set(most);
    }
  }

  /**
   * After the context is closed: it had no time to take back what it has asked the JVM to do at its
   * end, which is to write into the library.
   */
  void forget() {
    CApiContext api = python.getCApiContext();
    if (api != null
        && read(CApiContext.class, "nativeFinalizerShutdownHook", api) instanceof Thread hook) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException atEnd) {
        // it runs by now, and the library is still there
      }
    }
  }

  private static TruffleString text(String text) {
    return TruffleString.fromJavaStringUncached(text, TruffleString.Encoding.UTF_32);
  }

  private static @Nullable Object read(Class<?> type, String name, @Nullable Object object) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(object);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("another version of GraalPy: " + e, e);
    }
  }
}
