package org.restypolyglot.core.runtime;

import java.util.concurrent.Executor;
import org.restypolyglot.core.dispatch.Dispatcher;
import org.restypolyglot.core.host.Host;

/**
 * What all generations of all runtimes share.
 *
 * @param sources the source files of the worker
 * @param guards runs code that may block for seconds, each piece beside all others
 */
record Services(Host host, Dispatcher dispatcher, SourceStore sources, Executor guards) {}
