/** The command line: a runtime without nginx. */
@NullMarked
package org.restypolyglot.core.cli;

import org.jspecify.annotations.NullMarked;
