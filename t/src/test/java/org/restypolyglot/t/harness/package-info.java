/** What the end-to-end tests stand on: an nginx in a folder of its own, its log, its processes. */
@NullMarked
package org.restypolyglot.t.harness;

import org.jspecify.annotations.NullMarked;
