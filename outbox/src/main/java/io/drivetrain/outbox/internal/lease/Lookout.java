package io.drivetrain.outbox.internal.lease;

import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.LeaseTable;
import io.drivetrain.outbox.internal.store.LeaseTable.Standing;
import io.drivetrain.outbox.internal.store.Marker;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.outbox.internal.store.PauseTable;
import io.drivetrain.outbox.internal.store.Pauses;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says that this node lives, and sees how the outbox stands. Owned by the thread drivetrain-leases;
 * others only ask what was {@link #seen}.
 */
public final class Lookout {

  /**
   * What was last seen of the outbox.
   *
   * @param shards the number in effect, 0 if not known yet
   * @param held how many of them this node drains
   */
  public record Seen(
      Optional<String> owner, int shards, int held, OutboxTable.Depth depth, Pauses pauses) {
    private static final Seen NOTHING =
        new Seen(Optional.empty(), 0, 0, OutboxTable.Depth.UNKNOWN, Pauses.NONE);
  }

  private final LeaseSettings settings;
  private final Database database;
  private final LeaseTable leaseTable;
  private final OutboxTable outboxTable;
  private final PauseTable pauseTable;
  private final Consumer<Marker> markers;
  private final LongSupplier clock;

  private boolean prepared;
  private OutboxTable.Depth depth = OutboxTable.Depth.UNKNOWN;
  private long measureAt;

  private volatile Seen seen = Seen.NOTHING;

  /**
   * @param markers told of each transaction that marks a moment
   * @param clock monotonic, in nanoseconds
   */
  Lookout(
      LeaseSettings settings,
      Database database,
      LeaseTable leaseTable,
      String schema,
      Consumer<Marker> markers,
      LongSupplier clock) {
    this.settings = settings;
    this.database = database;
    this.leaseTable = leaseTable;
    this.outboxTable = new OutboxTable(schema);
    this.pauseTable = new PauseTable(schema);
    this.markers = markers;
    this.clock = clock;
    this.measureAt = clock.getAsLong();
  }

  Seen seen() {
    return seen;
  }

  /**
   * Says that this node lives and sees who else does.
   *
   * @param abstains whether others should take it for dead
   * @param crew what it drains
   */
  Standing look(boolean abstains, Crew crew) throws SQLException {
    record Look(Standing standing, Optional<String> owners, Pauses pauses, Marker marker) {}
    Look look =
        database.write(
            (connection, marker) -> {
              if (!prepared) {
                leaseTable.prepare(connection);
              }
              if (abstains) {
                leaseTable.forget(connection, settings.node());
              } else {
                leaseTable.beat(connection, settings.node(), settings.shards());
              }
              return new Look(
                  leaseTable.standing(connection, settings.unseen()),
                  leaseTable.owners(connection),
                  pauseTable.read(connection),
                  marker);
            });
    prepared = true;
    markers.accept(look.marker());
    measure(look.standing().shards(), crew);
    seen =
        new Seen(
            look.owners(), look.standing().shards(), crew.shards().size(), depth, look.pauses());
    return look.standing();
  }

  /** Looks at the depth, less often if that takes long: a node that drains nothing reads it all. */
  private void measure(int shards, Crew crew) throws SQLException {
    long before = clock.getAsLong();
    if (before - measureAt < 0) {
      return;
    }
    long passed = crew.passed(shards);
    depth = database.transaction(connection -> outboxTable.depth(connection, passed));
    measureAt = clock.getAsLong() + 20 * (clock.getAsLong() - before);
  }

  /** Nothing is drained here any more. */
  void end() {
    Seen last = seen;
    seen = new Seen(Optional.empty(), last.shards(), 0, last.depth(), last.pauses());
  }
}
