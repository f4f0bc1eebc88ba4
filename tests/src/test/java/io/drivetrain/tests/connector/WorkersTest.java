package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.readingRecords;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@UseKafka
class WorkersTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final KafkaBroker broker;

  WorkersTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private Topic filled(int partitions, int records) {
    Topic topic = broker.newTopic("workers", partitions);
    for (int partition = 0; partition < partitions; partition++) {
      topic.sendAll(partition, Apps.values(records));
    }
    return topic;
  }

  /** Workers beyond the partitions have nothing to do. */
  @ParameterizedTest
  @CsvSource({"6, 3", "3, 5"})
  void workers_run_at_the_same_time_and_keep_the_order_of_each_partition(
      int partitions, String workers) {
    Topic topic = filled(partitions, 50);
    // Nobody gets past the latch until three deliveries are open at once.
    CountDownLatch together = new CountDownLatch(3);
    Set<Integer> open = ConcurrentHashMap.newKeySet();
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          assertThat(open.add(seen.partition())).as("one delivery per partition").isTrue();
          together.countDown();
          await(together);
          open.remove(seen.partition());
        });

    try (WeldApp app =
        readingRecords(broker, topic, recorder).and(IN + "concurrency", workers).start()) {
      eventually(() -> assertThat(recorder.all()).hasSize(partitions * 50));
    }

    for (int partition = 0; partition < partitions; partition++) {
      assertThat(recorder.offsets(partition)).isEqualTo(Recorder.range(0, 50));
    }
  }

  @Test
  void a_worker_that_is_slow_and_a_partition_that_pauses_hold_up_no_other_partition() {
    Topic topic = filled(4, 30);
    CountDownLatch goOn = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (seen.partition() == 0 && seen.firstOffset() == 3) {
            await(goOn);
          }
          if (seen.partition() == 1 && seen.firstOffset() == 3) {
            throw new Recorder.Poison(seen);
          }
        });

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "concurrency", "2", IN + "pause-timeout", "1h")
            .start()) {
      eventually(
          () -> {
            assertThat(recorder.offsets(2)).isEqualTo(Recorder.range(0, 30));
            assertThat(recorder.offsets(3)).isEqualTo(Recorder.range(0, 30));
            assertThat(recorder.offsets(0)).isEqualTo(Recorder.range(0, 4));
            assertThat(recorder.offsets(1)).isEqualTo(Recorder.range(0, 4));
          });
    } finally {
      goOn.countDown();
    }
  }

  @Test
  void a_stop_waits_for_what_every_worker_has_in_hand() throws Exception {
    Topic topic = filled(3, 10);
    CountDownLatch inHand = new CountDownLatch(3);
    CountDownLatch goOn = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (seen.firstOffset() == 4) {
            inHand.countDown();
            await(goOn);
          }
        });
    WeldApp app = readingRecords(broker, topic, recorder).and(IN + "concurrency", "3").start();
    CompletableFuture<Void> stop;
    try {
      await(inHand);
      Channels channels = app.get(Channels.class);
      stop = CompletableFuture.runAsync(app::close);
      eventually(
          () -> assertThat(channels.state("in").phase()).isEqualTo(ChannelState.Phase.STOPPING));
    } finally {
      goOn.countDown();
    }
    stop.get(30, TimeUnit.SECONDS);

    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 5L, 1, 5L, 2, 5L));
    assertThat(recorder.all()).hasSize(15);
  }

  @Test
  void nodes_with_workers_share_partitions_and_lose_nothing_when_one_leaves() {
    Topic topic = filled(6, 1_000);
    Recorder recorder = new Recorder();

    try (WeldApp first =
        readingRecords(broker, topic, recorder)
            .and(IN + "concurrency", "3")
            .and(Apps.QUICK_HEARTBEATS)
            .start()) {
      eventually(BOUND, () -> assertThat(recorder.all()).isNotEmpty());
      try (WeldApp second = first.startAnother(Apps.Records.class)) {
        eventually(
            BOUND,
            () -> assertThat(second.get(Channels.class).state("in").partitions()).hasSize(3));
      }
      eventually(
          BOUND,
          () ->
              assertThat(topic.committed(topic.name()).values())
                  .hasSize(6)
                  .allMatch(offset -> offset == 1_000));
    }

    for (int partition = 0; partition < 6; partition++) {
      assertThat(recorder.offsets(partition)).isEqualTo(Recorder.range(0, 1_000));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
