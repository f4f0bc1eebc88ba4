package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
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

  private WeldApp.Builder nodes(Topic topic, Recorder recorder) {
    return nodes(topic, recorder, "classic");
  }

  private WeldApp.Builder nodes(Topic topic, Recorder recorder, String protocol) {
    WeldApp.Builder nodes =
        Apps.readingRecords(broker, topic, recorder).and(IN + "group.protocol", protocol);
    return protocol.equals("classic") ? nodes.and(Apps.QUICK_HEARTBEATS) : nodes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void two_nodes_share_the_partitions_and_the_one_that_stays_takes_over(String protocol) {
    Topic topic = broker.newTopic("shared", 4);
    Recorder recorder = new Recorder();

    try (WeldApp first = nodes(topic, recorder, protocol).start()) {
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

    try (WeldApp first = nodes(topic, recorder).start()) {
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

    try (WeldApp first = nodes(topic, recorder).start()) {
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

    try (WeldApp first = nodes(topic, recorder).and(IN + "pause-timeout", "200ms").start()) {
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

  @Test
  void a_record_that_takes_longer_than_a_revocation_may_comes_again_elsewhere() throws Exception {
    Topic topic = broker.newTopic("bounded", 2);
    topic.sendAll(0, List.of("slow", "next"));
    topic.sendAll(1, List.of("slow", "next"));
    CountDownLatch inHand = new CountDownLatch(2);
    CountDownLatch goOn = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (inHand.getCount() > 0) {
            inHand.countDown();
            await(goOn);
          }
        });

    try (WeldApp first =
        nodes(topic, recorder)
            .and(IN + "concurrency", "2", IN + "revoke-timeout", "200ms")
            .start()) {
      assertThat(inHand.await(30, TimeUnit.SECONDS)).isTrue();
      try (WeldApp second = first.startAnother(Apps.Records.class)) {
        eventually(BOUND, () -> assertThat(assigned(second)).isEqualTo(1));
        int moved = state(second).partitions().get(0).partition();
        eventually(
            BOUND, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(moved, 2L)));
        assertThat(recorder.offsets(moved)).containsExactly(0L, 0L, 1L);
        assertThat(recorder.offsets(1 - moved)).containsExactly(0L);

        // What the first node finishes too late neither goes back nor comes again.
        goOn.countDown();
        eventually(
            BOUND, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L, 1, 2L)));
        assertThat(recorder.offsets(moved)).containsExactly(0L, 0L, 1L);
        assertThat(recorder.offsets(1 - moved)).containsExactly(0L, 1L);
      }
    }
  }

  @Test
  void attempts_go_on_when_the_partition_returns() {
    Topic topic = broker.newTopic("returning", 2);
    topic.sendAll(0, List.of("poison"));
    topic.sendAll(1, List.of("poison"));
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          throw new Recorder.Poison(seen);
        });

    try (WeldApp first = nodes(topic, recorder).and(IN + "pause-timeout", "100ms").start()) {
      eventually(
          BOUND,
          () -> {
            assertThat(recorder.of(0)).hasSizeGreaterThan(2);
            assertThat(recorder.of(1)).hasSizeGreaterThan(2);
          });
      int moved;
      try (WeldApp second = first.startAnother(Elsewhere.class)) {
        eventually(
            BOUND,
            () -> {
              assertThat(assigned(second)).isEqualTo(1);
              assertThat(second.get(Elsewhere.class).attempts()).startsWith(1, 2);
            });
        moved = state(second).partitions().get(0).partition();
      }
      int before = recorder.of(moved).size();

      eventually(BOUND, () -> assertThat(recorder.of(moved)).hasSizeGreaterThan(before));
      List<Integer> attempts = attempts(recorder, moved);
      assertThat(attempts).isEqualTo(IntStream.rangeClosed(1, attempts.size()).boxed().toList());
    }
  }

  @Test
  void attempts_go_on_when_the_partition_was_lost() {
    Topic topic = broker.newTopic("expelled", 1);
    topic.sendAll(0, Apps.values(5));
    Recorder recorder = new Recorder().failing(0, 3, Integer.MAX_VALUE);

    try (WeldApp app =
        nodes(topic, recorder).and(IN + "pause-timeout", "100ms").beans(Losses.class).start()) {
      eventually(BOUND, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L)));
      expelEverybody(topic);
      eventually(BOUND, () -> assertThat(app.get(Losses.class).count()).isEqualTo(1));
      int before = recorder.all().size();

      eventually(BOUND, () -> assertThat(recorder.all()).hasSizeGreaterThan(before + 1));
      List<Integer> attempts = attempts(recorder, 0);
      assertThat(attempts.subList(3, attempts.size())).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void what_was_done_of_a_lost_partition_is_not_committed() {
    Topic topic = broker.newTopic("lost", 2);
    topic.sendAll(0, Apps.values(5));
    topic.sendAll(1, Apps.values(5));
    Recorder recorder = new Recorder();

    try (WeldApp app =
        nodes(topic, recorder)
            .and(IN + "auto.commit.interval.ms", "3600000")
            .beans(Losses.class)
            .start()) {
      eventually(BOUND, () -> assertThat(recorder.all()).hasSize(10));
      expelEverybody(topic);

      eventually(BOUND, () -> assertThat(app.get(Losses.class).count()).isEqualTo(2));
      eventually(BOUND, () -> assertThat(recorder.all()).hasSize(20));
      assertThat(topic.committed(topic.name())).isEmpty();
      for (int partition = 0; partition < 2; partition++) {
        assertThat(recorder.offsets(partition))
            .containsExactly(0L, 1L, 2L, 3L, 4L, 0L, 1L, 2L, 3L, 4L);
      }
    }
    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 5L, 1, 5L));
  }

  /** As the group does with members it takes for gone. */
  private void expelEverybody(Topic topic) {
    try {
      broker
          .admin()
          .removeMembersFromConsumerGroup(topic.name(), new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<Integer> attempts(Recorder recorder, int partition) {
    return recorder.of(partition).stream().map(Recorder.Seen::attempt).toList();
  }

  private static void sendToAll(Topic topic, int records) {
    for (int partition = 0; partition < 4; partition++) {
      topic.sendAll(partition, Apps.values(records));
    }
  }

  private static int assigned(WeldApp app) {
    return state(app).partitions().size();
  }

  private static ChannelState state(WeldApp app) {
    return app.get(Channels.class).state("in");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A node where every record fails, and which notes for itself. */
  @ApplicationScoped
  static class Elsewhere {
    @Inject Delivery delivery;
    private final List<Integer> attempts = new CopyOnWriteArrayList<>();

    @Incoming("in")
    void take(String value) {
      attempts.add(delivery.attempt());
      throw new IllegalStateException("poison here, too");
    }

    List<Integer> attempts() {
      return List.copyOf(attempts);
    }
  }

  /** Counts partitions that were lost. */
  @ApplicationScoped
  static class Losses implements ChannelListener {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void lost(String channel, Collection<TopicPartition> partitions) {
      count.addAndGet(partitions.size());
    }

    int count() {
      return count.get();
    }
  }
}
