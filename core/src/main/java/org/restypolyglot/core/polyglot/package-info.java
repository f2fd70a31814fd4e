/**
 * What the guests on GraalVM's polyglot API share: how an engine is described, where its log and a
 * context's output go, which Java classes are open. Names no language.
 */
@NullMarked
package org.restypolyglot.core.polyglot;

import org.jspecify.annotations.NullMarked;
