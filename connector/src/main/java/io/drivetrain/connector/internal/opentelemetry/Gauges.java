package io.drivetrain.connector.internal.opentelemetry;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.observe.Subject;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What is looked at when metrics are collected: how every channel stands then. Thread-safe; a
 * collection costs a channel one look at its state.
 */
final class Gauges {
  private final Map<Attributes, Watched> channels = new ConcurrentHashMap<>();
  private final ObservableLongMeasurement lagRecords;
  private final ObservableDoubleMeasurement lagTime;
  private final ObservableLongMeasurement partitions;
  private final ObservableLongMeasurement alive;
  private final ObservableLongMeasurement queued;
  private final ObservableLongMeasurement inFlight;
  private final ObservableLongMeasurement paused;
  private final ObservableDoubleMeasurement pauseTime;
  private final ObservableLongMeasurement pauseAttempts;
  private final BatchCallback callback;

  private record Watched(Subject channel, DeliveredLast last) {}

  Gauges(Meter meter) {
    lagRecords = Instrument.LAG_RECORDS.gauge(meter);
    lagTime = Instrument.LAG_TIME.doubleGauge(meter);
    partitions = Instrument.PARTITIONS.gauge(meter);
    alive = Instrument.ALIVE.gauge(meter);
    queued = Instrument.QUEUED.gauge(meter);
    inFlight = Instrument.IN_FLIGHT.gauge(meter);
    paused = Instrument.PAUSED.gauge(meter);
    pauseTime = Instrument.PAUSE_TIME.doubleGauge(meter);
    pauseAttempts = Instrument.PAUSE_ATTEMPTS.gauge(meter);
    callback =
        meter.batchCallback(
            this::look,
            lagRecords,
            lagTime,
            partitions,
            alive,
            queued,
            inFlight,
            paused,
            pauseTime,
            pauseAttempts);
  }

  void add(Attributes attributes, Subject channel, DeliveredLast last) {
    channels.put(attributes, new Watched(channel, last));
  }

  void remove(Attributes channel) {
    channels.remove(channel);
  }

  void close() {
    callback.close();
  }

  private void look() {
    channels.forEach(this::look);
  }

  private void look(Attributes attributes, Watched watched) {
    ChannelState state = watched.channel().state().get();
    Instant now = watched.channel().clock().instant();
    alive.record(state.isAlive() ? 1 : 0, attributes);
    partitions.record(state.partitions().size(), attributes);
    for (PartitionState partition : state.partitions()) {
      TopicPartition name = new TopicPartition(partition.topic(), partition.partition());
      Attributes ofPartition = Names.of(attributes, name);
      lookAtState(ofPartition, partition, now);
      OptionalLong records = watched.channel().lag().apply(partition);
      records.ifPresent(lag -> lagRecords.record(lag, ofPartition));
      lagTime(records, watched.last().of(name), now)
          .ifPresent(age -> lagTime.record(age, ofPartition));
    }
  }

  private static OptionalDouble lagTime(OptionalLong records, OptionalLong last, Instant now) {
    if (records.isPresent() && records.getAsLong() == 0) {
      return OptionalDouble.of(0);
    }
    return last.isPresent()
        ? OptionalDouble.of(seconds(Instant.ofEpochMilli(last.getAsLong()), now))
        : OptionalDouble.empty();
  }

  private void lookAtState(Attributes attributes, PartitionState partition, Instant now) {
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
