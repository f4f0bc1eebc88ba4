package io.drivetrain.outbox.internal.opentelemetry;

import io.drivetrain.outbox.OutboxStatus;
import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The metrics of this node's outbox. Thread-safe. A collection looks at what the node has seen last
 * and never asks the database.
 */
final class OpenTelemetryMetrics implements Metrics {
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("drivetrain.reason");
  private static final AttributeKey<String> LEASE = AttributeKey.stringKey("drivetrain.lease");
  private static final Attributes KAFKA =
      Attributes.of(AttributeKey.stringKey("messaging.system"), "kafka");
  private static final double NANOS = 1e9;

  private final LongCounter sent;
  private final LongCounter parked;
  private final LongCounter dropped;
  private final LongCounter late;
  private final LongCounter leases;
  private final LongHistogram batchSize;
  private final DoubleHistogram send;
  private final DoubleHistogram delete;
  private final ObservableLongMeasurement depth;
  private final ObservableDoubleMeasurement oldest;
  private final ObservableLongMeasurement blocked;
  private final ObservableLongMeasurement deadRows;
  private final ObservableLongMeasurement usable;
  private final ObservableLongMeasurement shards;
  private final BatchCallback callback;
  private final AtomicReference<Supplier<OutboxStatus.Snapshot>> watched = new AtomicReference<>();

  OpenTelemetryMetrics(Meter meter) {
    sent = Instrument.SENT.counter(meter);
    parked = Instrument.PARKED.counter(meter);
    dropped = Instrument.DROPPED.counter(meter);
    late = Instrument.LATE.counter(meter);
    leases = Instrument.LEASES.counter(meter);
    batchSize = Instrument.BATCH_SIZE.sizes(meter);
    send = Instrument.SEND.durations(meter);
    delete = Instrument.DELETE.durations(meter);
    depth = Instrument.DEPTH.gauge(meter);
    oldest = Instrument.OLDEST.doubleGauge(meter);
    blocked = Instrument.BLOCKED.gauge(meter);
    deadRows = Instrument.DEAD_ROWS.gauge(meter);
    usable = Instrument.USABLE.gauge(meter);
    shards = Instrument.SHARDS.gauge(meter);
    callback = meter.batchCallback(this::look, depth, oldest, blocked, deadRows, usable, shards);
    // A counter that nobody has told anything is not exported, and an alert on it finds no data.
    late.add(0, KAFKA);
  }

  @Override
  public void sent(int events) {
    sent.add(events, KAFKA);
  }

  @Override
  public void batch(int events, Duration took) {
    batchSize.record(events, KAFKA);
    send.record(seconds(took), KAFKA);
  }

  @Override
  public void deleted(Duration took) {
    delete.record(seconds(took), KAFKA);
  }

  @Override
  public void parked(ParkReason reason, int events) {
    parked.add(events, KAFKA.toBuilder().put(REASON, reason.word()).build());
  }

  @Override
  public void dropped(int events) {
    dropped.add(events, KAFKA);
  }

  @Override
  public void late(long events) {
    late.add(events, KAFKA);
  }

  @Override
  public void lease(LeaseChange change) {
    leases.add(1, KAFKA.toBuilder().put(LEASE, change.name().toLowerCase(Locale.ROOT)).build());
  }

  @Override
  public void watch(Supplier<OutboxStatus.Snapshot> status) {
    watched.set(status);
  }

  @Override
  public void close() {
    callback.close();
  }

  private void look() {
    Supplier<OutboxStatus.Snapshot> status = watched.get();
    if (status == null) {
      return;
    }
    OutboxStatus.Snapshot now = status.get();
    depth.record(now.depth(), KAFKA);
    oldest.record(now.oldest().map(OpenTelemetryMetrics::seconds).orElse(0.0), KAFKA);
    blocked.record(now.blockedKeys(), KAFKA);
    deadRows.record(now.deadRows(), KAFKA);
    usable.record(now.problem().isEmpty() ? 1 : 0, KAFKA);
    shards.record(now.held(), KAFKA);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / NANOS;
  }
}
