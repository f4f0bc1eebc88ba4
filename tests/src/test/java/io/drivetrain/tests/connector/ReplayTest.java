package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.readingRecords;
import static io.drivetrain.tests.connector.Apps.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.DeadLetter;
import io.drivetrain.connector.DeadLetters;
import io.drivetrain.connector.Replay;
import io.drivetrain.connector.ReplayRequest;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

@UseKafka
class ReplayTest {
  private static final byte[] BYTES = {0, -1, 127, -128};

  /** On a slow machine the usual 30 s could end one early. */
  private static final ReplayRequest ALL = ReplayRequest.all().timeout(Duration.ofMinutes(5));

  private final KafkaBroker broker;

  /** Values that fail. */
  private final Set<Object> poison = ConcurrentHashMap.newKeySet();

  private final Recorder recorder =
      new Recorder()
          .behaving(
              seen -> {
                if (poison.contains(seen.value())) {
                  throw new Recorder.Poison(seen);
                }
              });

  ReplayTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private WeldApp.Builder app(Topic topic, Topic dead) {
    return readingRecords(broker, topic, recorder)
        .and(IN + "failure-strategy", "dead-letter-queue")
        .and(IN + "dead-letter-queue.topic", dead.name());
  }

  private static Replay replay(WeldApp app, ReplayRequest request) {
    return app.get(DeadLetters.class).replay("in", request);
  }

  private static Replay replay(WeldApp app) {
    return replay(app, ALL);
  }

  private static Replay nothing() {
    return new Replay(0, 0, List.of(), 0, 0, Optional.empty());
  }

  private static void assertReplayed(Replay replay, int replayed, int refused, long remaining) {
    assertThat(replay.problem()).isEmpty();
    assertThat(List.of((long) replay.replayed(), (long) replay.refused(), replay.remaining()))
        .as("replayed, refused, remaining in " + replay)
        .containsExactly((long) replayed, (long) refused, remaining);
  }

  @Test
  void a_record_comes_back_to_its_place_byte_for_byte_and_is_processed() {
    Topic topic = broker.newTopic("replay", 3);
    Topic dead = broker.newTopic("letters", 2);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic.name(), 2, 1_000_000L, BYTES, "bad".getBytes(UTF_8));
    record.headers().add("own", BYTES).add("empty", null);
    topic.send(record);
    poison.add("bad");

    try (WeldApp app = app(topic, dead).start()) {
      eventually(() -> assertThat(dead.values()).hasSize(1));
      poison.clear();
      long before = System.currentTimeMillis();

      assertReplayed(replay(app), 1, 0, 0);

      eventually(() -> assertThat(recorder.offsets(2)).containsExactly(0L, 1L));
      ConsumerRecord<byte[], byte[]> back = topic.rawRecords().get(1);
      assertThat(back.partition()).isEqualTo(2);
      assertThat(back.timestamp()).isGreaterThanOrEqualTo(before);
      assertThat(back.key()).isEqualTo(BYTES);
      assertThat(back.value()).isEqualTo("bad".getBytes(UTF_8));
      assertThat(back.headers().toArray())
          .containsExactly(
              new RecordHeaders()
                  .add("own", BYTES)
                  .add("empty", null)
                  .add("dead-letter-replays", "1".getBytes(UTF_8))
                  .toArray());
      assertThat(replay(app)).isEqualTo(nothing());
    }
  }

  @Test
  void a_second_call_goes_on_where_the_first_ended_also_after_a_restart() {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, values(10));
    poison.addAll(values(10));
    WeldApp.Builder application = app(topic, dead);

    try (WeldApp app = application.start()) {
      eventually(() -> assertThat(dead.values()).hasSize(10));
      poison.clear();
      assertReplayed(replay(app, ALL.limit(4)), 4, 0, 6);
      assertReplayed(replay(app, ALL.limit(1)), 1, 0, 5);
    }
    try (WeldApp app = application.start()) {
      assertReplayed(replay(app), 5, 0, 0);
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 20L)));
    }

    assertThat(topic.values().subList(10, 20)).isEqualTo(values(10));
  }

  @Test
  void a_record_that_dies_again_is_replayed_by_the_next_call_and_at_last_refused() {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, List.of("bad"));
    poison.add("bad");

    try (WeldApp app = app(topic, dead).start()) {
      for (int deaths = 1; deaths <= 3; deaths++) {
        int letters = deaths;
        eventually(() -> assertThat(dead.values()).hasSize(letters));
        assertReplayed(replay(app), 1, 0, 0);
      }
      eventually(() -> assertThat(dead.values()).hasSize(4));

      Replay refused = replay(app);

      assertReplayed(refused, 0, 1, 0);
      assertThat(refused.refusals())
          .containsExactly(
              new Replay.Refusal(
                  0, 3, "it was replayed 3 times and died again, and 3 is the most"));
      assertThat(topic.values()).hasSize(4);
      assertThat(replay(app)).isEqualTo(nothing());

      poison.clear();
      assertReplayed(replay(app, ALL.maxReplays(9).only(0, 3)), 1, 0, 0);
      eventually(() -> assertThat(recorder.offsets(0)).endsWith(4L));
    }
  }

  @Test
  void letters_that_arrive_during_a_replay_belong_to_the_next() {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, values(200));
    poison.addAll(values(200));

    try (WeldApp app = app(topic, dead).start()) {
      eventually(() -> assertThat(dead.values()).hasSize(200));

      // Each dies again within milliseconds, most of them before the call ends.
      assertReplayed(replay(app), 200, 0, 0);

      eventually(() -> assertThat(dead.values()).hasSize(400));
      assertThat(topic.values()).hasSize(400);
    }
  }

  @Test
  void letters_of_one_key_come_back_in_their_order() {
    Topic topic = broker.newTopic("replay", 3);
    Topic dead = broker.newTopic("letters", 4);
    for (int i = 0; i < 40; i++) {
      topic.send("key" + i % 5, "v" + i);
    }
    poison.addAll(values(40));

    try (WeldApp app = app(topic, dead).start()) {
      eventually(() -> assertThat(dead.values()).hasSize(40));
      poison.clear();
      assertReplayed(replay(app), 40, 0, 0);
    }

    List<ConsumerRecord<String, String>> records = topic.records();
    for (int key = 0; key < 5; key++) {
      String name = "key" + key;
      List<String> ofKey =
          records.stream()
              .filter(record -> record.key().equals(name))
              .map(ConsumerRecord::value)
              .toList();
      assertThat(ofKey).hasSize(16);
      assertThat(ofKey.subList(8, 16)).isEqualTo(ofKey.subList(0, 8));
    }
  }

  @Test
  void what_is_no_letter_of_the_channel_is_refused_or_passed_over_and_stays() {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 1);
    Topic payroll = broker.newTopic("payroll", 1);
    dead.send("k", "no letter");
    dead.send("k", "forged", Map.of("dead-letter-topic", payroll.name()));
    dead.send(
        "k", "foreign", Map.of("dead-letter-topic", topic.name(), "dead-letter-group", "other"));
    dead.send(
        "k", "smallrye's", Map.of("dead-letter-topic", topic.name(), "dead-letter-partition", "7"));

    try (WeldApp app = app(topic, dead).start()) {
      Replay replay = replay(app);

      assertReplayed(replay, 1, 2, 0);
      assertThat(replay.others()).isEqualTo(1);
      assertThat(replay.refusals()).extracting(Replay.Refusal::offset).containsExactly(0L, 1L);
      assertThat(topic.values()).containsExactly("smallrye's");
      assertThat(payroll.values()).isEmpty();
      assertThat(dead.values()).hasSize(4);
    }
  }

  @Test
  void a_letter_that_its_topic_no_longer_takes_is_refused_and_the_next_follows() {
    Topic topic =
        broker.topic("replay-small-" + System.nanoTime(), 1, Map.of("max.message.bytes", "500"));
    Topic dead = broker.newTopic("letters", 1);
    Map<String, String> headers = Map.of("dead-letter-topic", topic.name());
    dead.send("k", "x".repeat(1_000), headers);
    dead.send("k", "small", headers);

    try (WeldApp app = app(topic, dead).start()) {
      Replay replay = replay(app);

      assertReplayed(replay, 1, 1, 0);
      assertThat(replay.refusals().get(0).reason()).startsWith("Kafka refused it: ");
      assertThat(topic.values()).containsExactly("small");
    }
  }

  @Test
  void peeking_shows_the_next_letters_and_moves_nothing() {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 3);
    topic.sendAll(0, values(4));
    poison.addAll(values(4));

    try (WeldApp app = app(topic, dead).start()) {
      DeadLetters letters = app.get(DeadLetters.class);
      assertThat(letters.topic("in")).isEqualTo(dead.name());
      assertThat(letters.peek("in", 10).size()).isLessThanOrEqualTo(4);
      eventually(() -> assertThat(letters.peek("in", 10)).hasSize(4));
      assertThat(letters.peek("in", 3)).hasSize(3);
      DeadLetter first = letters.peek("in", 1).get(0);
      assertThat(first.topic()).contains(topic.name());
      assertThat(first.partition()).hasValue(0);
      assertThat(first.reason().orElseThrow()).startsWith("poison in 0 at ");
      assertThat(first.attempts()).isEqualTo(1);

      assertReplayed(replay(app, ALL.limit(3)), 3, 0, 1);
      eventually(() -> assertThat(dead.values()).hasSize(7));
      assertThat(letters.peek("in", 10)).hasSize(4);
    }
  }

  @Test
  void a_channel_that_only_pauses_can_replay_what_it_gave_up_before() {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, values(1));
    poison.add("v0");
    try (WeldApp app = app(topic, dead).start()) {
      eventually(() -> assertThat(dead.values()).hasSize(1));
    }
    poison.clear();

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "dead-letter-queue.topic", dead.name())
            .start()) {
      assertReplayed(replay(app), 1, 0, 0);
    }
  }

  @Test
  void an_unknown_channel_and_a_topic_that_is_not_there_are_told() {
    Topic topic = broker.newTopic("replay", 1);

    try (WeldApp app = app(topic, broker.existingTopic("there-is-none")).start()) {
      DeadLetters letters = app.get(DeadLetters.class);
      assertThatThrownBy(() -> letters.replay("inn"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("inn");
      assertThat(letters.replay("in").problem().orElseThrow())
          .contains("there is no topic there-is-none");
      assertThatThrownBy(() -> letters.peek("in", 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("there is no topic there-is-none");
      assertThatThrownBy(() -> letters.peek("in", 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("max is 0");
    }
  }

  @Test
  void a_topic_of_origin_that_is_gone_refuses_its_letters() {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 1);
    String other = topic.name() + "-gone";
    dead.send("k", "v", Map.of("dead-letter-topic", other));

    try (WeldApp app =
        app(topic, dead)
            .and(IN + "topic", "")
            .and(IN + "topics", topic.name() + "," + other)
            .start()) {
      Replay replay = replay(app);

      assertReplayed(replay, 0, 1, 0);
      assertThat(replay.refusals().get(0).reason()).isEqualTo("there is no topic " + other);
    }
  }

  @Test
  void an_interrupt_ends_a_replay_and_stays_set() {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 1);
    dead.send("k", "v", Map.of("dead-letter-topic", topic.name()));

    try (WeldApp app = app(topic, dead).start()) {
      Thread.currentThread().interrupt();
      Replay interrupted = replay(app);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(interrupted.problem()).contains("it was interrupted");
      assertThat(interrupted.replayed()).isZero();
      assertReplayed(replay(app), 1, 0, 0);
    }
  }

  @Test
  void a_replay_without_its_brokers_ends_when_its_time_is_over() {
    Topic topic = broker.newTopic("replay", 1);

    try (WeldApp app =
        app(topic, broker.existingTopic("dead"))
            .and(IN + "dead-letter-queue.bootstrap.servers", "127.0.0.1:1")
            .start()) {
      Replay replay = replay(app, ALL.timeout(Duration.ofMillis(500)));

      assertThat(replay.replayed()).isZero();
      assertThat(replay.problem()).isPresent();
    }
  }

  @Test
  void letters_stay_next_while_the_brokers_of_their_origin_are_away() {
    Topic dead = broker.newTopic("letters", 1);
    dead.send("k", "first", Map.of("dead-letter-topic", "origin"));
    dead.send("k", "second", Map.of("dead-letter-topic", "origin"));

    try (KafkaBroker away = KafkaBroker.create();
        WeldApp app =
            app(away.existingTopic("origin"), dead)
                .and(IN + "bootstrap.servers", away.bootstrapServers())
                .and(IN + "dead-letter-queue.bootstrap.servers", broker.bootstrapServers())
                .start()) {
      Replay failed = replay(app, ALL.timeout(Duration.ofSeconds(2)));

      assertThat(failed.problem()).isPresent();
      assertThat(failed.replayed()).isZero();
      assertThat(failed.remaining()).isEqualTo(2);

      away.start();
      Topic origin = away.topic("origin", 1);
      eventually(() -> assertThat(replay(app).remaining()).isZero());
      assertThat(origin.values()).containsExactly("first", "second");
    }
  }

  @Test
  void two_nodes_that_replay_at_once_share_the_letters() throws Exception {
    Topic topic = broker.newTopic("replay", 1);
    Topic dead = broker.newTopic("letters", 4);
    for (int i = 0; i < 100; i++) {
      dead.send("k" + i, "v" + i, Map.of("dead-letter-topic", topic.name()));
    }

    try (WeldApp app = app(topic, dead).start();
        WeldApp other = app.startAnother(Apps.Records.class)) {
      CompletableFuture<Replay> second = CompletableFuture.supplyAsync(() -> replay(other));
      Replay first = replay(app);

      assertThat(first.problem()).isEmpty();
      assertThat(second.get(5, TimeUnit.MINUTES).problem()).isEmpty();
      assertThat(first.replayed() + second.get().replayed()).isEqualTo(100);
      assertThat(replay(app)).isEqualTo(nothing());
      assertThat(topic.values()).containsExactlyInAnyOrderElementsOf(values(100));
    }
  }
}
