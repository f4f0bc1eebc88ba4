package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.offsets;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.assignment.Assignment;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.assignment.Run;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** With order per key, what is done ahead goes to the broker and comes back from it. */
class CommittedAheadTest {
  private final Records.Clock clock = new Records.Clock();
  private final Broker broker = new Broker();
  private Dispatcher dispatcher;
  private Commits commits;
  private Rebalances rebalances;

  private void assign(String ordering) {
    IncomingSettings settings =
        IncomingSettings.read(
            "orders",
            MapConfig.of("topic", "orders", "bootstrap.servers", "nowhere:9092", "group.id", "g")
                .and("ordering", ordering, "auto.commit.interval.ms", "10"),
            MapConfig.of(),
            Optional::empty);
    Time time = Time.of(clock);
    Listeners nobody = new Listeners(List.of());
    dispatcher =
        new Dispatcher(new Assignment(settings.records(), pause(Duration.ofHours(1))), time);
    commits = new Commits(settings, broker, dispatcher, nobody, time);
    Claims none = new Claims("orders", "g", null, dispatcher, time);
    rebalances = new Rebalances(settings, broker, dispatcher, commits, none, nobody, () -> {});
    rebalances.onPartitionsAssigned(List.of(P0));
  }

  /** A broker whose limit of metadata may be low, and that may not answer. */
  private static final class Broker extends MockConsumer<byte[], byte[]> {
    final Map<TopicPartition, OffsetAndMetadata> stored = new HashMap<>();
    int mostMetadata = 4_096;
    boolean silent;
    int asked;

    @SuppressWarnings("deprecation") // The oldest supported clients have no other.
    Broker() {
      super(OffsetResetStrategy.EARLIEST);
    }

    private void store(Map<TopicPartition, OffsetAndMetadata> offsets) {
      if (offsets.values().stream().anyMatch(at -> at.metadata().length() > mostMetadata)) {
        throw new OffsetMetadataTooLarge("too large");
      }
      stored.putAll(offsets);
    }

    @Override
    public synchronized void commitAsync(
        Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
      try {
        store(offsets);
        callback.onComplete(offsets, null);
      } catch (OffsetMetadataTooLarge e) {
        callback.onComplete(offsets, e);
      }
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      store(offsets);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions, Duration timeout) {
      asked++;
      if (silent) {
        throw new TimeoutException("no answer");
      }
      Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
      partitions.forEach(partition -> known.put(partition, stored.get(partition)));
      return known;
    }
  }

  @SuppressWarnings("deprecation") // The oldest supported clients have no other constructor.
  private void receive(String... keys) {
    List<ConsumerRecord<byte[], byte[]>> records = new java.util.ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      records.add(record(P0, i, keys[i]));
    }
    dispatcher.received(new ConsumerRecords<>(Map.of(P0, records)));
  }

  private void failFirstAndDoTheRest() {
    dispatcher.failed(dispatcher.take(), 1, new RuntimeException("boom"));
    for (Run run = dispatcher.take(); run != null; run = dispatcher.take()) {
      run.completed(run.size());
      dispatcher.returned(run);
    }
  }

  private void commitTick() {
    clock.pass(Duration.ofMillis(10));
    commits.whenDue();
  }

  @Test
  void what_was_done_ahead_is_not_handed_out_again() {
    assign("key");
    receive("a", "b", "c");
    failFirstAndDoTheRest();
    commitTick();

    assign("key");
    receive("a", "b", "c", "b");

    assertThat(offsets(dispatcher.take().records())).containsExactly(0L);
    assertThat(offsets(dispatcher.take().records())).containsExactly(3L);
  }

  @Test
  void a_broker_that_does_not_tell_costs_a_repetition() {
    assign("key");
    receive("a", "b");
    failFirstAndDoTheRest();
    commitTick();
    broker.silent = true;

    assign("key");
    receive("a", "b");

    assertThat(offsets(dispatcher.take().records())).containsExactly(0L);
    assertThat(offsets(dispatcher.take().records())).containsExactly(1L);
  }

  @Test
  void a_broker_that_takes_no_long_metadata_gets_the_offset_alone_on_the_next_tick() {
    broker.mostMetadata = 10;
    assign("key");
    receive("a", "b");
    failFirstAndDoTheRest();
    commitTick();
    assertThat(broker.stored).isEmpty();

    commitTick();
    assertThat(broker.stored.get(P0).offset()).isZero();
    assertThat(broker.stored.get(P0).metadata()).isEmpty();
  }

  @Test
  void a_broker_that_takes_no_long_metadata_gets_the_offset_alone_when_a_partition_goes() {
    broker.mostMetadata = 10;
    assign("key");
    receive("a", "b");
    failFirstAndDoTheRest();

    rebalances.onPartitionsRevoked(List.of(P0));

    assertThat(broker.stored.get(P0).metadata()).isEmpty();
  }

  @Test
  void order_per_partition_asks_nothing_of_the_broker() {
    assign("partition");

    assertThat(broker.asked).isZero();
  }
}
