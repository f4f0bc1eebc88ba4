package io.drivetrain.schema.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Something that must be true before channels poll and the outbox drains, for example that the
 * database is migrated. CDI beans of this type are asked once the application has started. The
 * server does not wait for them: the application serves requests meanwhile, and health says what is
 * awaited.
 */
public interface StartCondition {

  /**
   * What is awaited, for health and logs, for example {@code database migrations}; asked each time,
   * so it may say why it is not met yet.
   */
  String name();

  /**
   * Completes normally, on any thread, when the condition is met. It never completes exceptionally:
   * what can never be met fails the deployment instead.
   */
  CompletionStage<Void> met();

  /** Completes when all conditions are met; at once if there are none. */
  static CompletionStage<Void> all(Iterable<StartCondition> conditions) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    conditions.forEach(condition -> all.add(condition.met().toCompletableFuture()));
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
  }

  /** The names, as they are now, of those that are not met yet. */
  static List<String> unmet(Iterable<StartCondition> conditions) {
    List<String> names = new ArrayList<>();
    for (StartCondition condition : conditions) {
      if (!condition.met().toCompletableFuture().isDone()) {
        names.add(condition.name());
      }
    }
    return names;
  }
}
