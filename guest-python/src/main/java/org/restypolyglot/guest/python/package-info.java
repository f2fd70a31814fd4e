/**
 * Handlers in Python, on GraalPy: {@link org.restypolyglot.guest.python.PythonLanguage} makes one
 * context for each guest; the Python side of it is in the resources beside this package.
 */
@NullMarked
package org.restypolyglot.guest.python;

import org.jspecify.annotations.NullMarked;
