/** Runtimes: loading them, taking their tasks to their guests, unloading them. */
@NullMarked
package org.restypolyglot.core.runtime;

import org.jspecify.annotations.NullMarked;
