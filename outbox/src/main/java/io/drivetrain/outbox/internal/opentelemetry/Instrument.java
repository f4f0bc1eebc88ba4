package io.drivetrain.outbox.internal.opentelemetry;

import io.drivetrain.schema.opentelemetry.Metric;

/**
 * Every metric with its name, kind, unit and meaning, as the documentation lists them. Immutable.
 */
enum Instrument implements Metric {
  DEPTH(
      "drivetrain.outbox.depth",
      Kind.GAUGE,
      "{event}",
      "events that wait in the whole outbox, counted up to 1000, then estimated"),
  OLDEST(
      "drivetrain.outbox.oldest.time",
      Kind.DOUBLE_GAUGE,
      "s",
      "how long the oldest of them has waited, 0 when none does"),
  BLOCKED(
      "drivetrain.outbox.blocked",
      Kind.GAUGE,
      "{key}",
      "keys that are blocked until somebody unblocks them, counted up to 1000"),
  DEAD_ROWS(
      "drivetrain.outbox.dead_rows",
      Kind.GAUGE,
      "{row}",
      "deleted rows of the outbox that are not vacuumed yet, as the server's statistics say"),
  USABLE(
      "drivetrain.outbox.usable",
      Kind.GAUGE,
      "{outbox}",
      "1 while health is OK, 0 while anything is away, refused, stopped or paused"),
  SHARDS("drivetrain.outbox.shards", Kind.GAUGE, "{shard}", "shards that this node drains"),
  SENT(
      "drivetrain.outbox.sent", Kind.COUNTER, "{event}", "events that Kafka has and that are gone"),
  PARKED("drivetrain.outbox.parked", Kind.COUNTER, "{event}", "events that this node has parked"),
  DROPPED(
      "drivetrain.outbox.dropped",
      Kind.COUNTER,
      "{event}",
      "events refused for good with on-refused=drop"),
  BATCH_SIZE("drivetrain.outbox.batch.size", Kind.HISTOGRAM, "{event}", "events in a batch"),
  SEND(
      "drivetrain.outbox.send.duration",
      Kind.HISTOGRAM,
      "s",
      "how long a batch took until Kafka had confirmed all of it"),
  DELETE(
      "drivetrain.outbox.delete.duration",
      Kind.HISTOGRAM,
      "s",
      "how long the database took to delete or move what Kafka has answered"),
  LEASES(
      "drivetrain.outbox.lease.changes",
      Kind.COUNTER,
      "{lease}",
      "leases that this node has taken, returned or lost"),
  LATE(
      "drivetrain.outbox.late",
      Kind.COUNTER,
      "{event}",
      "events that only the full read has found; always 0, or the log says what happened");

  private final Declaration declared;

  Instrument(String id, Kind kind, String unit, String doc) {
    this.declared = new Declaration(id, kind, unit, doc);
  }

  @Override
  public Declaration declared() {
    return declared;
  }
}
