package org.restypolyglot.core.debug;

import com.oracle.truffle.api.debug.Debugger;
import com.oracle.truffle.api.instrumentation.TruffleInstrument;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Instrument;

/**
 * What a debugger gets hold of in one engine, from the inside.
 *
 * @param env the instrument's environment: sources and contexts as they come and go
 * @param debugger the engine's; all sessions share it
 */
record EngineAccess(TruffleInstrument.Env env, Debugger debugger) {

  /** Any thread; switches nothing on. */
  static EngineAccess of(Engine engine) {
    Instrument instrument = engine.getInstruments().get(DebugInstrument.ID);
    if (instrument == null) {
      throw new IllegalStateException("the engine does not know our instrument");
    }
    DebugInstrument.Environment found = instrument.lookup(DebugInstrument.Environment.class);
    return new EngineAccess(found.env(), Debugger.find(engine));
  }
}
