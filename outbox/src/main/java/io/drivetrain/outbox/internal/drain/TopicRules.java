package io.drivetrain.outbox.internal.drain;

import java.util.Map;

/**
 * How the rows of each topic are treated. Immutable.
 *
 * @param onRefused unless a topic has its own
 * @param onRefusedOf by topic
 * @param compact whether only the last row of a key in a batch is sent, unless a topic has its own
 * @param compactOf by topic
 */
public record TopicRules(
    OnRefused onRefused,
    Map<String, OnRefused> onRefusedOf,
    boolean compact,
    Map<String, Boolean> compactOf) {

  /** What applies unless something is set. */
  public static final TopicRules DEFAULT =
      new TopicRules(OnRefused.PARK, Map.of(), false, Map.of());

  /** Copies the maps. */
  public TopicRules {
    onRefusedOf = Map.copyOf(onRefusedOf);
    compactOf = Map.copyOf(compactOf);
  }

  /** What becomes of a refused row of a topic. */
  OnRefused onRefused(String topic) {
    return onRefusedOf.getOrDefault(topic, onRefused);
  }

  /** Whether only the last row of a key is sent. */
  boolean compacts(String topic) {
    return compactOf.getOrDefault(topic, compact);
  }

  /** Whether that is so for any topic. */
  boolean compactsAny() {
    return compact || compactOf.containsValue(true);
  }
}
