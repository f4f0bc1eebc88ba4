package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.signal.WakeUp;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.OutboxTable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Keeps the days of the archive: those of the next week are there before they are needed, those
 * that are over are dropped. The work of one thread, drivetrain-archive, on every node that drains;
 * the database lets one at a time do it, and the others find it done.
 */
final class ArchiveDays implements Runnable {
  private static final Logger LOG = System.getLogger(ArchiveDays.class.getName());
  private static final Duration INTERVAL = Duration.ofHours(1);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

  private final Database database;
  private final OutboxTable table;
  private final int keep;
  private final WakeUp wakeUp = new WakeUp();
  private volatile boolean stopped;

  /**
   * @param keep how many days to keep, beside today
   */
  ArchiveDays(Database database, OutboxTable table, int keep) {
    this.database = database;
    this.table = table;
    this.keep = keep;
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        wakeUp.await((look() ? INTERVAL : AFTER_FAILURE).toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Makes and drops what is due, now.
   *
   * @return whether it was possible
   */
  boolean look() {
    try {
      database.transaction(
          connection -> {
            table.keepArchive(connection, keep);
            return null;
          });
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "Outbox: the days of the archive could not be made or dropped; it is tried again in a"
              + " minute: {0}",
          e.getMessage());
      return false;
    }
  }

  void stop() {
    stopped = true;
    wakeUp.signal();
  }
}
