package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.drain.TopicStates.Selection;
import io.drivetrain.outbox.internal.lease.Lease;
import io.drivetrain.outbox.internal.lease.ShardWork;
import io.drivetrain.outbox.internal.signal.Outages;
import io.drivetrain.outbox.internal.signal.WakeUp;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.schema.platform.Backoff;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

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
  private final Function<WakeUp, KafkaLink> links;
  private final Outages outages;
  private final LongSupplier clock;

  private final WakeUp wakeUp = new WakeUp();
  private final Window window;
  private final BatchSize batchSize;
  private final Backoff databaseBackoff = backoff();
  private final Backoff kafkaBackoff = backoff();
  private Duration pause = SHORTEST_PAUSE;

  /** Null until needed and after it was discarded. */
  private KafkaLink link;

  /** Until when the database, or Kafka, is left alone after a failure. */
  private long databaseRestsUntil;

  private long kafkaRestsUntil;

  /** How much was answered when it was last looked, and when it last had changed. */
  private int heard;

  private long heardAt;

  /** Written by any thread: when to stop at the latest; null while not asked to. */
  private volatile Long stopAt;

  /** Written by any thread: a transaction has committed, so the database is there. */
  private volatile boolean committed;

  /**
   * @param due events that were held back until now
   * @param holds what must not be sent now
   * @param refusals what becomes of what Kafka will never take
   * @param topics what is known of topics, over all links
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
      TopicStates topics,
      Function<WakeUp, KafkaLink> links,
      Outages outages,
      Consumer<Integer> sent,
      LongSupplier clock) {
    this.lease = lease;
    this.settings = settings;
    this.reader = reader;
    this.unwritten =
        new Unwritten(database, table, markers, refusals, reader::highest, this::held, sent);
    this.due = due;
    this.holds = holds;
    this.topics = topics;
    this.links = links;
    this.outages = outages;
    this.clock = clock;
    this.window = new Window(settings.rules());
    this.batchSize = new BatchSize(settings.batchSize());
    this.databaseRestsUntil = clock.getAsLong();
    this.kafkaRestsUntil = databaseRestsUntil;
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
    wakeUp.signal();
  }

  @Override
  public void run() {
    LOG.log(Level.INFO, "Outbox: node {0} drains {1}", settings.lease().node(), lease);
    try {
      while (held() && (stopAt == null || !window.isEmpty())) {
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
      kafkaFailed("cannot be used: " + e);
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
    long sentAt = window.sentAt();
    Optional<Outcome> outcome = window.landed();
    if (outcome.isEmpty()) {
      return false;
    }
    known(outcome.get());
    hear();
    settle(outcome.get(), Duration.ofNanos(clock.getAsLong() - sentAt));
    unwritten.write();
    return true;
  }

  private void known(Outcome outcome) {
    unwritten.add(outcome);
    topics
        .settled(outcome.delete(), window.ids())
        .forEach(topic -> outages.end(KafkaLink.topic(topic)));
    outcome
        .topics()
        .forEach(
            (topic, problem) -> {
              outages.begin(KafkaLink.topic(topic), KafkaLink.topic(topic) + ": " + problem);
              topics.refused(topic, clock.getAsLong());
            });
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
      kafkaBackoff.succeeded();
      batchSize.acknowledged(took);
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
        || kafkaRests()
        || holds.everything()) {
      return false;
    }
    if (link == null) {
      link = links.apply(wakeUp);
    }
    due.move();
    List<String> unusable = topics.unusable(clock.getAsLong());
    List<String> without = new ArrayList<>(unusable);
    without.addAll(holds.topics());
    int limit = batchSize.rows();
    List<OutboxRow> read = reader.read(without, window.ids(), limit, MAX_BATCH_BYTES);
    outages.end(Outages.DATABASE);
    databaseBackoff.succeeded();
    if (read.isEmpty() && unusable.isEmpty() && window.isEmpty()) {
      topics.nothingWaits().forEach(topic -> outages.forget(KafkaLink.topic(topic)));
    }
    if (read.size() == limit) {
      batchSize.full();
    }
    List<OutboxRow> free = holds.free(read);
    if (free == null) {
      reader.reset();
      return true;
    }
    return send(free) || free.size() < read.size();
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
            row -> rules.onRefused(row.topic()).holdsBack() || compaction.replaces(row),
            link::abort,
            wakeUp::signal);
    window.add(batch);
    if (first) {
      hear();
    }
    batch.send(link.producer(), this::held);
    return true;
  }

  /** Gives up what is under way when the lease is over or Kafka is silent for too long. */
  private void watch() {
    if (window.isEmpty()) {
      return;
    }
    long now = clock.getAsLong();
    if (window.answered() != heard) {
      hear();
    }
    long silence = now - heardAt;
    if (silence > SILENCE.toNanos()) {
      outages.begin(
          settings.kafka(),
          settings.kafka() + " has acknowledged nothing for " + SILENCE.toSeconds() + " s");
    }
    Long end = stopAt;
    if (silence > settings.sendTimeout().toNanos()
        || !lease.heldAt(now)
        || (end != null && now - end > 0)) {
      giveUp();
    }
  }

  private void hear() {
    heard = window.answered();
    heardAt = clock.getAsLong();
  }

  /** From now on another node may send these rows, or this one with another producer. */
  private void giveUp() {
    discard();
    known(window.giveUp());
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
    outages.begin(Outages.DATABASE, Outages.DATABASE + " cannot be used: " + e.getMessage());
    databaseRestsUntil = clock.getAsLong() + databaseBackoff.failed().toNanos();
  }

  private boolean databaseRests() {
    if (committed) {
      committed = false;
      databaseRestsUntil = clock.getAsLong();
    }
    return databaseRestsUntil - clock.getAsLong() > 0;
  }

  private void kafkaFailed(String problem) {
    outages.begin(settings.kafka(), settings.kafka() + " " + problem);
    discard();
    kafkaRestsUntil = clock.getAsLong() + kafkaBackoff.failed().toNanos();
  }

  private boolean kafkaRests() {
    return kafkaRestsUntil - clock.getAsLong() > 0;
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
    LOG.log(Level.INFO, "Outbox: node {0} no longer drains {1}", settings.lease().node(), lease);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
