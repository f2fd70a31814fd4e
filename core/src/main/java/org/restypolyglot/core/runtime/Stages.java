package org.restypolyglot.core.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Work on several things at the same time. */
final class Stages {
  private Stages() {}

  /** Takes a step with each; completes when all have, with the failure of one if there is any. */
  static <T> CompletionStage<Void> all(
      List<T> things, Function<? super T, CompletionStage<Void>> step) {
    return CompletableFuture.allOf(
        things.stream()
            .map(thing -> step.apply(thing).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }
}
