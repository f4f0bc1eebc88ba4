package io.drivetrain.connector.internal.opentelemetry;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.observe.ChannelTelemetry;
import io.drivetrain.connector.internal.observe.LaneObserver;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ChannelMetricsTest {
  private static final RuntimeException BOOM = new IllegalStateException("boom");
  private static final String PARTITION = Names.PARTITION.getKey();
  private static final String ERROR = Names.ERROR.getKey();

  private final Sdk sdk = new Sdk();
  private final LiveDelivery live = new LiveDelivery("in");
  private long nanos;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private ChannelState state =
      new ChannelState(
          "in", ChannelState.Phase.RUNNING, Optional.empty(), Optional.empty(), List.of());
  private final OpenTelemetryTelemetry telemetry = new OpenTelemetryTelemetry(sdk.sdk);
  private final ChannelTelemetry channel =
      telemetry.channel(Sdk.settings(), () -> state, () -> nanos, () -> now);
  private final LaneObserver lane = channel.lane();
  private final ChannelListener listener = channel.listener().orElseThrow();

  private void deliver(ConsumerRecord<byte[], byte[]> record, long seconds, Throwable failure) {
    live.begin(record, record, 1, 1, null);
    lane.begin(live, record);
    nanos += seconds * 1_000_000_000;
    lane.end(failure == null ? 1 : 0, failure);
  }

  private static Delivery delivery(int records) {
    LiveDelivery delivery = new LiveDelivery("in");
    delivery.begin(Sdk.record(P0, 0), Sdk.record(P0, records - 1), records, 1, null);
    return delivery.snapshot();
  }

  @Test
  void deliveries_are_counted_per_partition_when_their_run_is_over() {
    deliver(Sdk.record(P0, 0), 0, null);
    deliver(Sdk.record(P0, 1), 0, BOOM);
    lane.flush();
    deliver(Sdk.record(P1, 0), 0, null);
    lane.flush();

    assertThat(sdk.points(Instrument.CONSUMED, PARTITION)).containsExactly("1 1", "2 0");
  }

  @Test
  void each_delivery_is_timed_and_a_failed_one_has_its_error() {
    deliver(Sdk.record(P0, 0), 2, null);
    deliver(Sdk.record(P0, 1), 3, null);
    deliver(Sdk.record(P0, 2), 4, BOOM);

    assertThat(sdk.points(Instrument.PROCESS_DURATION, PARTITION, ERROR))
        .containsExactly("1x sum 4.0 0 java.lang.IllegalStateException", "2x sum 5.0 0");
  }

  @Test
  void batches_have_a_size() {
    List<ConsumerRecord<byte[], byte[]>> records =
        List.of(Sdk.record(P0, 0), Sdk.record(P0, 1), Sdk.record(P0, 2));
    live.begin(records.get(0), records.get(2), 3, 1, null);
    lane.beginBatch(live, records);
    lane.end(3, null);
    lane.flush();

    assertThat(sdk.points(Instrument.BATCH_SIZE, PARTITION)).containsExactly("1x sum 3.0 0");
    assertThat(sdk.points(Instrument.CONSUMED)).containsExactly("3");
  }

  @Test
  void the_conventions_attributes_are_on_what_has_their_names() {
    deliver(Sdk.record(P0, 0), 0, null);
    lane.flush();

    assertThat(
            sdk.points(
                Instrument.CONSUMED,
                "messaging.system",
                "messaging.operation.name",
                "messaging.destination.name",
                "messaging.destination.partition.id",
                "messaging.consumer.group.name",
                "drivetrain.channel.name"))
        .containsExactly("1 kafka process orders 0 shop in");
  }

  @Test
  void failures_dead_letters_and_what_is_ignored_are_counted_by_their_cause() {
    listener.failed(delivery(3), BOOM);
    listener.deadLettered(delivery(2), BOOM, "dead");
    listener.ignored(delivery(1), BOOM);

    String error = " 0 java.lang.IllegalStateException";
    assertThat(sdk.points(Instrument.FAILURES, PARTITION, ERROR)).containsExactly("1" + error);
    assertThat(sdk.points(Instrument.DEAD_LETTERS, PARTITION, ERROR)).containsExactly("2" + error);
    assertThat(sdk.points(Instrument.IGNORED, PARTITION, ERROR)).containsExactly("1" + error);
  }

  @Test
  void commits_and_rebalances_are_counted() {
    listener.committed("in", Map.of());
    listener.committed("in", Map.of());
    listener.commitFailed("in", Map.of(), BOOM);
    listener.assigned("in", List.of(P0));
    listener.revoked("in", List.of(P0));
    listener.lost("in", List.of(P0));

    assertThat(sdk.points(Instrument.COMMITS, ERROR))
        .containsExactly("1 java.lang.IllegalStateException", "2");
    assertThat(sdk.points(Instrument.REBALANCES, Names.REBALANCE.getKey()))
        .containsExactly("1 assigned", "1 lost", "1 revoked");
  }

  @Test
  void gauges_say_how_the_channel_stands_when_they_are_asked() {
    PartitionState busy = new PartitionState("orders", 0, 7, 40, true, 0, 0, List.of());
    PartitionState paused =
        new PartitionState(
            "orders",
            1,
            5,
            3,
            false,
            0,
            1,
            List.of(new PartitionState.Pause(5, 4, now, Optional.empty(), "boom")));
    state =
        new ChannelState(
            "in",
            ChannelState.Phase.RUNNING,
            Optional.empty(),
            Optional.empty(),
            List.of(busy, paused));
    now = now.plusSeconds(90);

    assertThat(sdk.points(Instrument.ALIVE)).containsExactly("1");
    assertThat(sdk.points(Instrument.PARTITIONS)).containsExactly("2");
    assertThat(sdk.points(Instrument.QUEUED, PARTITION)).containsExactly("3 1", "40 0");
    assertThat(sdk.points(Instrument.IN_FLIGHT, PARTITION)).containsExactly("0 1", "1 0");
    assertThat(sdk.points(Instrument.PAUSED, PARTITION)).containsExactly("0 0", "1 1");
    assertThat(sdk.points(Instrument.PAUSE_TIME, PARTITION)).containsExactly("0.0 0", "90.0 1");
    assertThat(sdk.points(Instrument.PAUSE_ATTEMPTS, PARTITION)).containsExactly("0 0", "4 1");
  }

  @Test
  void a_stuck_channel_is_not_alive() {
    state =
        new ChannelState(
            "in", ChannelState.Phase.RUNNING, Optional.empty(), Optional.of("hangs"), List.of());

    assertThat(sdk.points(Instrument.ALIVE)).containsExactly("0");
  }

  @Test
  void a_channel_that_has_stopped_is_looked_at_no_more() {
    assertThat(sdk.points(Instrument.ALIVE)).hasSize(1);

    channel.close();

    assertThat(sdk.reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .doesNotContain(Instrument.ALIVE.id());
  }
}
