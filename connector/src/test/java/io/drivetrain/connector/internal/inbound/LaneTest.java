package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static io.drivetrain.connector.internal.assignment.Records.batches;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.single;
import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.assignment.Assignment;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.delivery.CurrentDelivery;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.payload.ParameterType;
import io.drivetrain.connector.internal.payload.Payloads;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.schema.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final RuntimeException BOOM = new IllegalStateException("boom");

  private final Records.Clock clock = new Records.Clock();
  private final AtomicInteger deaths = new AtomicInteger();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Probe probe = new Probe();

  private Dispatcher dispatcher;
  private Lane lane;
  private Thread thread;

  @AfterEach
  void stop() throws InterruptedException {
    if (thread != null) {
      lane.stop();
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  private void start(HandOver handOver, ParameterType type) {
    FailurePolicy policy = pause(Duration.ofSeconds(10));
    dispatcher = new Dispatcher(new Assignment(handOver, policy), Time.of(clock));
    dispatcher.assign(List.of(P0, P1), Map.of());
    ChannelListener listener =
        new ChannelListener() {
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
        };
    Listeners listeners = new Listeners(List.of(listener));
    lane =
        new Lane(
            "orders",
            dispatcher,
            new Payloads(Settings.of(MapConfig.of()), false, Optional.empty(), Optional.empty())
                .of(type),
            new FailureHandler("orders", policy, dispatcher, null, listeners, reason -> {}),
            listeners,
            null,
            () -> {},
            deaths::incrementAndGet);
    dispatcher.register(lane);
    lane.subscribe(probe);
    thread = new Thread(lane, "lane");
    lane.startOn(thread);
  }

  private void startSingle() {
    start(single(), new ParameterType(false, String.class, Optional.empty()));
  }

  private void startBatches(int size) {
    start(batches(size, Duration.ZERO), new ParameterType(true, String.class, Optional.empty()));
  }

  private void receive(TopicPartition partition, long... offsets) {
    receive(partition, Records.records(partition, offsets));
  }

  @SuppressWarnings("deprecation") // The oldest supported clients have no other constructor.
  private void receive(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    dispatcher.received(new ConsumerRecords<>(Map.of(partition, records)));
  }

  private Long committable(TopicPartition partition) {
    return Optional.ofNullable(dispatcher.toCommit(List.of(partition)).get(partition))
        .map(offset -> offset.offset())
        .orElse(null);
  }

  @Test
  void nothing_is_delivered_without_demand_and_never_more_than_asked_for() {
    startSingle();
    probe.acknowledges();
    receive(P0, 0, 1, 2);

    probe.subscription.request(2);
    eventually(() -> assertThat(probe.payloads()).containsExactly("v0", "v1"));
    eventually(() -> assertThat(committable(P0)).isEqualTo(2L));

    probe.subscription.request(1);
    eventually(() -> assertThat(probe.payloads()).containsExactly("v0", "v1", "v2"));
  }

  @Test
  void a_request_within_a_delivery_brings_the_next_one_without_growing_the_stack() {
    startSingle();
    AtomicInteger depth = new AtomicInteger();
    AtomicInteger deepest = new AtomicInteger();
    probe.method =
        message -> {
          deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
          message.ack();
          probe.subscription.request(1);
          depth.decrementAndGet();
        };
    probe.subscription.request(1);
    receive(P0, 0, 1, 2, 3, 4);

    eventually(() -> assertThat(committable(P0)).isEqualTo(5L));
    assertThat(deepest).hasValue(1);
  }

  @Test
  void however_much_is_asked_for_only_one_delivery_is_open() {
    startSingle();
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1);

    eventually(() -> assertThat(probe.payloads()).containsExactly("v0"));
    assertThat(committable(P0)).isNull();
    probe.messages.get(0).ack();
    eventually(() -> assertThat(probe.payloads()).containsExactly("v0", "v1"));
    eventually(() -> assertThat(committable(P0)).isEqualTo(1L));
  }

  @Test
  void demand_does_not_overflow() {
    startSingle();
    probe.acknowledges();
    probe.subscription.request(Long.MAX_VALUE);
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1);

    eventually(() -> assertThat(committable(P0)).isEqualTo(2L));
  }

  @Test
  void a_request_for_nothing_is_an_error_of_the_runtime_and_ends_the_lane() {
    startSingle();
    probe.subscription.request(0);

    assertThat(probe.errors).singleElement().isInstanceOf(IllegalArgumentException.class);
    assertThat(deaths).hasValue(1);
  }

  @Test
  void an_answer_from_another_thread_lets_the_lane_go_on() {
    startSingle();
    probe.method =
        message ->
            CompletableFuture.runAsync(
                () -> {
                  message.ack();
                  probe.subscription.request(1);
                });
    probe.subscription.request(1);
    receive(P0, 0, 1, 2);

    eventually(() -> assertThat(committable(P0)).isEqualTo(3L));
  }

  @Test
  void a_refused_record_comes_again_after_its_pause_and_others_do_not_wait() {
    startSingle();
    probe.subscription.request(Long.MAX_VALUE);
    probe.method =
        message -> {
          if (probe.messages.size() == 2) {
            message.nack(BOOM);
          } else {
            message.ack();
          }
        };
    receive(P0, 0, 1, 2);
    eventually(() -> assertThat(heard).containsExactly("failed 1 boom", "paused orders-0 10"));
    receive(P1, 0);
    eventually(() -> assertThat(probe.payloads()).containsExactly("v0", "v1", "v0"));
    assertThat(committable(P0)).isEqualTo(1L);

    clock.pass(Duration.ofSeconds(10));
    eventually(() -> assertThat(probe.payloads()).containsExactly("v0", "v1", "v0", "v1", "v2"));
    assertThat(heard).endsWith("resumed orders-0");
  }

  @Test
  void an_exception_of_the_subscriber_is_a_failure_of_the_record() {
    startSingle();
    probe.subscription.request(Long.MAX_VALUE);
    probe.method =
        message -> {
          throw BOOM;
        };
    receive(P0, 0);

    eventually(() -> assertThat(heard).contains("failed 0 boom"));
    assertThat(deaths).hasValue(0);
  }

  @Test
  void an_interrupt_that_a_method_leaves_behind_does_not_reach_the_next_record() {
    startSingle();
    List<Boolean> interrupted = new CopyOnWriteArrayList<>();
    probe.method =
        message -> {
          interrupted.add(Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
          message.ack();
        };
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1);

    eventually(() -> assertThat(committable(P0)).isEqualTo(2L));
    assertThat(interrupted).containsExactly(false, false);
  }

  @Test
  void a_lane_that_is_interrupted_while_it_has_nothing_to_do_goes_on_to_sleep() {
    startSingle();
    probe.acknowledges();
    probe.subscription.request(Long.MAX_VALUE);

    thread.interrupt();

    eventually(() -> assertThat(thread.isInterrupted()).isFalse());
    receive(P0, 0);
    eventually(() -> assertThat(committable(P0)).isEqualTo(1L));
  }

  @Test
  void only_the_first_answer_counts_and_every_stage_is_complete_at_once() {
    startSingle();
    List<CompletionStage<Void>> stages = new ArrayList<>();
    probe.method =
        message -> {
          stages.add(message.ack());
          stages.add(message.nack(BOOM));
          stages.add(message.nack(null));
          stages.add(message.getAck().get());
          stages.add(message.getNack().apply(BOOM));
        };
    probe.subscription.request(1);
    receive(P0, 0);

    eventually(() -> assertThat(committable(P0)).isEqualTo(1L));
    assertThat(stages)
        .hasSize(5)
        .allSatisfy(stage -> assertThat(stage.toCompletableFuture()).isCompleted());
    assertThat(heard).isEmpty();
  }

  @Test
  void a_message_that_a_runtime_rebuilds_still_answers_for_the_record() {
    startSingle();
    probe.method = message -> message.withPayload("other").nack(BOOM);
    probe.subscription.request(1);
    receive(P0, 0);

    eventually(() -> assertThat(heard).contains("failed 0 boom"));
  }

  @Test
  void a_message_unwraps_the_record_with_its_key_and_the_delivery() {
    startSingle();
    probe.acknowledges();
    probe.subscription.request(1);
    receive(P0, 5);

    eventually(() -> assertThat(probe.messages).hasSize(1));
    Message<?> message = probe.messages.get(0);
    ConsumerRecord<?, ?> record = message.unwrap(ConsumerRecord.class);
    assertThat(record.key()).isEqualTo("k5");
    assertThat(record.value()).isEqualTo("v5");
    assertThat(record.offset()).isEqualTo(5);
    assertThat(message.unwrap(Delivery.class).lastOffset()).isEqualTo(5);
    assertThatThrownBy(() -> message.unwrap(Thread.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_delivery_is_known_to_the_delivering_thread_only_while_it_lasts() {
    startSingle();
    CurrentDelivery delivery = new CurrentDelivery(null);
    List<String> seen = new CopyOnWriteArrayList<>();
    List<Delivery> snapshots = new CopyOnWriteArrayList<>();
    probe.method =
        message -> {
          seen.add(
              delivery.channel()
                  + " "
                  + delivery.topic()
                  + "-"
                  + delivery.partition()
                  + "@"
                  + delivery.firstOffset()
                  + " #"
                  + delivery.attempt()
                  + " "
                  + delivery.lastFailure().map(Throwable::getMessage).orElse("first"));
          snapshots.add(delivery.snapshot());
          if (delivery.attempt() == 1) {
            message.nack(BOOM);
          } else {
            message.ack();
          }
        };
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 3);
    eventually(() -> assertThat(heard).contains("paused orders-0 10"));
    clock.pass(Duration.ofSeconds(10));

    eventually(() -> assertThat(committable(P0)).isEqualTo(4L));
    assertThat(seen).containsExactly("orders orders-0@3 #1 first", "orders orders-0@3 #2 boom");
    assertThat(snapshots.get(1).attempt()).isEqualTo(2);
    assertThat(snapshots.get(1).timestamp()).isEqualTo(java.time.Instant.ofEpochMilli(1_003));
    assertThat(snapshots.get(1).key()).hasValue(new byte[] {'k', '3'});
    assertThatThrownBy(delivery::topic)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("snapshot()");
  }

  @Test
  void a_record_is_done_only_when_what_it_sent_is_confirmed() {
    startSingle();
    CompletableFuture<Void> send = new CompletableFuture<>();
    probe.method =
        message -> {
          LiveDelivery.ofThisThread().tie(send);
          message.ack();
        };
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0);
    eventually(() -> assertThat(probe.messages).hasSize(1));
    assertThat(committable(P0)).isNull();

    send.complete(null);
    eventually(() -> assertThat(committable(P0)).isEqualTo(1L));
  }

  @Test
  void a_failed_send_fails_its_record_and_no_later_one() {
    startSingle();
    probe.method =
        message -> {
          if (probe.messages.size() == 1) {
            LiveDelivery.ofThisThread().tie(CompletableFuture.failedFuture(BOOM));
          }
          message.ack();
        };
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1);
    eventually(() -> assertThat(heard).containsExactly("failed 0 boom", "paused orders-0 10"));
    assertThat(committable(P0)).isNull();

    clock.pass(Duration.ofSeconds(10));
    eventually(() -> assertThat(committable(P0)).isEqualTo(2L));
    assertThat(probe.payloads()).containsExactly("v0", "v0", "v1");
  }

  @Test
  void the_runtime_may_cancel_within_a_delivery() {
    startSingle();
    probe.method = message -> probe.subscription.cancel();
    probe.subscription.request(1);
    receive(P0, 0, 1);

    eventually(() -> assertThat(thread.isAlive()).isFalse());
    assertThat(deaths).hasValue(1);
    assertThat(committable(P0)).isNull();
  }

  @Test
  void a_draining_partition_gets_back_what_the_lane_has_not_begun() {
    startSingle();
    probe.acknowledges();
    receive(P0, LongStream.range(0, 100).toArray());
    AtomicLong delivered = new AtomicLong();
    do {
      // A lane that was slow has had its slice and gave the rest back by itself; then once more.
      probe.subscription.request(1);
      delivered.incrementAndGet();
      eventually(() -> assertThat(committable(P0)).isEqualTo(delivered.get()));
    } while (dispatcher.inFlight(List.of(P0)).isEmpty());

    dispatcher.drain(List.of(P0));

    assertThat(dispatcher.awaitSettled(List.of(P0), Duration.ofSeconds(10))).isEmpty();
    assertThat(probe.payloads()).hasSize(delivered.intValue()).startsWith("v0");
  }

  @Test
  void a_batch_is_one_delivery() {
    startBatches(3);
    CurrentDelivery delivery = new CurrentDelivery(null);
    List<String> seen = new CopyOnWriteArrayList<>();
    probe.method =
        message -> {
          seen.add(delivery.firstOffset() + "-" + delivery.lastOffset() + " " + delivery.size());
          message.ack();
        };
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1, 4, 5);

    eventually(() -> assertThat(committable(P0)).isEqualTo(6L));
    assertThat(probe.payloads()).containsExactly(List.of("v0", "v1", "v4"), List.of("v5"));
    assertThat(seen).containsExactly("0-4 3", "5-5 1");
  }

  @Test
  void a_record_that_cannot_be_decoded_does_not_use_up_what_the_runtime_asked_for() {
    startSingle();
    probe.acknowledgesAndAsksForOneMore();
    probe.subscription.request(1);
    receive(P0, List.of(new ConsumerRecord<>("orders", 0, 0, new byte[] {'k'}, null)));
    eventually(() -> assertThat(heard).hasSize(2));
    receive(P1, 0, 1);

    eventually(() -> assertThat(probe.payloads()).containsExactly("v0", "v1"));
    clock.pass(Duration.ofSeconds(10));
    eventually(() -> assertThat(heard).hasSize(5));
  }

  @Test
  void a_batch_that_cannot_be_decoded_does_not_use_up_what_the_runtime_asked_for() {
    startBatches(2);
    probe.acknowledgesAndAsksForOneMore();
    probe.subscription.request(1);
    receive(P0, List.of(new ConsumerRecord<>("orders", 0, 0, new byte[] {'k'}, null)));
    eventually(() -> assertThat(heard).hasSize(2));
    receive(P1, 0, 1);

    eventually(() -> assertThat(probe.payloads()).containsExactly(List.of("v0", "v1")));
  }

  @Test
  void a_failed_batch_comes_again_whole() {
    startBatches(3);
    probe.method =
        message -> {
          if (probe.messages.size() == 1) {
            message.nack(BOOM);
          } else {
            message.ack();
          }
        };
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1);
    eventually(() -> assertThat(heard).contains("paused orders-0 10"));
    clock.pass(Duration.ofSeconds(10));

    eventually(() -> assertThat(committable(P0)).isEqualTo(2L));
    assertThat(probe.payloads()).containsExactly(List.of("v0", "v1"), List.of("v0", "v1"));
  }

  @Test
  void what_came_before_the_record_a_batch_names_as_failed_is_done() {
    startBatches(4);
    probe.method =
        message -> {
          if (probe.messages.size() == 1) {
            message.nack(BatchFailure.at(2, BOOM));
          } else {
            message.ack();
          }
        };
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1, 2, 3);
    eventually(() -> assertThat(heard).containsExactly("failed 2 boom", "paused orders-0 10"));
    assertThat(committable(P0)).isEqualTo(2L);
    clock.pass(Duration.ofSeconds(10));

    eventually(() -> assertThat(committable(P0)).isEqualTo(4L));
    assertThat(probe.payloads())
        .containsExactly(List.of("v0", "v1", "v2", "v3"), List.of("v2", "v3"));
  }

  @Test
  void what_came_before_a_batch_failure_is_not_done_if_something_it_sent_failed() {
    startBatches(4);
    probe.method =
        message -> {
          if (probe.messages.size() == 1) {
            LiveDelivery.ofThisThread().tie(CompletableFuture.failedFuture(BOOM));
            message.nack(BatchFailure.at(2, new IllegalStateException("own")));
          } else {
            message.ack();
          }
        };
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1, 2, 3);
    eventually(() -> assertThat(heard).containsExactly("failed 0 boom", "paused orders-0 10"));
    assertThat(committable(P0)).isNull();

    clock.pass(Duration.ofSeconds(10));
    eventually(() -> assertThat(committable(P0)).isEqualTo(4L));
  }

  @Test
  void a_batch_failure_beyond_the_batch_is_a_failure_of_the_whole() {
    startBatches(4);
    probe.method = message -> message.nack(BatchFailure.at(7, BOOM));
    probe.subscription.request(Long.MAX_VALUE);
    receive(P0, 0, 1);

    eventually(() -> assertThat(heard).anyMatch(line -> line.startsWith("failed 0 ")));
    assertThat(committable(P0)).isNull();
  }

  @Test
  void a_tombstone_in_a_batch_of_values_fails_alone_after_those_before_it() {
    startBatches(4);
    probe.acknowledges();
    probe.subscription.request(Long.MAX_VALUE);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(Records.records(P0, 0, 1));
    records.add(new ConsumerRecord<>("orders", 0, 2, new byte[] {'k'}, null));
    records.add(Records.record(P0, 3));
    receive(P0, records);

    eventually(() -> assertThat(heard).hasSize(2));
    assertThat(heard.get(0)).startsWith("failed 2 ").contains("tombstone");
    assertThat(probe.payloads()).containsExactly(List.of("v0", "v1"));
    assertThat(committable(P0)).isEqualTo(2L);
  }
}
