package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.LogLines;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to rows when Kafka or the database refuses them or is away. */
@UseKafka(own = true)
@UsePostgres(own = true)
class FailuresTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;

  FailuresTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    kafka.start();
    postgres.start();
    shop = Shop.on(postgres);
  }

  @AfterEach
  void close() {
    postgres.start();
    shop.close();
  }

  @Test
  void an_unknown_topic_holds_up_its_own_rows_only_and_flows_once_it_is_there() throws Exception {
    Topic good = kafka.newTopic("good", 1);
    String missing = good.name() + "-missing";
    OutboxNode node = shop.drain("n", kafka.bootstrapServers());

    publish(missing, "k", "m1");
    publish(good.name(), "k", "g1");
    publish(missing, "k", "m2");
    publish(good.name(), "k", "g2");

    eventually(() -> assertThat(good.values()).containsExactly("g1", "g2"));
    eventually(() -> assertThat(node.now().problem().orElse("")).contains("topic " + missing));
    assertThat(shop.waiting()).isEqualTo(2);

    Topic created = kafka.topic(missing, 1);

    eventually(LONG, () -> assertThat(created.values()).containsExactly("m1", "m2"));
    eventually(() -> assertThat(node.now().problem()).isEmpty());
  }

  @Test
  void a_record_too_large_for_its_topic_is_parked_and_its_key_goes_on() throws Exception {
    Topic small = kafka.topic("small-" + System.nanoTime(), 1, Map.of("max.message.bytes", "1000"));
    shop.drain("n", kafka.bootstrapServers());
    // lz4 must not make it fit.
    String large = incompressible(5_000);

    Jta.transaction(
        () -> {
          publishIn(small.name(), "k", "before");
          publishIn(small.name(), "k", large);
          publishIn(small.name(), "k", "after");
        });

    eventually(() -> assertThat(shop.parked()).isEqualTo(1));
    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(small.values()).containsExactly("before", "after");
    Map<String, Object> parked =
        postgres.rows(shop.database(), "select * from drivetrain.outbox_dead").get(0);
    assertThat(parked).containsEntry("reason", 1).containsEntry("topic", small.name());
    assertThat(parked.get("error").toString()).contains("RecordTooLarge");
    assertThat((byte[]) parked.get("payload")).isEqualTo(large.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_record_the_broker_refuses_takes_no_other_of_its_batch_with_it() throws Exception {
    Topic compacted =
        kafka.topic("compacted-" + System.nanoTime(), 1, Map.of("cleanup.policy", "compact"));
    shop.drain("n", kafka.bootstrapServers());

    Jta.transaction(
        () -> {
          publishIn(compacted.name(), "a", "a1");
          publishIn(compacted.name(), null, "no key");
          publishIn(compacted.name(), "b", "b1");
          publishIn(compacted.name(), "a", "a2");
        });

    eventually(LONG, () -> assertThat(shop.waiting()).isZero());
    assertThat(shop.parked()).isEqualTo(1);
    List<String> values = compacted.values();
    assertThat(values).contains("a1", "b1", "a2").doesNotContain("no key");
    assertThat(values.lastIndexOf("a2")).isGreaterThan(values.lastIndexOf("a1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 7})
  void what_is_refused_together_with_a_bad_record_is_not_overtaken(int batchSize) throws Exception {
    for (int i = 0; i < 3; i++) {
      Topic compacted =
          kafka.topic("first-" + System.nanoTime(), 1, Map.of("cleanup.policy", "compact"));
      List<String> expected = new ArrayList<>();
      Jta.transaction(
          () -> {
            publishIn(compacted.name(), "k", "1");
            publishIn(compacted.name(), null, "no key");
            expected.add("1");
            for (int value = 2; value < 40; value++) {
              publishIn(compacted.name(), "k", Integer.toString(value));
              expected.add(Integer.toString(value));
            }
          });
      // Requests of a few records, so that there is a next one when the first is refused; with
      // small batches it is of the next batch.
      OutboxNode node =
          shop.drain(
              Nodes.named("n" + i, kafka.bootstrapServers())
                  .batchSize(batchSize)
                  .producer("batch.size", 300)
                  .producer("compression.type", "none"));

      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      assertThat(firstOccurrences(compacted.values())).isEqualTo(expected);
      node.stop();
    }
  }

  @Test
  void a_partition_the_topic_does_not_have_is_parked() throws Exception {
    Topic topic = kafka.newTopic("partition", 2);
    shop.drain("n", kafka.bootstrapServers());

    Jta.transaction(
        () ->
            shop.outbox().message(topic.name()).key("k").value(bytes("v")).partition(7).publish());
    publish(topic.name(), "k", "next");

    eventually(() -> assertThat(topic.values()).containsExactly("next"));
    assertThat(
            postgres
                .rows(shop.database(), "select error from drivetrain.outbox_dead")
                .get(0)
                .get("error"))
        .isEqualTo("topic " + topic.name() + " has no partition 7");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void kafka_away_loses_nothing_keeps_the_order_and_says_so_once(boolean transactional)
      throws Exception {
    Topic topic = kafka.newTopic("away", 1);
    Nodes settings = Nodes.named("n", kafka.bootstrapServers());
    OutboxNode node = shop.drain(transactional ? settings.transactional("away-") : settings);
    publish(topic.name(), "k", "0");
    eventually(() -> assertThat(topic.values()).containsExactly("0"));
    try (LogLines log = LogLines.of("io.drivetrain.outbox")) {
      kafka.kill();
      for (int i = 1; i <= 50; i++) {
        publish(topic.name(), "k", Integer.toString(i));
      }
      eventually(
          LONG,
          () -> assertThat(node.now().problem().orElse("")).contains(kafka.bootstrapServers()));
      assertThat(node.now().oldest()).isPresent();
      // Long enough for the producer to be replaced at least once.
      eventually(
          LONG, () -> assertThat(node.now().problem().orElse("")).contains("does not answer"));
      kafka.start();

      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      eventually(() -> assertThat(node.now().problem()).isEmpty());
      assertThat(log.lines().stream().filter(line -> line.contains("its rows wait"))).hasSize(1);
      assertThat(log.lines().stream().filter(line -> line.contains("usable again"))).hasSize(1);
    }
    List<String> arrived =
        topic.committedRecords().stream().map(ConsumerRecord::value).distinct().toList();
    assertThat(arrived)
        .isEqualTo(IntStream.rangeClosed(0, 50).mapToObj(Integer::toString).toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void kafka_away_at_the_start_is_waited_for(boolean transactional) throws Exception {
    Topic topic = kafka.newTopic("late", 1);
    kafka.stop();
    publish(topic.name(), "k", "1");
    Nodes settings = Nodes.named("n", kafka.bootstrapServers());
    OutboxNode node = shop.drain(transactional ? settings.transactional("late-") : settings);
    eventually(LONG, () -> assertThat(node.now().problem().orElse("")).contains("does not answer"));

    kafka.start();

    eventually(LONG, () -> assertThat(topic.values()).containsExactly("1"));
    eventually(() -> assertThat(node.now().problem()).isEmpty());
  }

  @Test
  void the_database_away_is_waited_for_and_the_drainer_goes_on() throws Exception {
    Topic topic = kafka.newTopic("database", 1);
    OutboxNode node = shop.drain("n", kafka.bootstrapServers());
    publish(topic.name(), "k", "1");
    eventually(() -> assertThat(topic.values()).containsExactly("1"));
    try (LogLines log = LogLines.of("io.drivetrain.outbox")) {
      postgres.kill();
      eventually(() -> assertThat(node.writable()).isFalse());
      assertThat(node.now().problem().orElse("")).contains("the database cannot be used");
      postgres.start();
      eventually(LONG, () -> assertThat(node.writable()).isTrue());

      // The application's own pool may still hold dead connections; nothing remains of such a try.
      eventually(() -> publish(topic.name(), "k", "2"));

      eventually(LONG, () -> assertThat(topic.values()).containsExactly("1", "2"));
      assertThat(log.lines().stream().filter(line -> line.contains("the database cannot be used")))
          .hasSize(1);
    }
  }

  @Test
  void a_full_disk_of_the_database_is_waited_for_and_nothing_is_sent_twice() throws Exception {
    Topic topic = kafka.newTopic("full", 1);
    fullDiskAt("delete");
    OutboxNode node = shop.drain("n", kafka.bootstrapServers());
    publish(topic.name(), "k", "1");
    eventually(() -> assertThat(topic.values()).containsExactly("1"));
    eventually(
        () -> assertThat(node.now().problem().orElse("")).contains("No space left on device"));
    try (LogLines log = LogLines.of("io.drivetrain.outbox")) {
      // The thread of leases finds the database usable meanwhile; the outage lasts.
      for (int look = 0; look < 5; look++) {
        Object before = seen();
        eventually(() -> assertThat(seen()).isNotEqualTo(before));
        assertThat(node.now().problem().orElse("")).contains("No space left on device");
      }
      assertThat(log.lines()).isEmpty();
    }

    postgres.execute(shop.database(), "drop trigger full_disk on drivetrain.outbox");

    eventually(() -> assertThat(shop.waiting()).isZero());
    eventually(() -> assertThat(node.now().problem()).isEmpty());
    assertThat(topic.values()).containsExactly("1");
  }

  /** When the thread of leases was there last. */
  private Object seen() {
    return postgres
        .rows(shop.database(), "select seen_at from drivetrain.outbox_node")
        .get(0)
        .get("seen_at");
  }

  @Test
  void a_full_disk_rolls_the_publishing_transaction_back() throws Exception {
    fullDiskAt("insert");

    assertThatThrownBy(() -> publish("t", "k", "1"))
        .hasStackTraceContaining("1 events cannot be written to the outbox")
        .hasStackTraceContaining("No space left on device");

    postgres.execute(shop.database(), "drop trigger full_disk on drivetrain.outbox");
    assertThat(shop.waiting()).isZero();
  }

  /** What PostgreSQL says when its disk is full, by its error class. */
  private void fullDiskAt(String statement) {
    postgres.execute(
        shop.database(),
        "create function drivetrain.full_disk() returns trigger language plpgsql as $$ begin raise"
            + " exception 'could not extend file: No space left on device' using errcode = '53100';"
            + " end $$");
    postgres.execute(
        shop.database(),
        "create trigger full_disk before "
            + statement
            + " on drivetrain.outbox execute function drivetrain.full_disk()");
  }

  private void publish(String topic, String key, String value) throws Exception {
    Jta.transaction(() -> publishIn(topic, key, value));
  }

  private void publishIn(String topic, String key, String value) {
    shop.outbox().publish(topic, key, bytes(value));
  }

  private static List<String> firstOccurrences(List<String> values) {
    return values.stream().distinct().toList();
  }

  private static String incompressible(int length) {
    java.util.Random random = new java.util.Random(1);
    StringBuilder text = new StringBuilder();
    random.ints(length, '!', '~').forEach(character -> text.append((char) character));
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
