/**
 * nginx's side as the JVM sees it: {@link org.restypolyglot.core.host.Host} and its implementations
 * over the C host's ABI and in memory.
 */
@NullMarked
package org.restypolyglot.core.host;

import org.jspecify.annotations.NullMarked;
