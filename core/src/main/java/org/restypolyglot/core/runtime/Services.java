package org.restypolyglot.core.runtime;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.restypolyglot.core.dispatch.Dispatcher;
import org.restypolyglot.core.host.Host;
import org.restypolyglot.core.sources.SourceStore;
import org.restypolyglot.core.sources.SourceWatch;

/**
 * What all generations of all runtimes share.
 *
 * @param sources the source files of the worker
 * @param watch who notices that source files change; made when it is first needed
 * @param guards runs code that may block for seconds, each piece beside all others
 */
record Services(
    Host host,
    Dispatcher dispatcher,
    SourceStore sources,
    Supplier<SourceWatch> watch,
    Executor guards) {}
