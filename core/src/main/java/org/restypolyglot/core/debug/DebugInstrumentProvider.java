package org.restypolyglot.core.debug;

import com.oracle.truffle.api.instrumentation.TruffleInstrument.Registration;
import com.oracle.truffle.api.instrumentation.provider.TruffleInstrumentProvider;
import java.util.Collection;
import java.util.List;

/**
 * Makes {@link DebugInstrument} known to every engine; found by {@link java.util.ServiceLoader}.
 */
@Registration(id = DebugInstrument.ID, name = "resty-polyglot debuggers")
public final class DebugInstrumentProvider extends TruffleInstrumentProvider {

  @Override
  protected String getInstrumentClassName() {
    return DebugInstrument.class.getName();
  }

  @Override
  protected Object create() {
    return new DebugInstrument();
  }

  @Override
  protected Collection<String> getServicesClassNames() {
    return List.of(DebugInstrument.Environment.class.getCanonicalName());
  }

  @Override
  protected List<String> getInternalResourceIds() {
    return List.of();
  }

  @Override
  protected Object createInternalResource(String resourceId) {
    throw new IllegalArgumentException("there is no resource " + resourceId);
  }
}
