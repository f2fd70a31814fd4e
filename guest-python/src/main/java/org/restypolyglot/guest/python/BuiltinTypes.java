package org.restypolyglot.guest.python;

import com.oracle.graal.python.builtins.PythonBuiltinClassType;
import com.oracle.graal.python.builtins.objects.type.PythonBuiltinClass;
import com.oracle.graal.python.builtins.objects.type.PythonManagedClass;
import com.oracle.graal.python.builtins.objects.type.TpSlots;
import com.oracle.graal.python.builtins.objects.type.TpSlots.TpSlotMeta;
import com.oracle.graal.python.builtins.objects.type.slots.TpSlot;
import com.oracle.graal.python.util.PythonUtils;
import com.oracle.truffle.api.object.DynamicObjectLibrary;
import com.oracle.truffle.api.strings.TruffleString;
import java.lang.reflect.Field;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * Gives built-in types of a context the attributes that GraalPy has forgotten; Python itself cannot
 * (builtin_repairs.py). None of this is an interface of GraalPy's.
 *
 * <p><b>Threads</b>: the home thread. <b>Failure</b>: none.
 */
final class BuiltinTypes {
  private final Interpreter interpreter;

  BuiltinTypes(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  void addTo(Map<String, Object> functions) {
    functions.put("set_type_attribute", (ProxyExecutable) this::set);
    functions.put("inherit_new", (ProxyExecutable) this::inheritNew);
  }

  /**
   * {@code set_type_attribute(type, name, value)}: of a type that has no subtypes, as the
   * attributes of those are looked up by the shapes of their bases; not a method that is an
   * operator.
   */
  private @Nullable Object set(Value... arguments) {
    PythonBuiltinClass type = interpreter.builtinType(arguments[0]);
    TruffleString name = PythonUtils.toTruffleStringUncached(arguments[1].asString());
    DynamicObjectLibrary.getUncached().put(type, name, interpreter.objectOf(arguments[2]));
    type.getMethodResolutionOrder().invalidateAttributeInMROFinalAssumptions(name);
    return null;
  }

  /**
   * {@code inherit_new(type)}: gives a type that has no {@code __new__} what {@code object} has in
   * its place, as if it had inherited it.
   */
  private @Nullable Object inheritNew(Value... arguments) {
    PythonBuiltinClass type = interpreter.builtinType(arguments[0]);
    TpSlots slots = type.getTpSlots();
    if (slots.tp_new() == null) {
      TpSlot inherited = PythonBuiltinClassType.PythonObject.getSlots().tp_new();
      setSlots(type, slots.copy().set(TpSlotMeta.TP_NEW, inherited).build());
    }
    return null;
  }

  /** GraalPy has a method for that, which refuses built-in types. */
  private static void setSlots(PythonManagedClass type, TpSlots slots) {
    try {
      Field field = PythonManagedClass.class.getDeclaredField("tpSlots");
      field.setAccessible(true);
      field.set(type, slots);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("another GraalPy", e);
    }
  }
}
