package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@UseKafka
class RebalanceTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final KafkaBroker broker;

  RebalanceTest(KafkaBroker broker) {
    this.broker = broker;
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void two_nodes_share_the_partitions_and_the_one_that_stays_takes_over(String protocol) {
    Topic topic = broker.newTopic("shared", 4);
    Recorder recorder = new Recorder();

    try (WeldApp first =
        Apps.readingRecords(broker, topic, recorder).and(IN + "group.protocol", protocol).start()) {
      eventually(BOUND, () -> assertThat(assigned(first)).isEqualTo(4));
      try (WeldApp second = first.startAnother(Apps.Records.class)) {
        eventually(
            BOUND,
            () -> {
              assertThat(assigned(first)).isEqualTo(2);
              assertThat(assigned(second)).isEqualTo(2);
            });
        sendToAll(topic, 50);
        eventually(BOUND, () -> assertThat(recorder.all()).hasSize(200));
      }
      eventually(BOUND, () -> assertThat(assigned(first)).isEqualTo(4));
      sendToAll(topic, 50);

      eventually(BOUND, () -> assertThat(recorder.all()).hasSize(400));
    }

    for (int partition = 0; partition < 4; partition++) {
      assertThat(recorder.offsets(partition)).isEqualTo(Recorder.range(0, 100));
    }
    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 100L, 1, 100L, 2, 100L, 3, 100L));
  }

  @Test
  void a_rebalance_under_load_loses_nothing_and_keeps_the_order() {
    Topic topic = broker.newTopic("load", 4);
    sendToAll(topic, 2_000);
    Recorder recorder = new Recorder();

    try (WeldApp first = Apps.readingRecords(broker, topic, recorder).start()) {
      eventually(BOUND, () -> assertThat(recorder.all()).isNotEmpty());
      try (WeldApp second = first.startAnother(Apps.Records.class)) {
        eventually(BOUND, () -> assertThat(assigned(second)).isEqualTo(2));
      }
      eventually(
          BOUND,
          () ->
              assertThat(topic.committed(topic.name()))
                  .isEqualTo(Map.of(0, 2_000L, 1, 2_000L, 2, 2_000L, 3, 2_000L)));
    }

    for (int partition = 0; partition < 4; partition++) {
      assertThat(recorder.offsets(partition)).isEqualTo(Recorder.range(0, 2_000));
    }
  }

  @Test
  void a_record_in_hand_is_finished_and_committed_before_its_partition_moves() throws Exception {
    Topic topic = broker.newTopic("hand", 2);
    topic.sendAll(0, List.of("slow", "next"));
    topic.sendAll(1, List.of("slow", "next"));
    CountDownLatch inHand = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (seen.value().equals("slow")) {
            inHand.countDown();
            await(goOn);
          }
        });

    try (WeldApp first = Apps.readingRecords(broker, topic, recorder).start()) {
      assertThat(inHand.await(30, TimeUnit.SECONDS)).isTrue();
      try (WeldApp second = first.startAnother(Apps.Records.class)) {
        // The second node is in the group only when the first has let go of what it has in hand.
        goOn.countDown();
        eventually(BOUND, () -> assertThat(assigned(second)).isEqualTo(1));
        eventually(
            BOUND, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L, 1, 2L)));
      }
    }

    assertThat(recorder.offsets(0)).containsExactly(0L, 1L);
    assertThat(recorder.offsets(1)).containsExactly(0L, 1L);
  }

  @Test
  void a_failing_record_moves_with_its_partition() {
    Topic topic = broker.newTopic("moving", 2);
    topic.sendAll(0, Apps.values(5));
    topic.sendAll(1, Apps.values(5));
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  if (seen.firstOffset() == 3) {
                    throw new Recorder.Poison(seen);
                  }
                });

    try (WeldApp first =
        Apps.readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "200ms").start()) {
      eventually(BOUND, () -> assertThat(recorder.all()).hasSizeGreaterThan(8));
      try (WeldApp second = first.startAnother(Apps.Records.class)) {
        eventually(BOUND, () -> assertThat(assigned(second)).isEqualTo(1));
        eventually(
            BOUND, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L, 1, 3L)));
        recorder.heal();
        eventually(
            BOUND, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 5L, 1, 5L)));
      }
    }

    for (int partition = 0; partition < 2; partition++) {
      assertThat(recorder.offsets(partition)).isSorted();
      assertThat(recorder.offsets(partition).stream().distinct()).isEqualTo(Recorder.range(0, 5));
    }
  }

  private static void sendToAll(Topic topic, int records) {
    for (int partition = 0; partition < 4; partition++) {
      topic.sendAll(partition, Apps.values(records));
    }
  }

  private static int assigned(WeldApp app) {
    return app.get(Channels.class).state("in").partitions().size();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
