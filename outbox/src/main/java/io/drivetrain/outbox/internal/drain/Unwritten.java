package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.Marker;
import io.drivetrain.outbox.internal.store.Marker.Seen;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.outbox.internal.store.OutboxTable.Parked;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What Kafka has answered and the database does not know yet. Owned by the draining thread. It is
 * kept until it is written, and nothing may be read before: it would be sent again.
 */
final class Unwritten {
  private static final Logger LOG = System.getLogger(Unwritten.class.getName());

  private final Database database;
  private final OutboxTable table;
  private final Markers markers;
  private final Supplier<Seen> highest;
  private final Consumer<Integer> sent;

  private Outcome outcome = Outcome.NOTHING;

  /**
   * @param highest the highest id that was read
   * @param sent told how many rows were deleted
   */
  Unwritten(
      Database database,
      OutboxTable table,
      Markers markers,
      Supplier<Seen> highest,
      Consumer<Integer> sent) {
    this.database = database;
    this.table = table;
    this.markers = markers;
    this.highest = highest;
    this.sent = sent;
  }

  void add(Outcome later) {
    outcome = outcome.and(later);
  }

  /** How many rows Kafka has acknowledged. */
  int acknowledged() {
    return outcome.delete().size();
  }

  /** Makes the database know it: exactly these rows are deleted or parked, in one transaction. */
  void write() throws SQLException {
    Outcome now = outcome;
    if (now.changesRows()) {
      Seen seen = highest.get();
      Marker written =
          database.write(
              (connection, marker) -> {
                if (!now.park().isEmpty()) {
                  table.park(connection, now.park());
                }
                if (!now.delete().isEmpty()) {
                  table.delete(connection, now.delete());
                }
                return marker;
              });
      markers.add(written.after(seen));
      sent.accept(now.delete().size());
      now.park().forEach(Unwritten::logParked);
    }
    outcome = Outcome.NOTHING;
  }

  private static void logParked(Parked row) {
    LOG.log(
        Level.WARNING,
        "Outbox: row {0} was refused for good and is parked in outbox_dead ({1}): {2}",
        Long.toString(row.id()),
        row.reason(),
        row.error());
  }
}
