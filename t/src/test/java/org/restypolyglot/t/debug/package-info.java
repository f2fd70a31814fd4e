/** Clients of the debuggers' protocols, as small as the tests need them. */
@NullMarked
package org.restypolyglot.t.debug;

import org.jspecify.annotations.NullMarked;
