package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.reading;
import static io.drivetrain.tests.connector.Apps.readingBatches;
import static io.drivetrain.tests.connector.Apps.readingRecords;
import static io.drivetrain.tests.connector.Apps.values;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

@UseKafka
class DeadLettersTest {
  private static final byte[] BYTES = {0, -1, 127, -128};

  private final KafkaBroker broker;

  DeadLettersTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private static WeldApp.Builder withDeadLetters(WeldApp.Builder app, Topic dead) {
    return app.and(IN + "failure-strategy", "dead-letter-queue")
        .and(IN + "dead-letter-queue.topic", dead.name())
        .and(IN + "pause-timeout", "50ms");
  }

  private static String header(ConsumerRecord<?, ?> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  private static List<String> origins(Topic dead) {
    return dead.records().stream()
        .map(
            letter ->
                header(letter, "dead-letter-partition")
                    + "@"
                    + header(letter, "dead-letter-offset"))
        .toList();
  }

  @Test
  void a_record_that_fails_goes_to_the_dead_letter_topic_and_the_next_follows() {
    Topic topic = broker.newTopic("dead", 2);
    Topic dead = broker.newTopic("letters", 2);
    long before = System.currentTimeMillis();
    ProducerRecord<byte[], byte[]> poison =
        new ProducerRecord<>(topic.name(), 1, 1_000_000L, BYTES, BYTES);
    poison.headers().add("own", BYTES).add("empty", null).add("own", new byte[0]);
    topic.send(poison);
    topic.sendAll(1, List.of("after"));
    Recorder recorder = new Recorder().failing(1, 0, Integer.MAX_VALUE);

    try (WeldApp app =
        withDeadLetters(readingRecords(broker, topic, recorder), dead).beans(Heard.class).start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).containsEntry(1, 2L));
      assertThat(recorder.offsets(1)).containsExactly(0L, 1L);
      assertThat(app.get(Heard.class).events())
          .containsExactly("0 to " + dead.name() + ": poison in 1 at 0");
    }

    ConsumerRecord<byte[], byte[]> letter = dead.rawRecords().get(0);
    assertThat(letter.key()).isEqualTo(BYTES);
    assertThat(letter.value()).isEqualTo(BYTES);
    assertThat(letter.timestamp())
        .as("the retention of letters counts from now")
        .isGreaterThanOrEqualTo(before);
    Header[] headers = letter.headers().toArray();
    assertThat(headers[0].key()).isEqualTo("own");
    assertThat(headers[0].value()).isEqualTo(BYTES);
    assertThat(headers[1].key()).isEqualTo("empty");
    assertThat(headers[1].value()).isNull();
    assertThat(headers[2].key()).isEqualTo("own");
    assertThat(headers[2].value()).isEmpty();
    assertThat(header(letter, "dead-letter-reason")).isEqualTo("poison in 1 at 0");
    assertThat(header(letter, "dead-letter-exception-class-name"))
        .isEqualTo(Recorder.Poison.class.getName());
    assertThat(header(letter, "dead-letter-cause")).isNull();
    assertThat(header(letter, "dead-letter-topic")).isEqualTo(topic.name());
    assertThat(header(letter, "dead-letter-partition")).isEqualTo("1");
    assertThat(header(letter, "dead-letter-offset")).isEqualTo("0");
    assertThat(header(letter, "dead-letter-timestamp")).isEqualTo("1000000");
    assertThat(header(letter, "dead-letter-attempts")).isEqualTo("1");
    assertThat(header(letter, "dead-letter-channel")).isEqualTo("in");
    assertThat(header(letter, "dead-letter-group")).isEqualTo(topic.name());
  }

  @Test
  void the_topic_is_named_after_the_channel_unless_it_is_set() {
    Topic topic = broker.newTopic("dead", 1);
    Topic dead = broker.topic("dead-letter-topic-in", 1);
    topic.sendAll(0, values(1));

    try (WeldApp app =
        readingRecords(broker, topic, new Recorder().failing(0, 0, Integer.MAX_VALUE))
            .and(IN + "failure-strategy", "dead-letter-queue")
            .start()) {
      eventually(() -> assertThat(dead.values()).containsExactly("v0"));
    } finally {
      dead.delete();
    }
  }

  @Test
  void it_pauses_until_the_attempts_are_used_up() {
    Topic topic = broker.newTopic("dead", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, values(3));
    Recorder recorder = new Recorder().failing(0, 1, Integer.MAX_VALUE);

    try (WeldApp app =
        withDeadLetters(readingRecords(broker, topic, recorder), dead)
            .and(IN + "max-attempts", "3")
            .start()) {
      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L, 1L, 1L, 1L, 2L));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L)));
    }

    assertThat(dead.values()).containsExactly("v1");
    assertThat(header(dead.records().get(0), "dead-letter-attempts")).isEqualTo("3");
  }

  @Test
  void a_class_to_dead_letter_on_uses_up_no_attempts() {
    Topic topic = broker.newTopic("dead", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, values(3));
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  if (seen.firstOffset() == 0) {
                    throw new NumberFormatException("no number");
                  } else if (seen.firstOffset() == 1) {
                    throw new Recorder.Poison(seen);
                  }
                });

    try (WeldApp app =
        withDeadLetters(readingRecords(broker, topic, recorder), dead)
            .and(IN + "max-attempts", "2")
            .and(IN + "dead-letter-on", "java.lang.IllegalArgumentException")
            .start()) {
      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L, 1L, 1L, 2L));
    }

    assertThat(dead.values()).containsExactly("v0", "v1");
  }

  @Test
  void a_record_that_cannot_be_decoded_keeps_its_bytes() {
    Topic topic = broker.newTopic("dead", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.send(new ProducerRecord<>(topic.name(), 0, null, BYTES));
    topic.tombstone("k");
    topic.sendAll(0, List.of("7"));
    Recorder recorder = new Recorder();

    try (WeldApp app =
        withDeadLetters(reading(broker, topic), dead)
            .beans(Numbers.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(recorder.values()).containsExactly(7));
    }

    List<ConsumerRecord<byte[], byte[]>> letters = dead.rawRecords();
    assertThat(letters.get(0).key()).isNull();
    assertThat(letters.get(0).value()).isEqualTo(BYTES);
    assertThat(letters.get(1).value()).isNull();
    assertThat(letters)
        .allSatisfy(
            letter ->
                assertThat(header(letter, "dead-letter-exception-class-name"))
                    .isEqualTo("io.drivetrain.connector.UndecodableException"));
  }

  @Test
  void letters_of_one_key_stay_in_order() {
    Topic topic = broker.newTopic("dead", 4);
    Topic dead = broker.newTopic("letters", 3);
    for (int i = 0; i < 60; i++) {
      topic.send("key" + i % 6, "v" + i);
    }
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  throw new Recorder.Poison(seen);
                });

    try (WeldApp app = withDeadLetters(readingRecords(broker, topic, recorder), dead).start()) {
      eventually(() -> assertThat(dead.values()).hasSize(60));
    }

    for (int key = 0; key < 6; key++) {
      String name = "key" + key;
      assertThat(dead.records().stream().filter(letter -> letter.key().equals(name)))
          .extracting(ConsumerRecord::value)
          .containsExactly(
              "v" + key,
              "v" + (key + 6),
              "v" + (key + 12),
              "v" + (key + 18),
              "v" + (key + 24),
              "v" + (key + 30),
              "v" + (key + 36),
              "v" + (key + 42),
              "v" + (key + 48),
              "v" + (key + 54));
    }
  }

  @Test
  void of_a_batch_the_record_it_names_dies_alone() {
    Topic topic = broker.newTopic("dead", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, values(6));
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  List<?> batch = (List<?>) seen.value();
                  int bad = batch.contains("v1") ? batch.indexOf("v1") : batch.indexOf("v4");
                  if (bad >= 0) {
                    throw BatchFailure.at(bad, new Recorder.Poison(seen));
                  }
                });

    try (WeldApp app =
        withDeadLetters(readingBatches(broker, topic, recorder), dead)
            .and(IN + "max-attempts", "2")
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 6L)));
    }

    assertThat(origins(dead)).containsExactly("0@1", "0@4");
    assertThat(dead.records())
        .extracting(letter -> header(letter, "dead-letter-attempts"))
        .containsOnly("2");
  }

  @Test
  void a_batch_that_names_no_record_dies_whole() {
    Topic topic = broker.newTopic("dead", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, values(7));
    Recorder recorder = new Recorder().failing(0, 1, Integer.MAX_VALUE);

    try (WeldApp app =
        withDeadLetters(readingBatches(broker, topic, recorder), dead)
            .and(IN + "batch-size", "3", IN + "batch-wait", "10m")
            .start()) {
      eventually(() -> assertThat(dead.values()).containsExactly("v0", "v1", "v2"));
      topic.sendAll(0, List.of("v7", "v8"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 9L)));
    }

    assertThat(dead.values()).containsExactly("v0", "v1", "v2");
  }

  @Test
  void a_record_too_large_for_the_dead_letter_topic_waits_until_there_is_room() throws Exception {
    Topic topic = broker.newTopic("dead", 2);
    Topic dead = broker.topic(topic.name() + "-letters", 1, Map.of("max.message.bytes", "1000"));
    String large = "x".repeat(2_000);
    topic.sendAll(0, List.of("a", large, "b"));
    topic.sendAll(1, values(20));
    Recorder recorder = new Recorder().failing(0, 1, Integer.MAX_VALUE);

    try (WeldApp app = withDeadLetters(readingRecords(broker, topic, recorder), dead).start()) {
      eventually(() -> assertThat(recorder.offsets(1)).isEqualTo(Recorder.range(0, 20)));
      eventually(() -> assertThat(recorder.offsets(0)).startsWith(0L, 1L, 1L));
      eventually(
          () ->
              assertThat(Apps.partition(app, topic, 0).pause().orElseThrow().failure())
                  .contains("poison in 0 at 1")
                  .contains(dead.name())
                  .contains("RecordTooLargeException"));
      assertThat(recorder.offsets(0)).doesNotContain(2L);
      eventually(() -> assertThat(topic.committed(topic.name())).containsEntry(0, 1L));

      broker
          .admin()
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, dead.name()),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", "100000"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();

      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L, 1, 20L)));
    }

    assertThat(dead.values()).containsExactly(large);
    assertThat(recorder.offsets(0)).endsWith(1L, 2L);
  }

  @Test
  void a_record_too_large_for_the_producer_is_never_lost() {
    Topic topic = broker.newTopic("dead", 1);
    Topic dead = broker.newTopic("letters", 1);
    topic.sendAll(0, values(2));
    Recorder recorder = new Recorder().failing(0, 0, 3);

    try (WeldApp app =
        withDeadLetters(readingRecords(broker, topic, recorder), dead)
            .and(IN + "dead-letter-queue.max.request.size", "100")
            .start()) {
      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L, 0L, 0L, 0L, 1L));
    }

    assertThat(dead.values()).isEmpty();
  }

  @Test
  void dead_letters_wait_for_brokers_of_their_own_and_other_partitions_do_not() {
    Topic topic = broker.newTopic("dead", 2);
    topic.sendAll(0, values(3));
    topic.sendAll(1, values(20));
    Recorder recorder = new Recorder().failing(0, 1, Integer.MAX_VALUE);

    try (KafkaBroker other = KafkaBroker.create();
        WeldApp app =
            withDeadLetters(readingRecords(broker, topic, recorder), other.existingTopic("dead"))
                .and(IN + "dead-letter-queue.bootstrap.servers", other.bootstrapServers())
                .and(IN + "dead-letter-queue.max.block.ms", "200")
                .and(IN + "dead-letter-queue.delivery.timeout.ms", "2000")
                .and(IN + "dead-letter-queue.reconnect.backoff.max.ms", "200")
                .start()) {
      eventually(() -> assertThat(recorder.offsets(0)).startsWith(0L, 1L, 1L, 1L));
      eventually(() -> assertThat(recorder.offsets(1)).isEqualTo(Recorder.range(0, 20)));
      assertThat(recorder.offsets(0)).doesNotContain(2L);

      other.start();
      Topic dead = other.topic("dead", 1);

      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L, 1, 20L)));
      assertThat(dead.values()).contains("v1").containsOnly("v1");
      assertThat(recorder.offsets(0)).endsWith(1L, 2L);
    }
  }

  @Test
  void an_application_stops_while_a_dead_letter_waits_for_its_broker() {
    Topic topic = broker.newTopic("dead", 1);
    topic.sendAll(0, values(1));
    Recorder recorder = new Recorder().failing(0, 0, Integer.MAX_VALUE);
    WeldApp app =
        withDeadLetters(
                readingRecords(broker, topic, recorder), broker.existingTopic("there-is-none"))
            .and(IN + "dead-letter-queue.max.block.ms", "600000")
            .and(IN + "close-timeout", "100ms")
            .start();
    try {
      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L));
    } finally {
      app.close();
    }

    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("drivetrain-")))
        .isEmpty();
    assertThat(topic.committed(topic.name())).isEmpty();
  }

  @ApplicationScoped
  static class Numbers {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(Integer number) {
      recorder.note(delivery, number);
    }
  }

  @ApplicationScoped
  static class Heard implements ChannelListener {
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void deadLettered(Delivery delivery, Throwable failure, String topic) {
      events.add(delivery.firstOffset() + " to " + topic + ": " + failure.getMessage());
    }

    List<String> events() {
      return events;
    }
  }
}
