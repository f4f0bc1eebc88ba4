package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.OutboxRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of a batch without those that a later one of their key replaces. Immutable.
 *
 * <p>What is replaced is deleted only with the row that replaces it, once Kafka has that: if it is
 * refused, the one before it is the last state after all.
 *
 * @param rows to send, in order
 * @param replaced by the id of the row that replaces them
 */
record Compaction(List<OutboxRow> rows, Map<Long, List<Long>> replaced) {

  private record Place(String topic, Integer partition, ByteBuffer key) {}

  static Compaction of(List<OutboxRow> rows, TopicRules rules) {
    if (!rules.compactsAny()) {
      return new Compaction(rows, Map.of());
    }
    List<OutboxRow> last = new ArrayList<>(rows.size());
    Map<Place, Long> survivors = new HashMap<>();
    Map<Long, List<Long>> replaced = new HashMap<>();
    for (int i = rows.size() - 1; i >= 0; i--) {
      OutboxRow row = rows.get(i);
      // Without a key nothing says that one row replaces another.
      Long survivor =
          row.key() == null || !rules.compacts(row.topic())
              ? null
              : survivors.putIfAbsent(
                  new Place(row.topic(), row.partition(), ByteBuffer.wrap(row.key())), row.id());
      if (survivor == null) {
        last.add(row);
      } else {
        replaced.computeIfAbsent(survivor, id -> new ArrayList<>()).add(row.id());
      }
    }
    Collections.reverse(last);
    return new Compaction(last, replaced);
  }

  /** What to do, with the rows that were replaced by those that Kafka has. */
  Outcome complete(Outcome outcome) {
    if (replaced.isEmpty()) {
      return outcome;
    }
    List<Long> delete = new ArrayList<>(outcome.delete());
    int stored = 0;
    for (Long id : outcome.delete()) {
      List<Long> rows = replaced.get(id);
      if (rows != null) {
        delete.addAll(rows);
        stored++;
      }
    }
    return new Outcome(
        delete,
        outcome.refused(),
        outcome.topics(),
        outcome.failure(),
        outcome.comesAgain() || stored < replaced.size());
  }

  /** Whether a row replaces others: if it is refused, they must be sent before any later one. */
  boolean replaces(OutboxRow row) {
    return replaced.containsKey(row.id());
  }

  /** The rows that are not sent, because a later one of their key is. */
  Collection<Long> omitted() {
    return replaced.values().stream().flatMap(List::stream).toList();
  }
}
