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
 * @param delete exactly the rows to delete
 * @param park the rows Kafka will never take
 * @param topics the topics that take nothing now, and why
 * @param failure why Kafka could not be used, empty if it could
 * @param comesAgain whether some rows are neither deleted nor parked and must be read again
 */
record Outcome(
    List<Long> delete,
    List<Parked> park,
    Map<String, String> topics,
    Optional<String> failure,
    boolean comesAgain) {

  static final Outcome NOTHING =
      new Outcome(List.of(), List.of(), Map.of(), Optional.empty(), false);

  /**
   * @param rows in the order they were sent
   * @param answers one for each row
   */
  static Outcome of(List<OutboxRow> rows, List<Answer> answers) {
    List<Long> delete = new ArrayList<>(rows.size());
    List<Parked> park = new ArrayList<>();
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
      } else if (answer instanceof Answer.Refused refused) {
        park.add(new Parked(row.id(), refused.reason(), refused.error()));
      } else {
        comingAgain.add(order(row));
        if (answer instanceof Answer.TopicFailed failed) {
          topics.putIfAbsent(row.topic(), failed.error());
        } else if (answer instanceof Answer.Again again && failure == null) {
          failure = again.error();
        }
      }
    }
    boolean comesAgain = delete.size() + park.size() < rows.size();
    return new Outcome(delete, park, topics, Optional.ofNullable(failure), comesAgain);
  }

  /** This and what came to be known after it. */
  Outcome and(Outcome later) {
    List<Long> allDeleted = new ArrayList<>(delete);
    allDeleted.addAll(later.delete);
    List<Parked> allParked = new ArrayList<>(park);
    allParked.addAll(later.park);
    Map<String, String> allTopics = new LinkedHashMap<>(topics);
    later.topics.forEach(allTopics::putIfAbsent);
    return new Outcome(
        allDeleted,
        allParked,
        allTopics,
        failure.or(later::failure),
        comesAgain || later.comesAgain);
  }

  boolean changesRows() {
    return !delete.isEmpty() || !park.isEmpty();
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
