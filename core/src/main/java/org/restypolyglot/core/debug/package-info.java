/**
 * Debuggers of the worker's guests: GraalVM's DevTools inspector, and a Debug Adapter. Nothing here
 * runs unless {@code setup{}} asks for it; the instrument is only made known.
 */
@NullMarked
package org.restypolyglot.core.debug;

import org.jspecify.annotations.NullMarked;
