package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.drain.Outcome.Refused;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.outbox.internal.store.BlockedKeys;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.outbox.internal.store.OutboxTable.Parked;
import io.drivetrain.outbox.internal.store.PauseTable;
import io.drivetrain.outbox.internal.store.ShardRange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * Makes the database, the log and {@link Holds} know what becomes of rows that Kafka will never
 * take. Owned by the draining thread.
 */
final class Refusals {
  private static final Logger LOG = System.getLogger(Refusals.class.getName());

  private final ShardRange range;
  private final OutboxTable table;
  private final BlockedKeys blockedKeys;
  private final PauseTable pauseTable;
  private final Holds holds;
  private final Metrics metrics;
  private final Runnable stopped;

  /**
   * @param stopped called when a topic has stopped, so that the node looks at the pauses at once
   */
  Refusals(
      ShardRange range,
      OutboxTable table,
      BlockedKeys blockedKeys,
      PauseTable pauseTable,
      Holds holds,
      Metrics metrics,
      Runnable stopped) {
    this.range = range;
    this.table = table;
    this.blockedKeys = blockedKeys;
    this.pauseTable = pauseTable;
    this.holds = holds;
    this.metrics = metrics;
    this.stopped = stopped;
  }

  /** Changes the tables. */
  void write(Connection connection, Refused refused) throws SQLException {
    if (!refused.park().isEmpty()) {
      table.park(connection, refused.park());
    }
    if (!refused.block().isEmpty()) {
      blockedKeys.block(connection, refused.block().stream().map(OutboxRow::id).toList());
    }
    if (!refused.drop().isEmpty()) {
      table.delete(connection, refused.drop().stream().map(Parked::id).toList());
    }
    for (Map.Entry<String, Parked> each : refused.stop().entrySet()) {
      Parked row = each.getValue();
      pauseTable.pause(
          connection, each.getKey(), range, row.id(), row.reason().word() + ": " + row.error());
    }
  }

  /** The tables have been changed. */
  void written(Refused refused) {
    refused.park().forEach(row -> metrics.parked(row.reason(), 1));
    metrics.dropped(refused.drop().size());
    refused.park().forEach(row -> log(row, "parked in outbox_dead"));
    refused.drop().forEach(row -> log(row, "dropped, as its topic's on-refused says"));
    refused
        .block()
        .forEach(
            row ->
                LOG.log(
                    Level.WARNING,
                    "Outbox: the key of row {0} is blocked; later rows of it are parked until it is"
                        + " unblocked",
                    Long.toString(row.id())));
    refused
        .stop()
        .forEach(
            (topic, row) ->
                LOG.log(
                    Level.ERROR,
                    "Outbox: topic {0} has stopped in shard {1} at row {2}, which was refused for"
                        + " good ({3}): {4}. Nothing more of it is sent from there until it is"
                        + " resumed",
                    topic,
                    range.shard(),
                    Long.toString(row.id()),
                    row.reason().word(),
                    row.error()));
    holds.blocked(refused.block());
    holds.stopped(refused.stop().keySet());
    if (!refused.stop().isEmpty()) {
      stopped.run();
    }
  }

  private static void log(Parked row, String what) {
    LOG.log(
        Level.WARNING,
        "Outbox: row {0} was refused for good and is {1} ({2}): {3}",
        Long.toString(row.id()),
        what,
        row.reason().word(),
        row.error());
  }
}
