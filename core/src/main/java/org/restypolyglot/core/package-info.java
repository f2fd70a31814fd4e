/** Runtimes inside an nginx worker: what to load, with which options, and what is loaded. */
@NullMarked
package org.restypolyglot.core;

import org.jspecify.annotations.NullMarked;
