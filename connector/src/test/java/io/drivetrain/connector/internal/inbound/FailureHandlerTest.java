package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.deadletter.DeadLetterTopic;
import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.policy.FailureClasses;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.FailurePolicy.Strategy;
import io.drivetrain.connector.internal.policy.HandOver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of records that are given up, seen through a lane. */
class FailureHandlerTest {
  private static final RuntimeException BOOM = new IllegalStateException("boom");

  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

  private final DeadLetterTopic dead =
      new DeadLetterTopic("orders", "shop", "dead-orders", () -> producer);

  private OneLane lane;

  @AfterEach
  void stop() throws InterruptedException {
    lane.stop();
  }

  private void single(Strategy strategy, int maxAttempts) {
    start(Records.single(), strategy, maxAttempts);
  }

  private void batch(Strategy strategy, int maxAttempts) {
    start(Records.batches(10, Duration.ZERO), strategy, maxAttempts);
  }

  private void start(HandOver handOver, Strategy strategy, int maxAttempts) {
    FailurePolicy policy =
        new FailurePolicy(
            new Backoff(Optional.of(Duration.ofSeconds(10)), false, Duration.ofMinutes(5)),
            strategy,
            maxAttempts,
            new FailureClasses(Set.of(), Set.of()));
    lane = OneLane.with(handOver, policy, dead, listener());
  }

  private ChannelListener listener() {
    return new ChannelListener() {
      @Override
      public void failed(Delivery delivery, Throwable failure) {
        heard.add("failed " + delivery.firstOffset() + " " + failure.getMessage());
      }

      @Override
      public void paused(String channel, TopicPartition partition, Optional<Duration> pause) {
        heard.add("paused " + partition + " " + pause.orElseThrow().toSeconds());
      }

      @Override
      public void resumed(String channel, TopicPartition partition) {
        heard.add("resumed " + partition);
      }

      @Override
      public void deadLettered(Delivery delivery, Throwable failure, String topic) {
        heard.add("dead " + range(delivery) + " " + failure.getMessage() + " in " + topic);
      }

      @Override
      public void ignored(Delivery delivery, Throwable failure) {
        heard.add("ignored " + range(delivery) + " " + failure.getMessage());
      }

      private String range(Delivery delivery) {
        return delivery.firstOffset() + "-" + delivery.lastOffset();
      }
    };
  }

  /** Refuses the record with this value, whenever it comes. */
  private void refuse(String value) {
    lane.method =
        message -> {
          if (message.getPayload().equals(value)) {
            message.nack(BOOM);
          } else {
            message.ack();
          }
        };
  }

  private List<String> deadValues() {
    return producer.history().stream().map(letter -> new String(letter.value(), UTF_8)).toList();
  }

  @Test
  void a_record_given_up_counts_as_done_when_its_dead_letter_is_stored() {
    single(Strategy.DEAD_LETTER_QUEUE, 1);
    refuse("v1");
    lane.receive(P0, 0, 1, 2);

    eventually(() -> assertThat(lane.committable(P0)).isEqualTo(3L));
    assertThat(lane.payloads).containsExactly("v0", "v1", "v2");
    assertThat(deadValues()).containsExactly("v1");
    assertThat(heard).containsExactly("failed 1 boom", "dead 1-1 boom in dead-orders");
  }

  @Test
  void it_pauses_between_the_attempts_and_each_record_has_its_own() {
    single(Strategy.DEAD_LETTER_QUEUE, 2);
    lane.method = message -> message.nack(BOOM);
    lane.receive(P0, 0, 1);
    eventually(() -> assertThat(heard).containsExactly("failed 0 boom", "paused orders-0 10"));
    lane.clock.pass(Duration.ofSeconds(10));

    eventually(() -> assertThat(heard).hasSize(7));
    assertThat(heard.subList(2, 7))
        .containsExactly(
            "resumed orders-0",
            "failed 0 boom",
            "dead 0-0 boom in dead-orders",
            "failed 1 boom",
            "paused orders-0 10");
    assertThat(lane.committable(P0)).isEqualTo(1L);
  }

  @Test
  void a_dead_letter_that_is_not_stored_is_one_more_failed_attempt() {
    single(Strategy.DEAD_LETTER_QUEUE, 1);
    lane.method = message -> message.nack(BOOM);
    producer.sendException = new RecordTooLargeException("too large");
    lane.receive(P0, 0, 1);
    eventually(() -> assertThat(heard).containsExactly("failed 0 boom", "paused orders-0 10"));
    assertThat(lane.committable(P0)).isNull();
    assertThat(lane.dispatcher.states().get(0).pause().orElseThrow().failure())
        .contains("boom")
        .contains("dead-orders")
        .contains("too large");

    producer.sendException = null;
    lane.clock.pass(Duration.ofSeconds(10));
    eventually(() -> assertThat(lane.committable(P0)).isEqualTo(2L));
    assertThat(deadValues()).containsExactly("v0", "v1");
  }

  @Test
  void an_ignored_record_counts_as_done() {
    single(Strategy.IGNORE, 1);
    refuse("v1");
    lane.receive(P0, 0, 1, 2);

    eventually(() -> assertThat(lane.committable(P0)).isEqualTo(3L));
    assertThat(heard).containsExactly("failed 1 boom", "ignored 1-1 boom");
  }

  @Test
  void a_failure_that_is_fatal_hands_out_nothing_more() {
    single(Strategy.FAIL, 1);
    refuse("v1");
    lane.receive(P0, 0, 1, 2);

    eventually(() -> assertThat(lane.ends).hasSize(1));
    assertThat(lane.ends.get(0)).contains("orders-0 offset 1").contains("boom");
    lane.receive(P1, 0);
    lane.clock.pass(Duration.ofHours(1));
    assertThat(lane.dispatcher.take()).isNull();
    assertThat(lane.committable(P0)).isEqualTo(1L);
    assertThat(lane.payloads).containsExactly("v0", "v1");
  }

  @Test
  void a_record_that_fails_while_its_partition_leaves_is_not_given_up() {
    single(Strategy.IGNORE, 1);
    lane.method =
        message -> {
          lane.dispatcher.drain(List.of(P0));
          message.nack(BOOM);
        };
    lane.receive(P0, 0);

    eventually(() -> assertThat(heard).containsExactly("failed 0 boom", "paused orders-0 10"));
    assertThat(lane.committable(P0)).isNull();
  }

  @Test
  void a_record_that_cannot_be_decoded_is_dead_lettered_with_its_bytes() {
    single(Strategy.DEAD_LETTER_QUEUE, 1);
    lane.receive(P0, List.of(new ConsumerRecord<>("orders", 0, 0, new byte[] {'k'}, null)));

    eventually(() -> assertThat(lane.committable(P0)).isEqualTo(1L));
    assertThat(producer.history().get(0).key()).isEqualTo(new byte[] {'k'});
    assertThat(producer.history().get(0).value()).isNull();
  }

  @Test
  void of_a_batch_only_the_record_it_names_is_given_up() {
    batch(Strategy.DEAD_LETTER_QUEUE, 1);
    lane.method =
        message -> {
          int bad = ((List<?>) message.getPayload()).indexOf("v2");
          if (bad >= 0) {
            message.nack(BatchFailure.at(bad, BOOM));
          } else {
            message.ack();
          }
        };
    lane.receive(P0, 0, 1, 2, 3, 4);

    eventually(() -> assertThat(lane.committable(P0)).isEqualTo(5L));
    assertThat(lane.payloads)
        .containsExactly(List.of("v0", "v1", "v2", "v3", "v4"), List.of("v3", "v4"));
    assertThat(deadValues()).containsExactly("v2");
    assertThat(heard).containsExactly("failed 2 boom", "dead 2-2 boom in dead-orders");
  }

  @Test
  void attempts_at_the_record_a_batch_names_are_its_own() {
    batch(Strategy.DEAD_LETTER_QUEUE, 2);
    lane.method =
        message -> {
          List<?> values = (List<?>) message.getPayload();
          int bad = values.contains("v1") ? values.indexOf("v1") : values.indexOf("v3");
          if (bad >= 0) {
            message.nack(BatchFailure.at(bad, BOOM));
          } else {
            message.ack();
          }
        };
    lane.receive(P0, 0, 1, 2, 3, 4);
    for (int paused = 1; paused <= 2; paused++) {
      int pauses = paused;
      eventually(
          () ->
              assertThat(heard.stream().filter(line -> line.startsWith("paused"))).hasSize(pauses));
      lane.clock.pass(Duration.ofSeconds(10));
    }

    eventually(() -> assertThat(lane.committable(P0)).isEqualTo(5L));
    assertThat(deadValues()).containsExactly("v1", "v3");
    assertThat(heard.stream().filter(line -> line.startsWith("failed")))
        .containsExactly("failed 1 boom", "failed 1 boom", "failed 3 boom", "failed 3 boom");
  }

  @Test
  void of_a_batch_that_names_no_record_all_are_given_up_each_in_its_own_letter() {
    batch(Strategy.DEAD_LETTER_QUEUE, 2);
    lane.method = message -> message.nack(BOOM);
    lane.receive(P0, 0, 1, 2);
    eventually(() -> assertThat(heard).contains("paused orders-0 10"));
    lane.clock.pass(Duration.ofSeconds(10));

    eventually(() -> assertThat(lane.committable(P0)).isEqualTo(3L));
    assertThat(deadValues()).containsExactly("v0", "v1", "v2");
    assertThat(heard).endsWith("failed 0 boom", "dead 0-2 boom in dead-orders");
  }

  @Test
  void of_a_batch_only_the_record_that_cannot_be_decoded_is_given_up() {
    batch(Strategy.IGNORE, 1);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(Records.records(P0, 0, 1));
    records.add(new ConsumerRecord<>("orders", 0, 2, new byte[] {'k'}, null));
    records.add(Records.record(P0, 3));
    lane.receive(P0, records);

    eventually(() -> assertThat(lane.committable(P0)).isEqualTo(4L));
    assertThat(lane.payloads).containsExactly(List.of("v0", "v1"), List.of("v3"));
    assertThat(heard.get(1)).startsWith("ignored 2-2 ").contains("tombstone");
  }
}
