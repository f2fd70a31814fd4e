package org.restypolyglot.core.debug;

import com.oracle.truffle.api.instrumentation.TruffleInstrument;

/**
 * Hands out an engine's environment for instruments. GraalVM's own instruments open their ports
 * while the engine is made, which a port that is taken would keep from ending; this one lets a
 * debugger come at any time.
 */
public final class DebugInstrument extends TruffleInstrument {
  static final String ID = "resty-polyglot-debug";

  /** The instrument's service. */
  record Environment(Env env) {}

  @Override
  protected void onCreate(Env env) {
    env.registerService(new Environment(env));
  }
}
