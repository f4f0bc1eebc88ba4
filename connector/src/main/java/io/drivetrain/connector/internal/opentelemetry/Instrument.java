package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.schema.opentelemetry.Metric;

/**
 * Every metric with its name, kind, unit and meaning, as the documentation lists them. Immutable.
 */
enum Instrument implements Metric {
  CONSUMED(
      "messaging.client.consumed.messages",
      Kind.COUNTER,
      "{message}",
      "records handed to the consumer method, each time they are"),
  PROCESS_DURATION(
      "messaging.process.duration",
      Kind.HISTOGRAM,
      "s",
      "how long a delivery took until the method was done and its sends were confirmed"),
  SENT("messaging.client.sent.messages", Kind.COUNTER, "{message}", "records sent"),
  OPERATION_DURATION(
      "messaging.client.operation.duration",
      Kind.HISTOGRAM,
      "s",
      "how long a send took until Kafka had confirmed or refused it"),
  BATCH_SIZE(
      "drivetrain.channel.batch.size", Kind.HISTOGRAM, "{record}", "records in a batch delivered"),
  FAILURES("drivetrain.channel.failures", Kind.COUNTER, "{delivery}", "deliveries that failed"),
  DEAD_LETTERS(
      "drivetrain.channel.dead_letters",
      Kind.COUNTER,
      "{record}",
      "records given up and stored in the dead-letter topic"),
  IGNORED(
      "drivetrain.channel.ignored",
      Kind.COUNTER,
      "{record}",
      "records given up with failure-strategy=ignore"),
  COMMITS("drivetrain.channel.commits", Kind.COUNTER, "{commit}", "commits, failed ones too"),
  REBALANCES(
      "drivetrain.channel.rebalances",
      Kind.COUNTER,
      "{rebalance}",
      "times that partitions were assigned, revoked or lost"),
  LAG_RECORDS(
      "drivetrain.channel.lag.records",
      Kind.GAUGE,
      "{record}",
      "records of the partition that are not processed, as far as its fetches told"),
  LAG_TIME(
      "drivetrain.channel.lag.time",
      Kind.DOUBLE_GAUGE,
      "s",
      "the age of the record delivered last, 0 when all are processed"),
  PARTITIONS(
      "drivetrain.channel.partitions",
      Kind.GAUGE,
      "{partition}",
      "partitions assigned to this node"),
  ALIVE(
      "drivetrain.channel.alive",
      Kind.GAUGE,
      "{channel}",
      "1 while the channel is live, 0 when it is dead or stuck"),
  QUEUED(
      "drivetrain.channel.queued",
      Kind.GAUGE,
      "{record}",
      "records in memory that were not handed to the consumer method"),
  IN_FLIGHT(
      "drivetrain.channel.in_flight",
      Kind.GAUGE,
      "{partition}",
      "1 while the consumer method has records of the partition, else 0"),
  PAUSED("drivetrain.channel.paused", Kind.GAUGE, "{record}", "records that pause after a failure"),
  PAUSE_TIME(
      "drivetrain.channel.pause.time",
      Kind.DOUBLE_GAUGE,
      "s",
      "how long the pause has lasted, 0 without one"),
  PAUSE_ATTEMPTS(
      "drivetrain.channel.pause.attempts",
      Kind.GAUGE,
      "{delivery}",
      "how often the record has failed that pauses the partition, 0 without a pause");

  private final Declaration declared;

  Instrument(String id, Kind kind, String unit, String doc) {
    this.declared = new Declaration(id, kind, unit, doc);
  }

  @Override
  public Declaration declared() {
    return declared;
  }
}
