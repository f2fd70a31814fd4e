/**
 * JavaScript handlers on GraalJS.
 *
 * <p>{@link org.restypolyglot.guest.js.JsGuest} drives a context; what runs inside the context is
 * the JavaScript of the resource folder of the same name, which reaches Java through the exported
 * methods of the {@code Host...} classes and the functions of {@link
 * org.restypolyglot.guest.js.Intrinsics}, and through nothing else.
 */
@NullMarked
package org.restypolyglot.guest.js;

import org.jspecify.annotations.NullMarked;
