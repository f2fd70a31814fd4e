package org.restypolyglot.core.guest;

import org.restypolyglot.core.RuntimeOptions;
import org.restypolyglot.core.Spec;

/**
 * What core offers to one guest. Lives as long as the guest; borrowed from its runtime.
 *
 * @param spec what to load
 * @param options the runtime's options
 * @param executor runs code on the guest thread
 * @param sources reads source files
 * @param log writes to nginx's error.log, with the runtime's name in front
 */
public record GuestEnvironment(
    Spec spec, RuntimeOptions options, GuestExecutor executor, Sources sources, GuestLog log) {}
