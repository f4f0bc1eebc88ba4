package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.Marker;
import io.drivetrain.outbox.internal.store.Marker.Seen;
import io.drivetrain.outbox.internal.store.OutboxTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What Kafka has answered and the database does not know yet. Owned by the draining thread. It is
 * kept until it is written, and nothing may be read before: it would be sent again.
 */
final class Unwritten {
  private final Database database;
  private final OutboxTable table;
  private final Markers markers;
  private final Refusals refusals;
  private final Supplier<Seen> highest;
  private final BooleanSupplier held;
  private final Metrics metrics;
  private final LongSupplier clock;

  private Outcome outcome = Outcome.NOTHING;

  /**
   * @param refusals what becomes of what Kafka will never take
   * @param highest the highest id that was read
   * @param held whether the shard is this node's
   * @param clock monotonic, in nanoseconds
   */
  Unwritten(
      Database database,
      OutboxTable table,
      Markers markers,
      Refusals refusals,
      Supplier<Seen> highest,
      BooleanSupplier held,
      Metrics metrics,
      LongSupplier clock) {
    this.database = database;
    this.table = table;
    this.markers = markers;
    this.refusals = refusals;
    this.highest = highest;
    this.held = held;
    this.metrics = metrics;
    this.clock = clock;
  }

  void add(Outcome later) {
    outcome = outcome.and(later);
  }

  /** How many rows Kafka has acknowledged. */
  int acknowledged() {
    return outcome.delete().size();
  }

  /** Makes the database know it: exactly these rows are deleted or moved, in one transaction. */
  void write() throws SQLException {
    // Without the lease only what Kafka has is certain; the rest is the new owner's to decide.
    Outcome now = held.getAsBoolean() ? outcome : outcome.acknowledgedOnly();
    if (now.changesRows()) {
      Seen seen = highest.get();
      long begun = clock.getAsLong();
      Marker written =
          database.write(
              (connection, marker) -> {
                refusals.write(connection, now.refused());
                if (!now.delete().isEmpty()) {
                  table.delete(connection, now.delete());
                }
                return marker;
              });
      markers.add(written.after(seen));
      metrics.deleted(Duration.ofNanos(clock.getAsLong() - begun));
      metrics.sent(now.delete().size());
      refusals.written(now.refused());
    }
    outcome = Outcome.NOTHING;
  }
}
