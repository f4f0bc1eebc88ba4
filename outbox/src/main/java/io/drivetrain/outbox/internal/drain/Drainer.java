package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.lease.Lease;
import io.drivetrain.outbox.internal.lease.ShardWork;
import io.drivetrain.outbox.internal.signal.Outages;
import io.drivetrain.outbox.internal.signal.WakeUp;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.Marker;
import io.drivetrain.outbox.internal.store.Marker.Seen;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.schema.platform.Backoff;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Sends the rows of one shard to Kafka and deletes what Kafka has acknowledged, as long as the
 * lease is held. It is the work of one thread, drivetrain-outbox-&lt;shard&gt;; others only call
 * {@link #wake} and {@link #stop}.
 *
 * <p>Since the row lock of an entity is taken before the insert into the outbox, what is visible of
 * one key is always a beginning of its history, in order; {@link ShardReader} misses none of it.
 */
final class Drainer implements ShardWork {
  private static final Logger LOG = System.getLogger(Drainer.class.getName());
  private static final long MAX_BATCH_BYTES = 16L << 20;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);

  /** After this much silence Kafka counts as away; the batch still waits. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  /** How often a waiting batch looks at its lease. */
  private static final long LOOK_MILLIS = 50;

  private final Lease lease;
  private final DrainSettings settings;
  private final ShardReader reader;
  private final Markers markers;
  private final Database database;
  private final OutboxTable table;
  private final DueEvents due;
  private final Holds holds;
  private final Refusals refusals;
  private final Function<WakeUp, KafkaLink> links;
  private final Outages outages;
  private final Consumer<Integer> sent;
  private final LongSupplier clock;

  private final WakeUp wakeUp = new WakeUp();
  private final Backoff databaseBackoff = backoff();
  private final Backoff kafkaBackoff = backoff();
  private Duration pause = SHORTEST_PAUSE;

  /** Null until needed and after it was discarded. */
  private KafkaLink link;

  /** What Kafka has answered and the database does not know yet. */
  private Outcome unwritten = Outcome.NOTHING;

  /** Written by any thread: when to stop at the latest; null while not asked to. */
  private volatile Long stopAt;

  /**
   * @param due events that were held back until now
   * @param holds what must not be sent now
   * @param refusals what becomes of what Kafka will never take
   * @param links makes a link to Kafka that wakes this drainer
   * @param sent told how many rows were sent and deleted
   */
  Drainer(
      Lease lease,
      DrainSettings settings,
      ShardReader reader,
      Markers markers,
      Database database,
      OutboxTable table,
      DueEvents due,
      Holds holds,
      Refusals refusals,
      Function<WakeUp, KafkaLink> links,
      Outages outages,
      Consumer<Integer> sent,
      LongSupplier clock) {
    this.lease = lease;
    this.settings = settings;
    this.reader = reader;
    this.markers = markers;
    this.database = database;
    this.table = table;
    this.due = due;
    this.holds = holds;
    this.refusals = refusals;
    this.links = links;
    this.outages = outages;
    this.sent = sent;
    this.clock = clock;
  }

  @Override
  public void wake() {
    wakeUp.signal();
  }

  @Override
  public long passed() {
    return reader.passed();
  }

  @Override
  public void stop(Duration patience) {
    if (stopAt == null) {
      stopAt = clock.getAsLong() + patience.toNanos();
    }
    wakeUp.signal();
  }

  @Override
  public void run() {
    LOG.log(Level.INFO, "Outbox: node {0} drains {1}", settings.lease().node(), lease);
    try {
      while (stopAt == null && held()) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      finish();
    }
  }

  private boolean held() {
    return lease.heldAt(clock.getAsLong());
  }

  private void step() throws InterruptedException {
    try {
      write();
      if (holds.everything()) {
        idle();
        return;
      }
      if (link == null) {
        link = links.apply(wakeUp);
      }
      due.move();
      List<String> unusable = link.unusable();
      List<String> without = new ArrayList<>(unusable);
      without.addAll(holds.topics());
      List<OutboxRow> rows = reader.read(without, Set.of(), settings.batchSize(), MAX_BATCH_BYTES);
      outages.end(Outages.DATABASE);
      databaseBackoff.succeeded();
      if (rows.isEmpty()) {
        if (unusable.isEmpty()) {
          link.nothingWaits();
        }
        idle();
      } else {
        send(rows);
      }
    } catch (SQLException e) {
      databaseFailed(e);
    } catch (RuntimeException e) {
      kafkaFailed("cannot be used: " + e);
    }
  }

  private void idle() throws InterruptedException {
    wakeUp.await(pause.toNanos());
    Duration doubled = pause.multipliedBy(2);
    pause =
        doubled.compareTo(settings.maxPollInterval()) > 0 ? settings.maxPollInterval() : doubled;
  }

  private void send(List<OutboxRow> read) throws InterruptedException, SQLException {
    List<OutboxRow> rows = holds.free(read);
    if (rows == null) {
      reader.reset();
      return;
    }
    if (rows.isEmpty()) {
      return;
    }
    Map<String, Integer> partitions = new HashMap<>();
    List<OutboxRow> usable = new ArrayList<>(rows.size());
    for (OutboxRow row : rows) {
      // Asked once per batch: a topic that becomes usable in between would let a later row pass.
      if (partitions.computeIfAbsent(row.topic(), link::partitions) > 0) {
        usable.add(row);
      } else {
        reader.leaveOut(row.topic());
      }
    }
    if (usable.isEmpty()) {
      idle();
      return;
    }
    pause = SHORTEST_PAUSE;
    TopicRules rules = settings.rules();
    Compaction compaction = Compaction.of(usable, rules);
    Batch batch =
        new Batch(
            compaction.rows(),
            partitions,
            row -> rules.onRefused(row.topic()).holdsBack(),
            link::abort);
    batch.send(link.producer(), this::held);
    boolean answered = false;
    try {
      answered = await(batch);
    } finally {
      // Also when interrupted: what is known now need not be sent again.
      unwritten = compaction.complete(Outcome.of(batch.rows(), batch.answers(), rules));
    }
    boolean refused = !unwritten.refused().isEmpty();
    if (unwritten.gone() < usable.size()) {
      reader.reset();
    }
    if (link != null) {
      unwritten.topics().forEach(link::failed);
    }
    try {
      write();
    } catch (SQLException e) {
      // Kept for the next step: what Kafka has is deleted before anything is read again.
      databaseFailed(e);
    }
    if (!answered) {
      discard();
    } else if (unwritten.failure().isPresent()) {
      if (refused) {
        // With a record refused, the others of its request fail as well although they are good.
        discard();
      } else {
        kafkaFailed("failed: " + unwritten.failure().get());
      }
    } else if (batch.aborted()) {
      discard();
    }
  }

  /**
   * Waits for the answers of a batch.
   *
   * @return false if it was given up
   */
  private boolean await(Batch batch) throws InterruptedException {
    long heardAt = clock.getAsLong();
    int heard = batch.answered();
    while (!batch.await(LOOK_MILLIS)) {
      long now = clock.getAsLong();
      if (batch.answered() > heard) {
        heard = batch.answered();
        heardAt = now;
      }
      Long end = stopAt;
      if (!lease.heldAt(now) || (end != null && now - end > 0)) {
        // From now on another node may send these rows: this one must not any more.
        discard();
        return false;
      }
      long silence = now - heardAt;
      if (silence > SILENCE.toNanos()) {
        outages.begin(
            settings.kafka(),
            settings.kafka() + " has acknowledged nothing for " + SILENCE.toSeconds() + " s");
      }
      if (silence > settings.sendTimeout().toNanos()) {
        discard();
        return false;
      }
    }
    if (batch.answers().stream().anyMatch(Answer.Acknowledged.class::isInstance)) {
      outages.end(settings.kafka());
      kafkaBackoff.succeeded();
    }
    return true;
  }

  /** Makes the database know what Kafka has answered. */
  private void write() throws SQLException {
    // Without the lease only what Kafka has is certain; the rest is the new owner's to decide.
    Outcome outcome = held() ? unwritten : unwritten.acknowledgedOnly();
    if (outcome.changesRows()) {
      Seen seen = reader.highest();
      Marker written =
          database.write(
              (connection, marker) -> {
                refusals.write(connection, outcome.refused());
                if (!outcome.delete().isEmpty()) {
                  table.delete(connection, outcome.delete());
                }
                return marker;
              });
      markers.add(written.after(seen));
      sent.accept(outcome.delete().size());
      refusals.written(outcome.refused());
    }
    unwritten = new Outcome(List.of(), Outcome.Refused.NONE, Map.of(), outcome.failure());
  }

  private void databaseFailed(SQLException e) throws InterruptedException {
    reader.reset();
    outages.begin(Outages.DATABASE, Outages.DATABASE + " cannot be used: " + e.getMessage());
    wakeUp.await(databaseBackoff.failed().toNanos());
  }

  private void kafkaFailed(String problem) throws InterruptedException {
    outages.begin(settings.kafka(), settings.kafka() + " " + problem);
    discard();
    wakeUp.await(kafkaBackoff.failed().toNanos());
  }

  private static Backoff backoff() {
    return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));
  }

  private void discard() {
    if (link != null) {
      KafkaLink old = link;
      link = null;
      old.discard();
    }
  }

  private void finish() {
    // Deleting needs JDBC, and a pool may refuse an interrupted thread.
    boolean interrupted = Thread.interrupted();
    try {
      write();
    } catch (SQLException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "Outbox: {0} rows that Kafka has acknowledged could not be deleted and will be sent again:"
              + " {1}",
          unwritten.delete().size(),
          e.getMessage());
    }
    discard();
    LOG.log(Level.INFO, "Outbox: node {0} no longer drains {1}", settings.lease().node(), lease);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
