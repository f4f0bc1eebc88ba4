package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.outbox.internal.store.BlockedKeys;
import io.drivetrain.outbox.internal.store.BlockedKeys.TopicKey;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.Pauses;
import io.drivetrain.outbox.internal.store.ShardRange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which rows of a shard must not be sent now, although Kafka would take them: those of paused
 * topics and those of blocked keys. Owned by the draining thread.
 *
 * <p>Pauses are what the thread of leases saw last. Blocked keys are kept here, because only this
 * thread blocks any; that one was unblocked shows when a row of it is to be parked, since that
 * statement looks into the table.
 */
final class Holds {
  private final ShardRange range;
  private final Database database;
  private final BlockedKeys table;
  private final Metrics metrics;
  private final Supplier<Pauses> pauses;

  /** By the first of their rows that was refused; null while not known. */
  private Map<TopicKey, Long> blocked;

  /** Topics that have just stopped, until the pauses have been looked at after {@link #before}. */
  private final Set<String> stopped = new HashSet<>();

  private Pauses before;

  Holds(
      ShardRange range,
      Database database,
      BlockedKeys table,
      Metrics metrics,
      Supplier<Pauses> pauses) {
    this.range = range;
    this.database = database;
    this.table = table;
    this.metrics = metrics;
    this.pauses = pauses;
  }

  /** Whether nothing may be sent. */
  boolean everything() {
    return pauses.get().everything(range);
  }

  /** Topics of which nothing may be sent. */
  List<String> topics() {
    Pauses now = pauses.get();
    List<String> topics = now.topics(range);
    if (stopped.isEmpty()) {
      return topics;
    }
    if (now != before) {
      stopped.clear();
      return topics;
    }
    List<String> all = new ArrayList<>(topics);
    all.addAll(stopped);
    return all;
  }

  /** These topics stop now, and the database knows it. */
  void stopped(Collection<String> topics) {
    if (!topics.isEmpty()) {
      before = pauses.get();
      stopped.addAll(topics);
    }
  }

  /** The keys of these rows are blocked now, and the database knows it. */
  void blocked(List<OutboxRow> rows) {
    if (blocked != null) {
      rows.forEach(row -> blocked.merge(TopicKey.of(row), row.id(), Math::min));
    }
  }

  /**
   * Whether the row's key is blocked by an earlier one. What was left out because a later row of
   * its key was to replace it, which then was refused, is not behind that.
   */
  private boolean isBehind(OutboxRow row) {
    if (row.key() == null) {
      return false;
    }
    Long by = blocked.get(TopicKey.of(row));
    return by != null && row.id() > by;
  }

  /**
   * Parks those behind the row that blocks their key.
   *
   * @return the others, in order; null if everything must be read again, because a key turned out
   *     not to be blocked any more
   */
  List<OutboxRow> free(List<OutboxRow> rows) throws SQLException {
    if (blocked == null) {
      blocked = database.transaction(connection -> table.read(connection, range));
    }
    if (blocked.isEmpty()) {
      return rows;
    }
    List<OutboxRow> free = new ArrayList<>(rows.size());
    List<Long> behind = new ArrayList<>();
    for (OutboxRow row : rows) {
      if (isBehind(row)) {
        behind.add(row.id());
      } else {
        free.add(row);
      }
    }
    if (!behind.isEmpty()) {
      int parked =
          database.transaction(
              connection -> table.parkBehind(connection, behind, ParkReason.BEHIND_BLOCKED.code()));
      metrics.parked(ParkReason.BEHIND_BLOCKED, parked);
      if (parked < behind.size()) {
        blocked = null;
        return null;
      }
    }
    return free;
  }
}
