package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.Marker.Seen;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.outbox.internal.store.OutboxTable.Found;
import io.drivetrain.outbox.internal.store.ShardRange;
import io.drivetrain.outbox.internal.store.Snapshot;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Reads the rows of one shard in order, each once until it is told to begin again. Owned by the
 * draining thread; others only ask for {@link #passed} and {@link #highest}.
 */
final class ShardReader {
  private static final Logger LOG = System.getLogger(ShardReader.class.getName());

  /** How often everything is read, whatever the cursor says. */
  static final Duration SWEEP = Duration.ofSeconds(60);

  private final ShardRange range;
  private final Database database;
  private final OutboxTable table;
  private final Markers markers;
  private final LongConsumer late;
  private final LongSupplier clock;
  private final Duration sweepInterval;
  private final Cursor cursor;
  private long sweptAt;

  private volatile long passed;
  private volatile Seen highest = Seen.NOTHING;

  /**
   * @param late told how many rows only a sweep found; there should be none, ever
   * @param clock monotonic, in nanoseconds
   * @param sweepInterval how often everything is read, whatever the cursor says
   */
  ShardReader(
      ShardRange range,
      Database database,
      OutboxTable table,
      Markers markers,
      LongConsumer late,
      LongSupplier clock,
      Duration sweepInterval) {
    this.range = range;
    this.database = database;
    this.table = table;
    this.markers = markers;
    this.late = late;
    this.clock = clock;
    this.sweepInterval = sweepInterval;
    this.cursor = new Cursor(markers);
    this.sweptAt = clock.getAsLong();
  }

  /**
   * The next rows.
   *
   * @param without topics to leave out
   * @param underWay ids that were read and are still in the table; they are passed over
   * @param limit how many rows at most
   * @param maxBytes the rows end with the one that reaches it
   */
  List<OutboxRow> read(Collection<String> without, Set<Long> underWay, int limit, long maxBytes)
      throws SQLException {
    cursor.leaveOut(without);
    boolean sweep = clock.getAsLong() - sweptAt >= sweepInterval.toNanos();
    try {
      record Read(Snapshot snapshot, long low, Found found) {}
      Read read =
          database.read(
              (connection, snapshot) -> {
                long low = cursor.low(snapshot);
                return new Read(
                    snapshot,
                    low,
                    table.read(
                        connection,
                        range,
                        sweep ? 0 : low,
                        without,
                        limit,
                        underWay.size(),
                        maxBytes,
                        id -> !underWay.contains(id)));
              });
      cursor.read(read.snapshot(), read.found().to());
      List<OutboxRow> rows = read.found().rows();
      if (sweep) {
        sweptAt = clock.getAsLong();
        report(rows.stream().map(OutboxRow::id).filter(id -> id <= read.low()).toList());
      }
      see(read.snapshot().server(), rows);
      // What is under way waits as well, and the cursor may be behind it.
      long before = underWay.stream().mapToLong(id -> id - 1).min().orElse(Long.MAX_VALUE);
      passed = cursor.leavesOut() ? 0 : Math.min(read.low(), before);
      return rows;
    } catch (SQLException | RuntimeException e) {
      reset();
      throw e;
    }
  }

  private void see(String server, List<OutboxRow> rows) {
    long last = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).id();
    if (!server.equals(highest.server()) || last > highest.id()) {
      highest = new Seen(server, last);
    }
  }

  private void report(List<Long> found) {
    if (found.isEmpty()) {
      return;
    }
    late.accept(found.size());
    markers.distrust();
    LOG.log(
        Level.ERROR,
        "Outbox: {0} rows of shard {1} were found only by the full read (first id {2}). Either"
            + " somebody writes to the table outbox otherwise than Drivetrain does, or its sequence"
            + " was changed, or this is a defect: please report it. They are sent now, out of order"
            + " perhaps, and until it is restarted this node reads everything each time, which is"
            + " slower and always right",
        found.size(),
        range.shard(),
        Long.toString(found.get(0)));
  }

  /** Begins again: something that was read must be read once more. */
  void reset() {
    cursor.reset();
    passed = 0;
  }

  /** Rows of a topic were read and put aside; when it is usable everything is read again. */
  void leaveOut(String topic) {
    cursor.leaveOut(topic);
    passed = 0;
  }

  /** No row up to this id waits in the shard, not even under way. */
  long passed() {
    return passed;
  }

  /** The highest id that was read. */
  Seen highest() {
    return highest;
  }
}
