package org.restypolyglot.guest.python;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Member;
import java.lang.reflect.Proxy;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;

/**
 * The polyglot engine of all Python contexts, which share its code.
 *
 * <p><b>Threads</b>: any. <b>Owns</b>: the engine, until the process ends. <b>Failure</b>: the
 * first use throws what the engine throws.
 */
final class SharedEngine {
  /**
   * The same for all contexts, as an engine demands. It opens nothing by itself: guests get proxies
   * only, and a Java object first through a class that their permissions name. Reflection would
   * open every class to a guest that may use one.
   */
  static final HostAccess HOST_ACCESS =
      HostAccess.newBuilder(HostAccess.ALL)
          .denyAccess(Class.class)
          .denyAccess(ClassLoader.class)
          .denyAccess(Module.class)
          .denyAccess(AccessibleObject.class)
          .denyAccess(Member.class)
          .denyAccess(Proxy.class)
          .denyAccess(MethodHandles.Lookup.class)
          .denyAccess(MethodHandle.class)
          .build();

  private SharedEngine() {}

  static Engine get() {
    return Holder.ENGINE;
  }

  private static final class Holder {
    static final Engine ENGINE =
        Engine.newBuilder(PythonLanguage.ID)
            .allowExperimentalOptions(true)
            .logHandler(EngineLog.OF_ENGINE)
            .build();
  }
}
