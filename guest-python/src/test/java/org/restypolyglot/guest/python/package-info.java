/** Tests with the real engine. */
@NullMarked
package org.restypolyglot.guest.python;

import org.jspecify.annotations.NullMarked;
