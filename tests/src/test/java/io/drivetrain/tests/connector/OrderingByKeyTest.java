package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.partition;
import static io.drivetrain.tests.connector.Apps.readingBatches;
import static io.drivetrain.tests.connector.Apps.readingRecords;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records are written as their key and a number: {@code a0}, {@code b0}, {@code a1} … */
@UseKafka
class OrderingByKeyTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final KafkaBroker broker;

  OrderingByKeyTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private static WeldApp.Builder byKey(WeldApp.Builder app) {
    return app.and(IN + "ordering", "key", IN + "concurrency", "3", IN + "pause-timeout", "1h");
  }

  private static void send(Topic topic, int partition, String... values) {
    topic.sendAll(partition, OrderingByKeyTest::key, List.of(values));
  }

  private static String key(Object value) {
    return value.toString().substring(0, 1);
  }

  /** As many records of each key, in turns. */
  private static String[] inTurns(int each, String... keys) {
    return IntStream.range(0, each)
        .boxed()
        .flatMap(i -> List.of(keys).stream().map(key -> key + i))
        .toArray(String[]::new);
  }

  private static List<String> ofKey(Recorder recorder, String key) {
    return recorder.values().stream()
        .map(Object::toString)
        .filter(value -> key(value).equals(key))
        .toList();
  }

  private static Recorder failingAt(String value) {
    return new Recorder()
        .behaving(
            seen -> {
              if (seen.value().equals(value)) {
                throw new Recorder.Poison(seen);
              }
            });
  }

  @Test
  void different_keys_of_a_partition_are_processed_at_the_same_time_and_each_in_order() {
    Topic topic = broker.newTopic("keys", 1);
    send(topic, 0, inTurns(20, "a", "b", "c"));
    // Nobody gets past the latch until three deliveries are open at once.
    CountDownLatch together = new CountDownLatch(3);
    Set<String> open = ConcurrentHashMap.newKeySet();
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          assertThat(open.add(key(seen.value()))).as("one delivery per key").isTrue();
          together.countDown();
          await(together);
          open.remove(key(seen.value()));
        });

    try (WeldApp app = byKey(readingRecords(broker, topic, recorder)).start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 60L)));
    }

    for (String key : List.of("a", "b", "c")) {
      assertThat(ofKey(recorder, key)).containsExactly(inTurns(20, key));
    }
  }

  @Test
  void a_failing_record_holds_up_its_key_alone_and_comes_first_when_it_is_resumed() {
    Topic topic = broker.newTopic("keys", 1);
    send(topic, 0, inTurns(10, "a", "b", "c"));
    Recorder recorder = failingAt("a2");

    try (WeldApp app = byKey(readingRecords(broker, topic, recorder)).start()) {
      eventually(
          () -> {
            assertThat(ofKey(recorder, "b")).containsExactly(inTurns(10, "b"));
            assertThat(ofKey(recorder, "c")).containsExactly(inTurns(10, "c"));
          });
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 6L)));
      assertThat(ofKey(recorder, "a")).containsExactly("a0", "a1", "a2");
      PartitionState state = partition(app, topic, 0);
      assertThat(state.pauses()).extracting(PartitionState.Pause::offset).containsExactly(6L);
      assertThat(state.ahead()).isEqualTo(16);
      send(topic, 0, "b10", "a10");
      eventually(() -> assertThat(ofKey(recorder, "b")).contains("b10"));

      recorder.heal();
      app.get(Channels.class).resume("in", topic.name(), 0);

      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 32L)));
    }

    assertThat(ofKey(recorder, "a").subList(3, 12))
        .containsExactly("a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10");
    assertThat(recorder.all()).hasSize(33);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void a_restart_repeats_nothing_that_was_done_ahead_of_the_blocked_key(String protocol) {
    Topic topic = broker.newTopic("keys", 1);
    send(topic, 0, inTurns(30, "a", "b", "c"));
    Recorder recorder = failingAt("a1");
    try (WeldApp app =
        byKey(readingRecords(broker, topic, recorder))
            .and(IN + "group.protocol", protocol)
            .start()) {
      eventually(() -> assertThat(ofKey(recorder, "b")).hasSize(30));
      eventually(() -> assertThat(ofKey(recorder, "c")).hasSize(30));
    }
    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L));
    Recorder afterwards = new Recorder();

    try (WeldApp app =
        byKey(readingRecords(broker, topic, afterwards))
            .and(IN + "group.protocol", protocol)
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 90L)));
    }

    assertThat(afterwards.values())
        .containsExactlyElementsOf(List.of(inTurns(30, "a")).subList(1, 30));
  }

  @Test
  void what_was_done_ahead_of_a_blocked_key_is_known_to_the_node_that_takes_over() {
    Topic topic = broker.newTopic("keys", 2);
    for (int partition = 0; partition < 2; partition++) {
      send(topic, partition, inTurns(10, "a", "b"));
    }
    Recorder recorder = failingAt("a3");

    try (WeldApp first =
        byKey(readingRecords(broker, topic, recorder)).and(Apps.QUICK_HEARTBEATS).start()) {
      eventually(() -> assertThat(ofKey(recorder, "b")).hasSize(20));
      try (WeldApp second = first.startAnother(Apps.Records.class)) {
        // The node that takes a partition over tries the record that blocks it.
        eventually(BOUND, () -> assertThat(ofKey(recorder, "a")).hasSize(9));
      }
      eventually(
          BOUND, () -> assertThat(first.get(Channels.class).state("in").partitions()).hasSize(2));
      recorder.heal();
      eventually(() -> assertThat(pausesOfAll(first)).isEqualTo(2));
      first.get(Channels.class).resume("in", topic.name(), 0);
      first.get(Channels.class).resume("in", topic.name(), 1);
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 20L, 1, 20L)));
    }

    assertThat(ofKey(recorder, "b")).hasSize(20);
  }

  private static int pausesOfAll(WeldApp app) {
    return app.get(Channels.class).state("in").partitions().stream()
        .mapToInt(PartitionState::failing)
        .sum();
  }

  @Test
  void one_worker_keeps_other_keys_going_too() {
    Topic topic = broker.newTopic("keys", 1);
    send(topic, 0, inTurns(5, "a", "b"));
    Recorder recorder = failingAt("a0");

    try (WeldApp app =
        byKey(readingRecords(broker, topic, recorder)).and(IN + "concurrency", "1").start()) {
      eventually(() -> assertThat(ofKey(recorder, "b")).containsExactly(inTurns(5, "b")));
      assertThat(ofKey(recorder, "a")).containsExactly("a0");
    }
  }

  @Test
  void records_without_a_key_are_in_order_among_themselves() {
    Topic topic = broker.newTopic("keys", 1);
    for (String value : inTurns(5, "-", "b")) {
      topic.send(0, key(value).equals("-") ? null : "b", value);
    }
    Recorder recorder = failingAt("-1");

    try (WeldApp app = byKey(readingRecords(broker, topic, recorder)).start()) {
      eventually(() -> assertThat(ofKey(recorder, "b")).hasSize(5));
      eventually(() -> assertThat(partition(app, topic, 0).failing()).isEqualTo(1));
      recorder.heal();
      app.get(Channels.class).resume("in", topic.name(), 0);
      eventually(
          () ->
              assertThat(ofKey(recorder, "-")).containsExactly("-0", "-1", "-1", "-2", "-3", "-4"));
    }
  }

  @Test
  void a_batch_holds_records_of_one_key() {
    Topic topic = broker.newTopic("keys", 1);
    send(topic, 0, inTurns(20, "a", "b", "c"));
    Recorder recorder = new Recorder();

    try (WeldApp app = byKey(readingBatches(broker, topic, recorder)).start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 60L)));
    }

    Map<String, List<Object>> byKey = new ConcurrentHashMap<>();
    for (Recorder.Seen seen : recorder.all()) {
      List<?> batch = (List<?>) seen.value();
      assertThat(batch.stream().map(OrderingByKeyTest::key).distinct()).hasSize(1);
      byKey.computeIfAbsent(key(batch.get(0)), key -> new ArrayList<>()).addAll(batch);
    }
    byKey.forEach((key, values) -> assertThat(values).containsExactly((Object[]) inTurns(20, key)));
  }

  @Test
  void a_key_that_stays_blocked_stops_the_fetching_before_memory_fills() {
    Topic topic = broker.newTopic("keys", 2);
    send(topic, 0, "a0");
    topic.sendAll(0, Apps.values(3_000));
    Recorder recorder = failingAt("a0");

    try (WeldApp app =
        byKey(readingRecords(broker, topic, recorder))
            .and(IN + "queue-records", "100", IN + "max.poll.records", "50")
            .start()) {
      eventually(
          () -> {
            assertThat(partition(app, topic, 0).ahead()).isGreaterThanOrEqualTo(99);
            assertThat(partition(app, topic, 0).queued()).isEqualTo(1);
          });
      // Another partition is still fetched.
      send(topic, 1, "z0");
      eventually(() -> assertThat(recorder.of(1)).hasSize(1));
      assertThat(recorder.of(0)).hasSizeLessThan(200);

      recorder.heal();
      app.get(Channels.class).resume("in", topic.name(), 0);
      eventually(
          () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3_001L, 1, 1L)));
    }
  }

  @Test
  void keys_that_fail_at_random_lose_nothing_and_stay_in_order() {
    Topic topic = broker.newTopic("keys", 2);
    String[] keys = {"a", "b", "c", "d", "e", "f", "g"};
    send(topic, 0, inTurns(60, keys));
    send(topic, 1, inTurns(60, keys));
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          // Every record of some hashes fails once or twice.
          if (seen.attempt() <= Math.abs((seen.value() + "-" + seen.partition()).hashCode() % 3)) {
            throw new Recorder.Poison(seen);
          }
        });

    try (WeldApp app =
        byKey(readingRecords(broker, topic, recorder)).and(IN + "pause-timeout", "5ms").start()) {
      eventually(
          BOUND,
          () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 420L, 1, 420L)));
    }

    for (int partition = 0; partition < 2; partition++) {
      for (String key : keys) {
        List<String> seen =
            recorder.of(partition).stream()
                .map(delivery -> delivery.value().toString())
                .filter(value -> key(value).equals(key))
                .toList();
        // Attempts at a record follow one another; then comes the next.
        assertThat(seen.stream().distinct()).containsExactly(inTurns(60, key));
        assertThat(seen.stream().map(value -> Integer.valueOf(value.substring(1)))).isSorted();
      }
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
