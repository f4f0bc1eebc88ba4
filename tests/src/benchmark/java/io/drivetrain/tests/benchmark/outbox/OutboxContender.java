package io.drivetrain.tests.benchmark.outbox;

import static io.drivetrain.tests.benchmark.outbox.OutboxRace.BACKLOG;
import static io.drivetrain.tests.benchmark.outbox.OutboxRace.BUSINESS;
import static io.drivetrain.tests.benchmark.outbox.OutboxRace.LATENCY;
import static io.drivetrain.tests.benchmark.outbox.OutboxRace.STEADY;

/** An outbox in one race. */
enum OutboxContender {
  BARE(BACKLOG, Library.BARE, "bare producer", 1, 1),
  DRIVETRAIN(BACKLOG, Library.DRIVETRAIN, "drivetrain", 1, 500),
  LOOP(BACKLOG, Library.LOOP, "loop like Deimos': 1000 rows, deletes by ten", 2, 500),
  ROW(BACKLOG, Library.ROW, "loop, a row at a time", 60, 500),
  GRUELBOX(BACKLOG, Library.GRUELBOX, "gruelbox transaction-outbox", 60, 50),
  NAMASTACK(BACKLOG, Library.NAMASTACK, "namastack-outbox", 60, 50),
  DEBEZIUM(BACKLOG, Library.DEBEZIUM, "Debezium engine, outbox event router", 3, 500),

  INSERT_1(STEADY, Library.NOT_DRAINED, "drivetrain, insert alone, 1 per transaction", 4, 1),
  DRIVETRAIN_1(STEADY, Library.DRIVETRAIN, "drivetrain, 1 per transaction", 4, 1),
  INSERT_50(STEADY, Library.NOT_DRAINED, "drivetrain, insert alone, 50 per transaction", 1, 50),
  DRIVETRAIN_50(STEADY, Library.DRIVETRAIN, "drivetrain, 50 per transaction", 1, 50),
  INSERT_500(STEADY, Library.NOT_DRAINED, "drivetrain, insert alone, 500 per transaction", 1, 500),
  DRIVETRAIN_500(STEADY, Library.DRIVETRAIN, "drivetrain, 500 per transaction", 1, 500),
  LOOP_50(STEADY, Library.LOOP, "loop like Deimos', 50 per transaction", 2, 50),
  GRUELBOX_50(STEADY, Library.GRUELBOX, "gruelbox, 50 per transaction", 40, 50),
  NAMASTACK_50(STEADY, Library.NAMASTACK, "namastack, 50 per transaction", 40, 50),
  DEBEZIUM_50(STEADY, Library.DEBEZIUM, "Debezium, 50 per transaction", 2, 50),

  DRIVETRAIN_500_TPS(LATENCY, Library.DRIVETRAIN, "drivetrain, 500 tx/s", 1, 500),
  DRIVETRAIN_2000_TPS(LATENCY, Library.DRIVETRAIN, "drivetrain, 2000 tx/s", 1, 2_000),
  GRUELBOX_500_TPS(LATENCY, Library.GRUELBOX, "gruelbox, 500 tx/s", 1, 500),
  NAMASTACK_500_TPS(LATENCY, Library.NAMASTACK, "namastack, 500 tx/s", 1, 500),
  DEBEZIUM_500_TPS(LATENCY, Library.DEBEZIUM, "Debezium, 500 tx/s", 1, 500),

  DRIVETRAIN_ELSEWHERE(BUSINESS, Library.NOT_DRAINED, "drivetrain, another node drains", 1, 1),
  DRIVETRAIN_ASKS(BUSINESS, Library.ASKED, "the same, XA as Open Liberty has it", 1, 1),
  DRIVETRAIN_HERE(BUSINESS, Library.DRIVETRAIN, "drivetrain, this node drains", 1, 1),
  GRUELBOX_BUSINESS(BUSINESS, Library.GRUELBOX, "gruelbox", 1, 1),
  ELSEWHERE_6(BUSINESS, Library.NOT_DRAINED, "6 statements, another node drains", 1, 6),
  HERE_6(BUSINESS, Library.DRIVETRAIN, "6 statements, this node drains", 1, 6);

  private final OutboxRace race;
  private final Library library;
  private final String label;
  private final int slowness;
  private final int size;

  OutboxContender(OutboxRace race, Library library, String label, int slowness, int size) {
    this.race = race;
    this.library = library;
    this.label = label;
    this.slowness = slowness;
    this.size = size;
  }

  OutboxRace race() {
    return race;
  }

  Library library() {
    return library;
  }

  String label() {
    return label;
  }

  /** So many times fewer events than the fastest, or it would take all day. */
  int events() {
    return Math.max(size, race.events() / slowness / size * size);
  }

  /**
   * Events in a transaction; in the race for latency transactions in a second, in that of business
   * statements in a transaction.
   */
  int size() {
    return size;
  }

  /** Who brings events to Kafka. */
  enum Library {
    BARE,
    DRIVETRAIN,
    /** Drivetrain's transactions, and nobody drains. */
    NOT_DRAINED,
    /** The same with connections that do not know whether they are in a transaction. */
    ASKED,
    LOOP,
    ROW,
    GRUELBOX,
    NAMASTACK,
    DEBEZIUM;

    /** In the child. */
    Relay over(Site site) throws Exception {
      return switch (this) {
        case BARE -> new BareRelay(site);
        case DRIVETRAIN, NOT_DRAINED -> new DrivetrainRelay(site, false);
        case ASKED -> new DrivetrainRelay(site, true);
        case LOOP -> new LoopRelay(site, 1_000, 10);
        case ROW -> new LoopRelay(site, 1, 1);
        case GRUELBOX -> new GruelboxRelay(site);
        case NAMASTACK -> new NamastackRelay(site);
        case DEBEZIUM -> new DebeziumRelay(site);
      };
    }
  }
}
