/**
 * Debuggers of the worker's guests: GraalVM's DevTools inspector, and a Debug Adapter. Nothing here
 * runs, or is even loaded, unless {@code setup{}} asks for it.
 */
@NullMarked
package org.restypolyglot.core.debug;

import org.jspecify.annotations.NullMarked;
