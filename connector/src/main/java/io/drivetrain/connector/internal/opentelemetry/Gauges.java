package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.PartitionState;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * What is looked at when metrics are collected: how every channel stands then. Thread-safe; a
 * collection costs a channel one look at its state.
 */
final class Gauges {
  private final Map<Attributes, Watched> channels = new ConcurrentHashMap<>();
  private final ObservableLongMeasurement partitions;
  private final ObservableLongMeasurement alive;
  private final ObservableLongMeasurement queued;
  private final ObservableLongMeasurement inFlight;
  private final ObservableLongMeasurement paused;
  private final ObservableDoubleMeasurement pauseTime;
  private final ObservableLongMeasurement pauseAttempts;
  private final BatchCallback callback;

  private record Watched(Supplier<ChannelState> state, InstantSource clock) {}

  Gauges(Meter meter) {
    partitions = Instrument.PARTITIONS.gauge(meter);
    alive = Instrument.ALIVE.gauge(meter);
    queued = Instrument.QUEUED.gauge(meter);
    inFlight = Instrument.IN_FLIGHT.gauge(meter);
    paused = Instrument.PAUSED.gauge(meter);
    pauseTime = Instrument.PAUSE_TIME.doubleGauge(meter);
    pauseAttempts = Instrument.PAUSE_ATTEMPTS.gauge(meter);
    callback =
        meter.batchCallback(
            this::look, partitions, alive, queued, inFlight, paused, pauseTime, pauseAttempts);
  }

  void add(Attributes channel, Supplier<ChannelState> state, InstantSource clock) {
    channels.put(channel, new Watched(state, clock));
  }

  void remove(Attributes channel) {
    channels.remove(channel);
  }

  void close() {
    callback.close();
  }

  private void look() {
    channels.forEach(
        (attributes, watched) ->
            look(attributes, watched.state().get(), watched.clock().instant()));
  }

  private void look(Attributes channel, ChannelState state, Instant now) {
    alive.record(state.isAlive() ? 1 : 0, channel);
    partitions.record(state.partitions().size(), channel);
    for (PartitionState partition : state.partitions()) {
      look(
          Names.of(channel, new TopicPartition(partition.topic(), partition.partition())),
          partition,
          now);
    }
  }

  private void look(Attributes attributes, PartitionState partition, Instant now) {
    queued.record(partition.queued(), attributes);
    inFlight.record(partition.inFlight() ? 1 : 0, attributes);
    paused.record(partition.failing(), attributes);
    pauseAttempts.record(
        partition.pause().map(PartitionState.Pause::attempt).orElse(0), attributes);
    pauseTime.record(
        partition.pause().map(pause -> seconds(pause.since(), now)).orElse(0.0), attributes);
  }

  private static double seconds(Instant since, Instant now) {
    return Math.max(0, Duration.between(since, now).toMillis()) / 1_000.0;
  }
}
