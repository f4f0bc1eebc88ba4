package io.drivetrain.outbox.internal.drain;

import java.util.Map;

/**
 * How the rows of each topic are treated. Immutable.
 *
 * @param onRefused unless a topic has its own
 * @param onRefusedOf by topic
 */
public record TopicRules(OnRefused onRefused, Map<String, OnRefused> onRefusedOf) {

  /** What applies unless something is set. */
  public static final TopicRules DEFAULT = new TopicRules(OnRefused.PARK, Map.of());

  /** Copies the map. */
  public TopicRules {
    onRefusedOf = Map.copyOf(onRefusedOf);
  }

  /** What becomes of a refused row of a topic. */
  OnRefused onRefused(String topic) {
    return onRefusedOf.getOrDefault(topic, onRefused);
  }
}
