package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.LaterTable;
import io.drivetrain.outbox.internal.store.ShardRange;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Moves the events of a shard that are due into the outbox. Owned by the draining thread, so that
 * one node does it and each event takes its place once.
 */
final class DueEvents {

  /** Events moved in one transaction. */
  private static final int CHUNK = 1_000;

  private final ShardRange range;
  private final Database database;
  private final LaterTable table;
  private final Duration interval;
  private final LongSupplier clock;
  private long lookAt;

  /**
   * @param interval how often to look, at most
   */
  DueEvents(
      ShardRange range,
      Database database,
      LaterTable table,
      Duration interval,
      LongSupplier clock) {
    this.range = range;
    this.database = database;
    this.table = table;
    this.interval = interval;
    this.clock = clock;
    this.lookAt = clock.getAsLong();
  }

  /**
   * Moves what is due, if it is time to look: a chunk of it, so that others are not kept waiting.
   */
  void move() throws SQLException {
    long now = clock.getAsLong();
    if (lookAt - now > 0) {
      return;
    }
    int moved =
        database.transaction(
            connection ->
                // Most often nothing is, and then no transaction id is drawn.
                table.anyDue(connection, range) ? table.move(connection, range, CHUNK) : 0);
    lookAt = moved == CHUNK ? now : now + interval.toNanos();
  }
}
