package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.drain.TopicStates.Selection;
import io.drivetrain.outbox.internal.lease.Lease;
import io.drivetrain.outbox.internal.lease.ShardWork;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.outbox.internal.signal.Outages;
import io.drivetrain.outbox.internal.signal.WakeUp;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;

/**
 * Sends the rows of one shard to Kafka and deletes what Kafka has acknowledged, as long as the
 * lease is held. It is the work of one thread, drivetrain-outbox-&lt;shard&gt;; others only call
 * {@link #wake} and {@link #stop}.
 *
 * <p>While a batch is on its way, this thread deletes the one before and reads the next one; what
 * it does when is decided by {@link Window}.
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

  /** How often the lease is looked at while rows are under way. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Lease lease;
  private final DrainSettings settings;
  private final ShardReader reader;
  private final Unwritten unwritten;
  private final DueEvents due;
  private final Holds holds;
  private final TopicStates topics;
  private final Sending sending;
  private final Function<WakeUp, KafkaLink> links;
  private final Metrics metrics;
  private final Outages outages;
  private final LongSupplier clock;

  private final WakeUp wakeUp = new WakeUp();

  /** Signalled only to stop: commits and answers do not end the time in which events gather. */
  private final WakeUp stopping = new WakeUp();

  private final Window window;
  private final BatchSize batchSize;
  private final Gathering gathering = new Gathering();
  private final Rest databaseRest;
  private final Rest kafkaRest;
  private final Silence silence;
  private Duration pause = SHORTEST_PAUSE;

  /** Null until needed and after it was discarded. */
  private KafkaLink link;

  /** Written by any thread: when to stop at the latest; null while not asked to. */
  private volatile Long stopAt;

  /** Written by any thread: a transaction has committed, so the database is there. */
  private volatile boolean committed;

  /**
   * @param due events that were held back until now
   * @param holds what must not be sent now
   * @param refusals what becomes of what Kafka will never take
   * @param topics what is known of topics, over all links
   * @param sending how batches are handed to Kafka
   * @param links makes a link to Kafka that wakes this drainer
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
      TopicStates topics,
      Sending sending,
      Function<WakeUp, KafkaLink> links,
      Outages outages,
      Metrics metrics,
      LongSupplier clock) {
    this.lease = lease;
    this.settings = settings;
    this.reader = reader;
    this.unwritten =
        new Unwritten(
            database, table, markers, refusals, reader::highest, this::held, metrics, clock);
    this.due = due;
    this.holds = holds;
    this.topics = topics;
    this.sending = sending;
    this.links = links;
    this.metrics = metrics;
    this.outages = outages;
    this.clock = clock;
    this.window = new Window(settings.rules(), sending.batches());
    this.batchSize = new BatchSize(settings.batchSize());
    this.databaseRest = new Rest(clock);
    this.kafkaRest = new Rest(clock);
    this.silence = new Silence(clock);
  }

  @Override
  public void wake() {
    committed = true;
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
    stopping.signal();
    wakeUp.signal();
  }

  @Override
  public void run() {
    LOG.log(Level.INFO, "Outbox: node {0} drains {1}", settings.lease().node(), lease);
    try {
      while (held() && (stopAt == null || !window.isEmpty())) {
        stopping.await(gathering.remaining(clock.getAsLong()));
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

  /** Does what can be done now; waits if there is nothing. */
  private void step() throws InterruptedException {
    boolean worked = false;
    try {
      worked = landed() || fill();
    } catch (SQLException e) {
      databaseFailed(e);
    } catch (RuntimeException e) {
      giveUp();
      kafkaFailed("cannot be used: " + (e instanceof KafkaException ? e.getMessage() : e));
    }
    if (!worked) {
      watch();
      rest();
    }
  }

  /** Makes the database know what Kafka has answered. */
  private boolean landed() throws SQLException {
    if (databaseRests()) {
      return false;
    }
    // What is left of an earlier try comes first: it must be known before anything is read again.
    unwritten.write();
    if (link != null) {
      sending.end(link, this::held);
    }
    long sentAt = window.sentAt();
    Optional<Outcome> outcome = window.landed();
    if (outcome.isEmpty()) {
      return false;
    }
    known(outcome.get());
    silence.broken(window.answered());
    settle(outcome.get(), Duration.ofNanos(clock.getAsLong() - sentAt));
    unwritten.write();
    return true;
  }

  private void known(Outcome outcome) {
    unwritten.add(outcome);
    topics.settled(outcome.delete(), window.ids()).forEach(outages::endTopic);
    outcome.topics().forEach(outages::beginTopic);
    outcome.topics().keySet().forEach(topic -> topics.refused(topic, clock.getAsLong()));
  }

  private void settle(Outcome outcome, Duration took) {
    if (outcome.comesAgain()) {
      reader.reset();
    }
    boolean explained = !outcome.refused().isEmpty() || !outcome.topics().isEmpty();
    if (outcome.failure().isPresent() && !explained) {
      kafkaFailed("failed: " + outcome.failure().get());
      return;
    }
    if (!outcome.delete().isEmpty() && outcome.failure().isEmpty()) {
      outages.end(settings.kafka());
      kafkaRest.succeeded();
      batchSize.acknowledged(took);
      metrics.batch(outcome.delete().size(), took);
    }
    // With a record or topic refused, others fail as well although they are good.
    if (window.isEmpty() && (outcome.failure().isPresent() || link.isAborted())) {
      discard();
    }
  }

  /**
   * Reads and sends a batch, if there is room for one.
   *
   * @return whether there was anything to do
   */
  private boolean fill() throws SQLException {
    if (stopAt != null
        || !window.hasRoom()
        || databaseRests()
        || kafkaRest.lasts()
        || holds.everything()) {
      return false;
    }
    if (link == null) {
      link = links.apply(wakeUp);
      // Before anything is read: what a former owner of the shard commits now is not read at all.
      sending.open(link);
    }
    due.move();
    List<String> unusable = topics.unusable(clock.getAsLong());
    List<String> without = new ArrayList<>(unusable);
    without.addAll(holds.topics());
    int limit = batchSize.rows();
    long begun = clock.getAsLong();
    List<OutboxRow> read = reader.read(without, window.ids(), limit, MAX_BATCH_BYTES);
    gathering.read(begun, read.size(), limit);
    outages.end(Outages.DATABASE, lease.toString());
    databaseRest.succeeded();
    if (read.isEmpty() && unusable.isEmpty() && window.isEmpty()) {
      topics.nothingWaits().forEach(outages::forgetTopic);
      outages.forget(settings.kafka());
    }
    if (read.size() == limit && limit > 1) {
      batchSize.full();
    }
    batchSize.read(read.size());
    List<OutboxRow> free = holds.free(read);
    if (free == null) {
      reader.reset();
      return true;
    }
    List<OutboxRow> together = sending.together(free);
    boolean divided = together.size() < free.size();
    if (divided) {
      reader.reset();
    }
    return send(together) || divided || free.size() < read.size();
  }

  private boolean send(List<OutboxRow> rows) {
    Selection selected = topics.select(rows, clock.getAsLong());
    link.ask(selected.ask());
    selected.without().forEach(reader::leaveOut);
    List<OutboxRow> usable = selected.rows();
    if (usable.isEmpty()) {
      return false;
    }
    pause = SHORTEST_PAUSE;
    boolean first = window.isEmpty();
    TopicRules rules = settings.rules();
    Compaction compaction = Compaction.of(usable, rules);
    Batch batch =
        new Batch(
            compaction,
            selected.partitions(),
            selected.probes(),
            clock.getAsLong(),
            row ->
                sending.holdsBack()
                    || rules.onRefused(row.topic()).holdsBack()
                    || compaction.replaces(row),
            sending.onFailure(link),
            wakeUp::signal);
    window.add(sending.begin(link, batch));
    if (first) {
      silence.broken(window.answered());
    }
    batch.send(link.producer(), this::held);
    return true;
  }

  /** Gives up what is under way when the lease is over or Kafka is silent for too long. */
  private void watch() {
    if (window.isEmpty()) {
      return;
    }
    silence.heard(window.answered());
    if (databaseRests()) {
      // Then nobody looks at what Kafka has answered.
      silence.broken(window.answered());
    }
    if (silence.exceeds(SILENCE)) {
      outages.begin(
          settings.kafka(),
          settings.kafka() + " has acknowledged nothing for " + SILENCE.toSeconds() + " s");
    }
    boolean silent = silence.exceeds(settings.sendTimeout());
    if (silent && KafkaLink.SPLITS_FOR_EVER) {
      batchSize.stuck(window.ids().size());
    }
    Long end = stopAt;
    if (silent || !held() || (end != null && clock.getAsLong() - end > 0)) {
      giveUp();
    }
  }

  /** From now on another node may send these rows, or this one with another producer. */
  private void giveUp() {
    discard();
    known(window.giveUp());
    sending.giveUp();
    // Also what was read and not sent.
    reader.reset();
  }

  private void rest() throws InterruptedException {
    // While rows are under way the lease must be looked at.
    Duration longest =
        window.isEmpty() || settings.maxPollInterval().compareTo(LOOK) < 0
            ? settings.maxPollInterval()
            : LOOK;
    wakeUp.await((pause.compareTo(longest) < 0 ? pause : longest).toNanos());
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(longest) < 0 ? doubled : longest;
  }

  private void databaseFailed(SQLException e) {
    reader.reset();
    outages.beginDatabase(lease.toString(), e);
    databaseRest.failed();
  }

  private boolean databaseRests() {
    if (committed) {
      committed = false;
      databaseRest.end();
    }
    return databaseRest.lasts();
  }

  private void kafkaFailed(String problem) {
    outages.begin(settings.kafka(), settings.kafka() + " " + problem);
    discard();
    kafkaRest.failed();
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
    giveUp();
    try {
      unwritten.write();
    } catch (SQLException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "Outbox: {0} rows that Kafka has acknowledged could not be deleted and will be sent again:"
              + " {1}",
          unwritten.acknowledged(),
          e.getMessage());
    }
    discard();
    outages.forget(Outages.DATABASE, lease.toString());
    LOG.log(Level.INFO, "Outbox: node {0} no longer drains {1}", settings.lease().node(), lease);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
