package io.drivetrain.outbox.internal.opentelemetry;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;

/**
 * Every metric with its name, kind, unit and meaning, as the documentation lists them. Immutable.
 */
enum Instrument {
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

  /** What becomes of the numbers. */
  enum Kind {
    COUNTER("counter"),
    HISTOGRAM("histogram"),
    GAUGE("gauge"),
    DOUBLE_GAUGE("gauge");

    final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /** The conventions' boundaries for durations; those of the SDK are made for milliseconds. */
  private static final List<Double> SECONDS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

  private static final List<Long> EVENTS =
      List.of(1L, 2L, 5L, 10L, 20L, 50L, 100L, 200L, 500L, 1_000L, 2_000L, 5_000L, 10_000L);

  private final String id;
  private final Kind kind;
  private final String unit;
  private final String doc;

  Instrument(String id, Kind kind, String unit, String doc) {
    this.id = id;
    this.kind = kind;
    this.unit = unit;
    this.doc = doc;
  }

  String id() {
    return id;
  }

  Kind kind() {
    return kind;
  }

  String unit() {
    return unit;
  }

  String doc() {
    return doc;
  }

  LongCounter counter(Meter meter) {
    return meter.counterBuilder(id).setUnit(unit).setDescription(doc).build();
  }

  DoubleHistogram durations(Meter meter) {
    return meter
        .histogramBuilder(id)
        .setUnit(unit)
        .setDescription(doc)
        .setExplicitBucketBoundariesAdvice(SECONDS)
        .build();
  }

  LongHistogram sizes(Meter meter) {
    return meter
        .histogramBuilder(id)
        .setUnit(unit)
        .setDescription(doc)
        .ofLongs()
        .setExplicitBucketBoundariesAdvice(EVENTS)
        .build();
  }

  ObservableLongMeasurement gauge(Meter meter) {
    return meter.gaugeBuilder(id).ofLongs().setUnit(unit).setDescription(doc).buildObserver();
  }

  ObservableDoubleMeasurement doubleGauge(Meter meter) {
    return meter.gaugeBuilder(id).setUnit(unit).setDescription(doc).buildObserver();
  }
}
