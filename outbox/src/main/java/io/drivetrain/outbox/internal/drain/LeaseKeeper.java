package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.drain.Leases.Lease;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.LeaseTable;
import io.drivetrain.outbox.internal.store.LeaseTable.Tenure;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.schema.platform.Backoff;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Keeps this node's leases and runs a drainer for each. It is the work of one thread,
 * drivetrain-leases; others only call {@link #stop}, {@link #wakeDrainers} and {@link #seen}.
 */
final class LeaseKeeper implements Runnable {
  private static final Logger LOG = System.getLogger(LeaseKeeper.class.getName());

  /** What was last seen of the outbox. */
  record Seen(Optional<String> owner, boolean mine, long depth, Optional<Duration> oldest) {}

  private record Running(Drainer drainer, Thread thread) {}

  private final DrainSettings settings;
  private final Database database;
  private final String schema;
  private final LeaseTable leaseTable;
  private final OutboxTable outboxTable;
  private final Function<Lease, Drainer> drainers;
  private final BiFunction<String, Runnable, Thread> threads;
  private final Outages outages;
  private final LongSupplier clock;

  private final Leases leases;
  private final WakeUp wakeUp = new WakeUp();
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));
  private boolean prepared;

  /** By shard; changed by the owning thread only, read by any. */
  private final Map<Integer, Running> running = new ConcurrentHashMap<>();

  private volatile Seen seen = new Seen(Optional.empty(), false, 0, Optional.empty());
  private volatile boolean stopping;

  LeaseKeeper(
      DrainSettings settings,
      Database database,
      String schema,
      Function<Lease, Drainer> drainers,
      BiFunction<String, Runnable, Thread> threads,
      Outages outages,
      LongSupplier clock) {
    this.settings = settings;
    this.database = database;
    this.schema = schema;
    this.leaseTable = new LeaseTable(schema);
    this.outboxTable = new OutboxTable(schema);
    this.drainers = drainers;
    this.threads = threads;
    this.outages = outages;
    this.clock = clock;
    this.leases = new Leases(settings.shards(), settings.lease(), settings.leaseMargin());
  }

  Seen seen() {
    return seen;
  }

  /** Something was committed. */
  void wakeDrainers() {
    running.values().forEach(each -> each.drainer().wake());
  }

  /** Ends it, its drainers and its leases. */
  void stop() {
    stopping = true;
    wakeUp.signal();
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        wakeUp.await(cycle().toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      handOver();
    }
  }

  /**
   * Renews, claims and gives back what is due.
   *
   * @return how long to wait before the next time
   */
  private Duration cycle() {
    try {
      reap();
      leases.expire(clock.getAsLong());
      int nodes = renew();
      leases.surplus(nodes).forEach(lease -> stopDrainer(lease.shard()));
      // A drainer that has lost its lease and still runs must end before this node starts another.
      if (running.size() == leases.tenures().size()) {
        claim(leases.wanted(nodes));
      }
      look();
      outages.end(Outages.DATABASE);
      outages.end(Outages.SCHEMA);
      backoff.succeeded();
      return settings.lease().dividedBy(10);
    } catch (SQLException e) {
      failed(e);
      return backoff.failed();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "Outbox: the leases could not be kept, it is tried again", e);
      return backoff.failed();
    }
  }

  private void failed(SQLException e) {
    if (OutboxTable.isMissing(e)) {
      outages.begin(Outages.SCHEMA, OutboxTable.missing(schema));
    } else {
      outages.begin(Outages.DATABASE, Outages.DATABASE + " cannot be used: " + e.getMessage());
    }
  }

  private int renew() throws SQLException {
    long before = clock.getAsLong();
    boolean due = leases.renewalDue(before);
    List<Tenure> mine = leases.tenures();
    record Result(int nodes, List<Tenure> renewed) {}
    Result result =
        database.transaction(
            connection -> {
              if (!prepared) {
                leaseTable.prepare(connection, settings.shards());
              }
              int nodes = leaseTable.beat(connection, settings.node(), settings.lease());
              return new Result(
                  nodes,
                  due
                      ? leaseTable.renew(connection, settings.node(), mine, settings.lease())
                      : mine);
            });
    prepared = true;
    if (due) {
      for (Lease lost : leases.renewed(before, result.renewed())) {
        LOG.log(
            Level.WARNING,
            "Outbox: node {0} has lost shard {1} to another node",
            settings.node(),
            lost.shard());
        stopDrainer(lost.shard());
      }
    }
    return result.nodes();
  }

  private void claim(int wanted) throws SQLException {
    if (wanted == 0) {
      return;
    }
    long before = clock.getAsLong();
    List<Tenure> granted =
        database.transaction(
            connection ->
                leaseTable.claim(
                    connection, settings.node(), settings.shards(), wanted, settings.lease()));
    for (Lease lease : leases.claimed(before, granted)) {
      start(lease);
    }
  }

  private void start(Lease lease) {
    try {
      Drainer drainer = drainers.apply(lease);
      Thread thread = threads.apply("drivetrain-outbox-" + lease.shard(), drainer);
      thread.start();
      running.put(lease.shard(), new Running(drainer, thread));
    } catch (RuntimeException e) {
      // Without a drainer the lease must run out, or nobody would ever drain the shard.
      leases.released(lease);
      throw e;
    }
  }

  private void look() throws SQLException {
    seen =
        database.transaction(
            connection -> {
              OutboxTable.Depth depth = outboxTable.depth(connection);
              return new Seen(
                  leaseTable.owners(connection), !running.isEmpty(), depth.rows(), depth.oldest());
            });
  }

  private void stopDrainer(int shard) {
    Running found = running.get(shard);
    if (found != null) {
      found.drainer().stop(settings.closeTimeout());
    }
  }

  /** Gives back the leases of drainers that have ended. */
  private void reap() throws SQLException {
    for (Map.Entry<Integer, Running> entry : running.entrySet()) {
      if (!entry.getValue().thread().isAlive()) {
        Lease lease = entry.getValue().drainer().lease();
        running.remove(entry.getKey());
        leases.released(lease);
        release(List.of(lease.tenure()));
      }
    }
    if (running.isEmpty()) {
      outages.keepOnly(Set.of(Outages.DATABASE, Outages.SCHEMA));
    }
  }

  private void release(List<Tenure> tenures) throws SQLException {
    database.transaction(
        connection -> {
          leaseTable.release(connection, settings.node(), tenures);
          return null;
        });
  }

  /** Ends the drainers between two batches and frees their shards, so that others go on at once. */
  private void handOver() {
    boolean interrupted = Thread.interrupted();
    running.values().forEach(each -> each.drainer().stop(settings.closeTimeout()));
    try {
      Duration patience = settings.closeTimeout().plusSeconds(1);
      for (Running each : running.values()) {
        each.thread().join(patience.toMillis());
        if (each.thread().isAlive()) {
          each.thread().interrupt();
        }
      }
      reap();
      database.transaction(
          connection -> {
            leaseTable.forget(connection, settings.node());
            return null;
          });
    } catch (SQLException e) {
      LOG.log(
          Level.INFO,
          "Outbox: the leases of node {0} could not be given back and run out by themselves: {1}",
          settings.node(),
          e.getMessage());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
