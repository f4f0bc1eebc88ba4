package io.drivetrain.tests.benchmark.outbox;

import java.util.Locale;

/** What outboxes are compared in. */
enum OutboxRace {
  /** Events that were committed before anybody sends. */
  BACKLOG("Backlog drain", 300_000, 2),
  /** Transactions go on while events are sent; the time ends when all are sent. */
  STEADY("Insert and drain at the same time", 200_000, 2),
  /** From the return of the commit to Kafka's acknowledgement, at a steady rate. */
  LATENCY("Commit to acknowledgement", 0, 1),
  /** A transaction of an application, with an event and without. */
  BUSINESS("Business transactions, of one UPDATE if nothing is said", 0, 1);

  private final String title;
  private final int events;
  private final int rounds;

  OutboxRace(String title, int events, int rounds) {
    this.title = title;
    this.events = events;
    this.rounds = rounds;
  }

  String title() {
    return title;
  }

  /** How many events a fast contender has. */
  int events() {
    return Integer.getInteger("benchmark.events." + name().toLowerCase(Locale.ROOT), events);
  }

  /** How many rounds count; where there are several, one more warms up. */
  int rounds() {
    return rounds == 1 ? 1 : Integer.getInteger("benchmark.rounds", rounds);
  }

  /** How long a measurement by time takes. */
  static int seconds() {
    return Integer.getInteger("benchmark.seconds", 15);
  }
}
