package org.restypolyglot.core.guest;

import java.util.function.Consumer;
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
 * @param tasks the task queue, for a guest that polls it itself
 * @param damaged takes a reason when tasks that have begun may have lost what would have answered
 *     them; if there are any, they fail with the reason, and a new generation starts. Guest thread
 */
public record GuestEnvironment(
    Spec spec,
    RuntimeOptions options,
    GuestExecutor executor,
    Sources sources,
    GuestLog log,
    TaskQueue tasks,
    Consumer<String> damaged) {}
