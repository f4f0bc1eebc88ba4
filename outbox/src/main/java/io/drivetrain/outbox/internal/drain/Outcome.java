package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable.Parked;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What to do after rows were sent. Immutable.
 *
 * <p>A row is deleted if Kafka has it, with one exception: if an earlier row of the same key must
 * be sent again, the later one is sent again behind it. Otherwise a consumer would end with the
 * older of the two, because a record that failed alone may fail while those behind it succeed.
 *
 * @param delete exactly the rows to delete because Kafka has them
 * @param refused what becomes of the rows Kafka will never take
 * @param topics the topics that take nothing now, and why
 * @param failure why Kafka could not be used, empty if it could
 * @param comesAgain whether some rows stay in the table and must be read again
 */
record Outcome(
    List<Long> delete,
    Refused refused,
    Map<String, String> topics,
    Optional<String> failure,
    boolean comesAgain) {

  static final Outcome NOTHING =
      new Outcome(List.of(), Refused.NONE, Map.of(), Optional.empty(), false);

  /**
   * Rows that Kafka will never take.
   *
   * @param park to move to the parked ones
   * @param block those of {@code park} whose keys are blocked from now on
   * @param drop to delete
   * @param stop by topic: the row at which it stops; that stays
   */
  record Refused(
      List<Parked> park, List<OutboxRow> block, List<Parked> drop, Map<String, Parked> stop) {
    static final Refused NONE = new Refused(List.of(), List.of(), List.of(), Map.of());

    boolean isEmpty() {
      return park.isEmpty() && drop.isEmpty() && stop.isEmpty();
    }

    private Refused and(Refused later) {
      Map<String, Parked> allStopped = new LinkedHashMap<>(stop);
      later.stop.forEach(allStopped::putIfAbsent);
      return new Refused(
          both(park, later.park), both(block, later.block), both(drop, later.drop), allStopped);
    }
  }

  /**
   * @param rows in the order they were sent
   * @param answers one for each row
   */
  static Outcome of(List<OutboxRow> rows, List<Answer> answers, TopicRules rules) {
    List<Long> delete = new ArrayList<>(rows.size());
    Refused all =
        new Refused(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
    Map<String, String> topics = new LinkedHashMap<>();
    String failure = null;
    Set<Object> comingAgain = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      OutboxRow row = rows.get(i);
      Answer answer = answers.get(i);
      if (answer instanceof Answer.Acknowledged) {
        if (comingAgain.isEmpty() || !comingAgain.contains(order(row))) {
          delete.add(row.id());
        }
      } else if (answer instanceof Answer.Refused refused
          && isSettled(rules.onRefused(row.topic()), row, comingAgain)) {
        refuse(row, new Parked(row.id(), refused.reason(), refused.error()), rules, all);
      } else {
        comingAgain.add(order(row));
        if (answer instanceof Answer.Refused refused) {
          if (rules.onRefused(row.topic()) == OnRefused.STOP) {
            all.stop()
                .putIfAbsent(row.topic(), new Parked(row.id(), refused.reason(), refused.error()));
          }
        } else if (answer instanceof Answer.TopicFailed failed) {
          topics.putIfAbsent(row.topic(), failed.error());
        } else if (answer instanceof Answer.Again again && failure == null) {
          failure = again.error();
        }
      }
    }
    boolean comesAgain = delete.size() + all.park().size() + all.drop().size() < rows.size();
    return new Outcome(delete, all, topics, Optional.ofNullable(failure), comesAgain);
  }

  /** This and what came to be known after it. */
  Outcome and(Outcome later) {
    Map<String, String> allTopics = new LinkedHashMap<>(topics);
    later.topics.forEach(allTopics::putIfAbsent);
    return new Outcome(
        both(delete, later.delete),
        refused.and(later.refused),
        allTopics,
        failure.or(later::failure),
        comesAgain || later.comesAgain);
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return first.isEmpty() ? second : first;
    }
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Whether a refused row leaves now. A key is blocked from its first row on that is refused. */
  private static boolean isSettled(OnRefused rule, OutboxRow row, Set<Object> comingAgain) {
    return rule != OnRefused.STOP
        && !(rule == OnRefused.BLOCK_KEY && comingAgain.contains(order(row)));
  }

  private static void refuse(OutboxRow row, Parked parked, TopicRules rules, Refused all) {
    OnRefused rule = rules.onRefused(row.topic());
    if (rule == OnRefused.DROP) {
      all.drop().add(parked);
      return;
    }
    all.park().add(parked);
    // Without a key there is no order that could be kept.
    if (rule == OnRefused.BLOCK_KEY && row.key() != null) {
      all.block().add(row);
    }
  }

  boolean changesRows() {
    return !delete.isEmpty() || !refused.isEmpty();
  }

  /** How many rows are gone from the table afterwards. */
  int gone() {
    return delete.size() + refused.park().size() + refused.drop().size();
  }

  /** Without what only the owner of the shard may decide. */
  Outcome acknowledgedOnly() {
    return new Outcome(delete, Refused.NONE, topics, failure, comesAgain);
  }

  /** Equal for rows between which order matters. */
  private static Object order(OutboxRow row) {
    if (row.key() != null) {
      return List.of(row.topic(), ByteBuffer.wrap(row.key()));
    }
    if (row.partition() != null) {
      return List.of(row.topic(), row.partition());
    }
    return row.id();
  }
}
