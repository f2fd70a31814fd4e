/**
 * The guest SPI: what a language implements ({@link org.restypolyglot.core.guest.GuestLanguage},
 * {@link org.restypolyglot.core.guest.Guest}) and what core offers it ({@link
 * org.restypolyglot.core.guest.GuestEnvironment} and what hangs from it).
 */
@NullMarked
package org.restypolyglot.core.guest;

import org.jspecify.annotations.NullMarked;
