/**
 * The poll role and the serial executors: which thread polls the host, and which thread is inside
 * which guest. Knows neither guests nor tasks.
 */
@NullMarked
package org.restypolyglot.core.dispatch;

import org.jspecify.annotations.NullMarked;
