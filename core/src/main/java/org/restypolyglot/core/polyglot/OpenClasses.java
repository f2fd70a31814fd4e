package org.restypolyglot.core.polyglot;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Member;
import java.lang.reflect.Proxy;
import org.graalvm.polyglot.HostAccess;

/** Host access for guests that may use the Java classes which their permissions name. */
public final class OpenClasses {

  /**
   * All members of the objects that a guest has got hold of, but no reflection, which would open
   * every class to a guest that may use one.
   */
  public static final HostAccess HOST_ACCESS =
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

  private OpenClasses() {}
}
