package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.OutboxStatus;
import io.drivetrain.outbox.internal.lease.Fence;
import io.drivetrain.outbox.internal.lease.Lease;
import io.drivetrain.outbox.internal.lease.LeaseKeeper;
import io.drivetrain.outbox.internal.lease.Lookout;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.outbox.internal.signal.Outages;
import io.drivetrain.outbox.internal.signal.WakeUp;
import io.drivetrain.outbox.internal.store.BlockedKeys;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.LaterTable;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.outbox.internal.store.PauseTable;
import io.drivetrain.outbox.internal.store.Pauses;
import io.drivetrain.schema.platform.ContainerThreads;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;

/**
 * One node of the outbox: a keeper of leases and a drainer for each shard it holds. Thread-safe.
 * Nothing runs before {@link #start}.
 */
public final class OutboxNode implements OutboxStatus {
  private final DrainSettings settings;
  private final Database database;
  private final Database leaseDatabase;
  private final String schema;
  private final OutboxTable table;

  /** Null if nothing is archived. */
  private final ArchiveDays archive;

  private final ContainerThreads threads;
  private final Function<DrainSettings, Producer<byte[], byte[]>> producers;
  private final LongSupplier clock;
  private final Outages outages = new Outages();
  private final CountedMetrics metrics = new CountedMetrics();
  private final Markers markers = new Markers();

  /** What it waits for before it starts; null when it does not. */
  private volatile Supplier<String> awaited = () -> "the application to start";

  /** Guarded by this. */
  private LeaseKeeper keeper;

  private Thread keeping;
  private boolean stopped;

  /** The same as {@link #keeper}, for readers that must not wait. */
  private volatile LeaseKeeper running;

  /**
   * @param schema where the tables are
   * @param producers makes a producer of the settings' properties
   * @param clock monotonic, in nanoseconds
   */
  public OutboxNode(
      DrainSettings settings,
      DataSource dataSource,
      String schema,
      ContainerThreads threads,
      Function<DrainSettings, Producer<byte[], byte[]>> producers,
      LongSupplier clock) {
    this.settings = settings;
    String lastDrawn = OutboxTable.lastDrawn(schema);
    this.database = new Database(dataSource, settings.connections(), lastDrawn);
    // Of its own, so that a renewal never waits for a batch.
    this.leaseDatabase = new Database(dataSource, 1, lastDrawn);
    this.schema = schema;
    this.table = new OutboxTable(schema, settings.archiveDays() > 0);
    this.archive =
        settings.archiveDays() > 0
            ? new ArchiveDays(database, table, settings.archiveDays())
            : null;
    this.threads = threads;
    this.producers = producers;
    this.clock = clock;
  }

  /**
   * Looks whether the tables are there.
   *
   * @return what to do if they are not; empty if they are, or the database does not answer now
   */
  public Optional<String> missingTables() {
    try {
      return leaseDatabase.transaction(table::exists)
          ? Optional.empty()
          : Optional.of(OutboxTable.missing(schema));
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  /** Says what it waits for, asked whenever somebody wants to know. */
  public void awaits(Supplier<String> what) {
    awaited = what;
  }

  /** Lets what this node does be measured; to be called before it starts. */
  public void observe(Metrics by) {
    metrics.tell(by);
    by.watch(this::now);
  }

  /** Begins to drain, once; does nothing after {@link #stop}. */
  public synchronized void start() {
    if (keeper != null || stopped) {
      return;
    }
    keeper =
        new LeaseKeeper(
            settings.lease(),
            leaseDatabase,
            schema,
            this::drainer,
            threads::newThread,
            settings
                .transactionalIds()
                .<Fence>map(prefix -> new ProducerFence(settings, prefix, producers))
                .orElse(Fence.NONE),
            markers::add,
            metrics,
            outages,
            clock);
    keeping = threads.newThread("drivetrain-leases", archive == null ? keeper : this::archive);
    running = keeper;
    keeping.start();
    awaited = null;
  }

  /** Begins with the archive's days, because nothing can be archived before they are there. */
  private void archive() {
    archive.look();
    threads.newThread("drivetrain-archive", archive).start();
    try {
      running.run();
    } finally {
      archive.stop();
    }
  }

  private Drainer drainer(Lease lease) {
    BlockedKeys blockedKeys = new BlockedKeys(schema);
    Holds holds = new Holds(lease.range(), database, blockedKeys, metrics, this::pauses);
    TopicStates topics = new TopicStates();
    Optional<String> transactionalId = settings.transactionalIds().map(lease::transactionalId);
    DrainSettings ofShard = transactionalId.map(settings::transactional).orElse(settings);
    return new Drainer(
        lease,
        settings,
        new ShardReader(
            lease.range(), database, table, markers, metrics::late, clock, ShardReader.SWEEP),
        markers,
        database,
        table,
        new DueEvents(
            lease.range(), database, new LaterTable(schema), settings.maxPollInterval(), clock),
        holds,
        // What is dropped was never sent, and is not archived.
        new Refusals(
            lease.range(),
            new OutboxTable(schema),
            blockedKeys,
            new PauseTable(schema),
            holds,
            metrics,
            this::look),
        topics,
        transactionalId.<Sending>map(TransactionalSending::new).orElseGet(Sending.EachRow::new),
        wakeUp -> link(ofShard, lease.shard(), topics, wakeUp),
        outages,
        metrics,
        clock);
  }

  private Pauses pauses() {
    LeaseKeeper current = running;
    return current == null ? Pauses.NONE : current.seen().pauses();
  }

  private KafkaLink link(DrainSettings ofShard, int shard, TopicStates topics, WakeUp wakeUp) {
    return new KafkaLink(
        producers.apply(ofShard),
        "drivetrain-outbox-" + shard,
        settings.kafka(),
        topics,
        outages,
        wakeUp,
        threads,
        clock);
  }

  /**
   * Something was committed on this node. Returns at once.
   *
   * @param buckets the buckets it fell into, a bit for each
   */
  public void committed(long buckets) {
    LeaseKeeper current = running;
    if (current != null) {
      current.wakeDrainers(buckets);
    }
  }

  /** Something was paused or resumed: looks at it now instead of when it is due. */
  public void look() {
    LeaseKeeper current = running;
    if (current != null) {
      current.lookNow();
    }
  }

  /**
   * Ends draining after the batch under way, and gives the leases back. Waits for that, with a
   * bound; safe to call again.
   */
  public void stop() {
    Thread thread;
    synchronized (this) {
      stopped = true;
      thread = keeping;
      if (thread == null) {
        return;
      }
      keeper.stop();
    }
    try {
      thread.join(settings.lease().closeTimeout().plusSeconds(5).toMillis());
      thread.interrupt();
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /** Whether transactions can write their events, as far as this node knows. */
  public boolean writable() {
    return running != null && !outages.lasts(Outages.DATABASE) && !outages.lasts(Outages.SCHEMA);
  }

  @Override
  public Snapshot now() {
    LeaseKeeper current = running;
    if (current == null) {
      return new Snapshot(
          Optional.empty(),
          false,
          0,
          0,
          0,
          Optional.empty(),
          0,
          0,
          metrics.sent(),
          metrics.late(),
          Optional.ofNullable(awaited)
              .map(what -> "waiting for " + what.get())
              .or(() -> Optional.of("draining is switched off")));
    }
    Lookout.Seen seen = current.seen();
    return new Snapshot(
        seen.owner(),
        seen.held() > 0,
        seen.shards(),
        seen.held(),
        seen.depth().rows(),
        seen.depth().oldest(),
        seen.depth().blockedKeys(),
        seen.depth().deadRows(),
        metrics.sent(),
        metrics.late(),
        Stream.of(outages.problem(), seen.pauses().sentence())
            .flatMap(Optional::stream)
            .reduce((one, other) -> one + "; " + other));
  }
}
