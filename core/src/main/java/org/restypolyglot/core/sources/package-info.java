/**
 * The files that loads read: what a worker keeps of them, what a generation depends on, and who
 * notices that they change.
 */
@NullMarked
package org.restypolyglot.core.sources;

import org.jspecify.annotations.NullMarked;
