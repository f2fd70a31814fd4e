package org.restypolyglot.core.guest;

/**
 * What the log tells about a language's engine.
 *
 * @param text its name, its version, and what runs it, for example {@code "GraalJS 25.0.3 on
 *     GraalVM CE, JIT"}
 * @param interpreted whether code is interpreted only, never compiled
 */
public record EngineDescription(String text, boolean interpreted) {}
