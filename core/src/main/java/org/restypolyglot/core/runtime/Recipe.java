package org.restypolyglot.core.runtime;

import org.restypolyglot.core.RuntimeOptions;
import org.restypolyglot.core.Spec;
import org.restypolyglot.core.guest.GuestLanguage;
import org.restypolyglot.core.guest.GuestLog;

/**
 * What every generation of a runtime is made from.
 *
 * @param tasks the task queue, for a guest that polls it itself
 * @param log writes with the runtime's name in front
 */
record Recipe(
    GuestLanguage language, Spec spec, RuntimeOptions options, PolledQueue tasks, GuestLog log) {}
