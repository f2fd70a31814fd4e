/** End-to-end tests on the real nginx, one class a topic. */
@NullMarked
package org.restypolyglot.t;

import org.jspecify.annotations.NullMarked;
