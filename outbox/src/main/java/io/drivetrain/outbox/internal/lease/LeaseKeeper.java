package io.drivetrain.outbox.internal.lease;

import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.outbox.internal.observe.Metrics.LeaseChange;
import io.drivetrain.outbox.internal.signal.Outages;
import io.drivetrain.outbox.internal.signal.WakeUp;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.LeaseTable;
import io.drivetrain.outbox.internal.store.LeaseTable.Divisible;
import io.drivetrain.outbox.internal.store.LeaseTable.Grant;
import io.drivetrain.outbox.internal.store.LeaseTable.Tenure;
import io.drivetrain.outbox.internal.store.Marker;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.schema.platform.Backoff;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Keeps this node's share of the shards and runs a drainer for each. It is the work of one thread,
 * drivetrain-leases; others only call {@link #stop}, {@link #lookNow}, {@link #wakeDrainers} and
 * {@link #seen}.
 */
public final class LeaseKeeper implements Runnable {
  private static final Logger LOG = System.getLogger(LeaseKeeper.class.getName());

  /** How long a stopping node waits for a drainer before it looks at all of them again. */
  private static final Duration LOOK = Duration.ofMillis(20);

  private final LeaseSettings settings;
  private final Database database;
  private final String schema;
  private final LeaseTable leaseTable;
  private final Lookout lookout;
  private final Fence fence;
  private final Metrics metrics;
  private final Outages outages;
  private final LongSupplier clock;

  private final Leases leases;
  private final Crew crew;
  private final Abstinence abstinence;
  private final WakeUp wakeUp = new WakeUp();
  private final Backoff backoff;

  /** What drainers that have ended held and the database does not know yet. */
  private final List<Tenure> unreleased = new ArrayList<>();

  private String disagreement = "";

  /** Whether it was said that this node stops without the database. */
  private boolean alone;

  private volatile boolean stopping;

  /**
   * @param works makes the work of a shard
   * @param threads makes an unstarted thread of a name and work
   * @param fence raised before the events are divided anew
   * @param markers told of each transaction that marks a moment
   * @param clock monotonic, in nanoseconds
   */
  public LeaseKeeper(
      LeaseSettings settings,
      Database database,
      String schema,
      Function<Lease, ShardWork> works,
      BiFunction<String, Runnable, Thread> threads,
      Fence fence,
      Consumer<Marker> markers,
      Metrics metrics,
      Outages outages,
      LongSupplier clock) {
    this.settings = settings;
    this.database = database;
    this.schema = schema;
    this.leaseTable = new LeaseTable(schema);
    this.fence = fence;
    this.metrics = metrics;
    this.outages = outages;
    this.clock = clock;
    this.leases = new Leases(settings.lease(), settings.margin());
    this.crew = new Crew(works, threads, wakeUp::signal);
    this.lookout = new Lookout(settings, database, leaseTable, schema, markers, clock);
    this.abstinence = new Abstinence(settings.lease(), settings.lease().multipliedBy(32));
    // No longer than between two looks: readiness waits for this thread to find the database.
    this.backoff = new Backoff(Duration.ofMillis(50), settings.interval());
  }

  /** What was last seen; never asks the database. */
  public Lookout.Seen seen() {
    return lookout.seen();
  }

  /**
   * Something was committed.
   *
   * @param buckets the buckets it fell into, a bit for each
   */
  public void wakeDrainers(long buckets) {
    crew.wake(buckets);
  }

  /** Looks at leases, nodes and pauses at once instead of when it is due. */
  public void lookNow() {
    wakeUp.signal();
  }

  /** Ends it, its drainers and its leases. */
  public void stop() {
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
      leases.expire(clock.getAsLong()).forEach(lost -> metrics.lease(LeaseChange.LOST));
      renew();
      boolean abstains = abstinence.lasts(clock.getAsLong());
      Sharing sharing = new Sharing(lookout.look(abstains, crew));
      int target = abstains ? 0 : sharing.target(settings.node());
      leases.surplus(target).forEach(this::stopDrainer);
      claim(leases.wanted(target));
      boolean divided = divide(sharing);
      report(sharing);
      outages.end(Outages.DATABASE);
      outages.end(Outages.SCHEMA);
      if (!abstains) {
        outages.end(Outages.NODE);
      }
      backoff.succeeded();
      return divided ? Duration.ZERO : settings.interval();
    } catch (SQLException e) {
      failed(e);
      return backoff.failed();
    } catch (RuntimeException | Error e) {
      // Also an Error: without this thread the leases run out and health would never say so.
      LOG.log(Level.ERROR, "Outbox: the leases could not be kept, it is tried again", e);
      outages.begin(Outages.NODE, Outages.NODE + " cannot keep its leases: " + e);
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

  private void renew() throws SQLException {
    long before = clock.getAsLong();
    if (!leases.renewalDue(before)) {
      return;
    }
    List<Tenure> mine = leases.tenures();
    List<Tenure> renewed =
        database.transaction(
            connection -> leaseTable.renew(connection, settings.node(), mine, settings.lease()));
    for (Lease lost : leases.renewed(before, renewed)) {
      LOG.log(Level.WARNING, "Outbox: node {0} has lost {1}", settings.node(), lost);
      metrics.lease(LeaseChange.LOST);
      stopDrainer(lost);
    }
  }

  private void claim(int wanted) throws SQLException {
    if (wanted == 0) {
      return;
    }
    long before = clock.getAsLong();
    List<Grant> granted =
        database.transaction(
            connection ->
                leaseTable.claim(
                    connection,
                    settings.node(),
                    // Work that has lost its lease and still runs must end before it starts again.
                    crew.shards(),
                    wanted,
                    settings.lease()));
    for (Lease lease : leases.claimed(before, granted)) {
      try {
        crew.start(lease);
        metrics.lease(LeaseChange.TAKEN);
      } catch (RuntimeException e) {
        // Without a drainer the lease must run out, or nobody would ever drain the shard.
        leases.released(lease);
        throw e;
      }
    }
  }

  /** Puts another number of shards into effect if that is due and possible now. */
  private boolean divide(Sharing sharing) throws SQLException {
    if (sharing.change().isEmpty() || !crew.shards().isEmpty()) {
      outages.forget(Outages.SHARDS);
      return false;
    }
    int into = sharing.change().getAsInt();
    Optional<Divisible> found =
        database.transaction(
            connection -> leaseTable.divisible(connection, into, settings.unseen()));
    // Between two transactions, because Kafka may take its time.
    if (found.isEmpty() || !fenced(found.get())) {
      return false;
    }
    boolean divided =
        database.transaction(
            connection -> leaseTable.divide(connection, into, settings.unseen(), found.get()));
    if (divided) {
      LOG.log(
          Level.INFO,
          "Outbox: the events are divided into {0} shards now, into {1} before",
          into,
          sharing.standing().shards());
    }
    return divided;
  }

  private boolean fenced(Divisible found) {
    Optional<String> problem = fence.raise(found.transactionalIds());
    problem.ifPresentOrElse(
        why -> outages.begin(Outages.SHARDS, Outages.SHARDS + " cannot change: " + why),
        () -> outages.forget(Outages.SHARDS));
    return problem.isEmpty();
  }

  private void report(Sharing sharing) {
    String found = sharing.disagreement();
    if (!found.equals(disagreement)) {
      disagreement = found;
      if (!found.isEmpty()) {
        LOG.log(Level.INFO, "Outbox: {0}", found);
      }
    }
  }

  private void stopDrainer(Lease lease) {
    crew.stop(lease.shard(), settings.closeTimeout());
  }

  /** Gives back the leases of drainers that have ended. */
  private void reap() throws SQLException {
    for (Crew.Ended ended : crew.ended()) {
      if (leases.released(ended.lease())) {
        metrics.lease(LeaseChange.RETURNED);
      }
      unreleased.add(ended.lease().tenure());
      if (ended.failure() != null) {
        died(ended.lease(), ended.failure());
      }
    }
    if (crew.shards().isEmpty()) {
      outages.keepOnly(Set.of(Outages.DATABASE, Outages.SCHEMA, Outages.NODE, Outages.SHARDS));
    }
    if (!unreleased.isEmpty()) {
      database.transaction(
          connection -> {
            leaseTable.release(connection, settings.node(), unreleased);
            return null;
          });
      unreleased.clear();
    }
  }

  /** A drainer has died: the others of this node end between two batches, and it abstains. */
  private void died(Lease lease, Throwable failure) {
    Duration time = abstinence.begin(clock.getAsLong());
    LOG.log(
        Level.ERROR,
        "Outbox: the drainer of "
            + lease
            + " has died; node "
            + settings.node()
            + " leaves its shards to others for "
            + time.toSeconds()
            + " s",
        failure);
    outages.begin(
        Outages.NODE, Outages.NODE + " cannot drain shard " + lease.shard() + ": " + failure);
  }

  /** Ends the drainers between two batches and frees each shard at once, so that others go on. */
  private void handOver() {
    boolean interrupted = Thread.interrupted();
    crew.stopAll(settings.closeTimeout());
    try {
      // First of all, so that the others' shares have grown when the shards are free.
      inPassing(
          () ->
              database.transaction(
                  connection -> {
                    leaseTable.forget(connection, settings.node());
                    return null;
                  }));
      awaitDrainers(settings.closeTimeout().plusSeconds(1));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    crew.interruptAll();
    try {
      awaitDrainers(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    lookout.end();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until all drainers have ended, and gives back the lease of each that has. */
  private void awaitDrainers(Duration patience) throws InterruptedException {
    long end = clock.getAsLong() + patience.toNanos();
    inPassing(this::reap);
    while (!crew.shards().isEmpty() && end - clock.getAsLong() > 0) {
      crew.awaitOne(LOOK);
      inPassing(this::renew);
      inPassing(this::reap);
    }
  }

  private interface Request {
    void send() throws SQLException;
  }

  /** What a stopping node would like the database to know; without it leases run out later. */
  private void inPassing(Request request) {
    try {
      request.send();
    } catch (SQLException e) {
      LOG.log(
          alone ? Level.DEBUG : Level.INFO,
          "Outbox: node {0} stops without the database, its leases run out by themselves: {1}",
          settings.node(),
          e.getMessage());
      alone = true;
    }
  }
}
