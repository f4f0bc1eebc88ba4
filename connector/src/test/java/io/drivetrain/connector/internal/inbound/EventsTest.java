package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.connector.internal.observe.LaneObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final RuntimeException BOOM = new IllegalStateException("boom");

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final ChannelListener processed =
      new ChannelListener() {
        @Override
        public void processed(Delivery delivery, Duration duration) {
          heard.add(
              delivery.firstOffset()
                  + "-"
                  + delivery.lastOffset()
                  + " ("
                  + delivery.size()
                  + ") attempt "
                  + delivery.attempt()
                  + " "
                  + duration);
        }
      };
  private final ChannelListener failed =
      new ChannelListener() {
        @Override
        public void failed(Delivery delivery, Throwable failure) {
          heard.add(
              delivery.topic()
                  + "-"
                  + delivery.partition()
                  + " "
                  + delivery.firstOffset()
                  + "-"
                  + delivery.lastOffset()
                  + " ("
                  + delivery.size()
                  + ") key "
                  + new String(delivery.key().orElseThrow(), UTF_8)
                  + delivery.headers()
                  + " at "
                  + delivery.timestamp().toEpochMilli()
                  + " attempt "
                  + delivery.attempt()
                  + " "
                  + failure.getMessage());
        }
      };
  private OneLane lane;

  @AfterEach
  void stop() throws InterruptedException {
    if (lane != null) {
      lane.stop();
    }
  }

  @Test
  void a_processed_record_is_told_with_its_attempt_and_how_long_it_took() {
    lane = OneLane.ofRecords(processed);
    lane.method =
        message -> {
          lane.clock.pass(Duration.ofSeconds(3));
          if (lane.delivered() == 1) {
            message.nack(BOOM);
          } else {
            message.ack();
          }
        };
    lane.receive(P0, 7);
    eventually(() -> assertThat(lane.paused(P0)).isTrue());
    assertThat(heard).isEmpty();

    lane.clock.pass(Duration.ofSeconds(10));

    eventually(() -> assertThat(heard).containsExactly("7-7 (1) attempt 2 PT3S"));
  }

  @Test
  void each_failure_of_a_record_is_told_with_its_attempt_and_all_but_the_value() {
    lane = OneLane.ofRecords(failed);
    lane.method = message -> message.nack(BOOM);
    ConsumerRecord<byte[], byte[]> record = Records.record(P0, 7);
    record.headers().add("trace", new byte[] {5});
    lane.receive(P0, List.of(record));

    List<String> expected = new ArrayList<>();
    for (int attempt = 1; attempt <= 3; attempt++) {
      expected.add(
          "orders-0 7-7 (1) key k7" + record.headers() + " at 1007 attempt " + attempt + " boom");
      eventually(() -> assertThat(heard).containsExactlyElementsOf(expected));
      lane.clock.pass(Duration.ofSeconds(10));
    }
  }

  @Test
  void each_failure_of_a_batch_is_told_with_its_attempt_and_its_first_and_last_record() {
    lane = OneLane.ofBatches(3, failed);
    lane.method = message -> message.nack(BOOM);
    lane.receive(P0, 0, 1, 4);

    List<String> expected = new ArrayList<>();
    for (int attempt = 1; attempt <= 3; attempt++) {
      expected.add(
          "orders-0 0-4 (3) key k0"
              + new RecordHeaders()
              + " at 1000 attempt "
              + attempt
              + " boom");
      eventually(() -> assertThat(heard).containsExactlyElementsOf(expected));
      lane.clock.pass(Duration.ofSeconds(10));
    }
  }

  @Test
  void a_record_counts_as_processed_only_with_its_sends() {
    lane = OneLane.ofRecords(processed);
    lane.method =
        message -> {
          LiveDelivery.ofThisThread().tie(CompletableFuture.failedFuture(BOOM));
          message.ack();
        };
    lane.receive(P0, 0);

    eventually(() -> assertThat(lane.paused(P0)).isTrue());
    assertThat(heard).isEmpty();
  }

  @Test
  void a_batch_is_told_as_one() {
    lane = OneLane.ofBatches(3, processed);
    lane.receive(P0, 0, 1, 4);

    eventually(() -> assertThat(heard).containsExactly("0-4 (3) attempt 1 PT0S"));
  }

  @Test
  void of_a_batch_that_failed_in_its_middle_the_part_before_is_told() {
    lane = OneLane.ofBatches(3, processed);
    lane.method = message -> message.nack(BatchFailure.at(2, BOOM));
    lane.receive(P0, 0, 1, 4);

    eventually(() -> assertThat(heard).containsExactly("0-1 (2) attempt 1 PT0S"));
  }

  @Test
  void whatever_a_listener_throws_harms_neither_the_others_nor_the_channel() {
    ChannelListener broken =
        new ChannelListener() {
          @Override
          public void processed(Delivery delivery, Duration duration) {
            throw new NoClassDefFoundError("gone");
          }
        };
    ChannelListener failing =
        new ChannelListener() {
          @Override
          public void processed(Delivery delivery, Duration duration) {
            throw BOOM;
          }
        };
    lane = OneLane.ofRecords(broken, failing, processed);
    lane.receive(P0, 0, 1);

    eventually(() -> assertThat(heard).hasSize(2));
  }

  @Test
  void an_error_of_the_jvm_is_not_hidden() {
    Listeners listeners = new Listeners(List.of(new ChannelListener() {}));

    assertThatThrownBy(
            () ->
                listeners.tell(
                    "orders",
                    listener -> {
                      throw new OutOfMemoryError("heap");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void a_channel_pays_for_processed_only_if_a_listener_hears_it() {
    Time time = Time.system();
    Listeners none = new Listeners(List.of());
    Listeners deaf = new Listeners(List.of(new ChannelListener() {}));
    List<ChannelListener> mixed = new ArrayList<>(List.of(new ChannelListener() {}, processed));

    assertThat(none.lane("orders", time)).isSameAs(LaneObserver.NONE);
    assertThat(deaf.lane("orders", time)).isSameAs(LaneObserver.NONE);
    assertThat(new Listeners(mixed).lane("orders", time)).isNotSameAs(LaneObserver.NONE);
  }
}
