package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.OutboxAdmin.Filter;
import io.drivetrain.outbox.OutboxAdmin.Parked;
import io.drivetrain.outbox.OutboxAdmin.Scope;
import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OnRefused;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record that is too large, in the middle of a key, under each policy. */
@UseKafka
@UsePostgres
class RefusedTest {

  /** Who finds it too large. */
  enum Limit {
    TOPIC,
    PRODUCER,
    TOPIC_IN_TRANSACTION,
    PRODUCER_IN_TRANSACTION;

    boolean isProducer() {
      return this == PRODUCER || this == PRODUCER_IN_TRANSACTION;
    }

    boolean inTransaction() {
      return this == TOPIC_IN_TRANSACTION || this == PRODUCER_IN_TRANSACTION;
    }
  }

  private static final String LARGE = incompressible(5_000);

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private OutboxAdmin admin;
  private Topic topic;

  RefusedTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    admin = shop.admin();
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @ParameterizedTest
  @EnumSource
  void park_sets_it_aside_and_the_rest_goes_on_in_order(Limit limit) throws Exception {
    start(limit, OnRefused.PARK);

    publishAll();

    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(arrived()).containsExactly("a1", "b1", "a2", "b2", "a3");
    assertThat(parked()).containsExactly("a TOO_LARGE");
  }

  @ParameterizedTest
  @EnumSource
  void drop_deletes_it_and_the_rest_goes_on_in_order(Limit limit) throws Exception {
    start(limit, OnRefused.DROP);

    publishAll();

    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(arrived()).containsExactly("a1", "b1", "a2", "b2", "a3");
    assertThat(shop.parked()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void block_key_parks_it_and_all_behind_it_until_it_is_unblocked(Limit limit) throws Exception {
    OutboxNode node = start(limit, OnRefused.BLOCK_KEY);

    publishAll();

    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(arrived()).containsExactly("a1", "b1", "b2");
    assertThat(parked()).containsExactly("a TOO_LARGE", "a BEHIND_BLOCKED", "a BEHIND_BLOCKED");
    Parked refused = admin.parked(Filter.all()).get(0);
    assertThat(admin.blocked()).hasSize(1);
    assertThat(admin.blocked().get(0).row()).isEqualTo(refused.id());
    assertThat(admin.parked(Filter.all()).get(1).error())
        .isEqualTo("behind row " + refused.id() + " of its key");
    assertThat(admin.parked(Filter.all()).get(1).attempts()).isZero();

    // Another node knows it too.
    node.stop();
    startAgain(limit, OnRefused.BLOCK_KEY);
    publish("a", "a4");
    publish("b", "b3");
    eventually(() -> assertThat(shop.waiting()).isZero());
    eventually(() -> assertThat(arrived()).containsExactly("a1", "b1", "b2", "b3"));

    admin.discard(refused.id());
    assertThat(admin.unblock(topic.name(), "a")).hasValue(3);
    publish("a", "a5");

    eventually(
        () ->
            assertThat(arrived()).containsExactly("a1", "b1", "b2", "b3", "a2", "a3", "a4", "a5"));
    assertThat(shop.parked()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void stop_sends_nothing_more_of_the_topic_until_it_is_resumed(Limit limit) throws Exception {
    OutboxNode node = start(limit, OnRefused.STOP);
    Topic other = kafka.newTopic("other", 1);

    publishAll();
    Jta.transaction(() -> shop.outbox().publish(other.name(), "k", "o1".getBytes(UTF_8)));

    eventually(() -> assertThat(arrived(other)).containsExactly("o1"));
    eventually(
        () ->
            assertThat(node.now().problem().orElse(""))
                .contains("topic " + topic.name() + " has stopped at row")
                .contains("too-large: RecordTooLarge"));
    eventually(() -> assertThat(shop.waiting()).isEqualTo(4));
    assertThat(arrived()).containsExactly("a1", "b1");
    assertThat(shop.parked()).isZero();
    long row = admin.pauses().get(0).stoppedAt().orElseThrow();

    // Another node does not begin where this one has stopped.
    node.stop();
    OutboxNode next = startAgain(limit, OnRefused.STOP);
    Jta.transaction(() -> shop.outbox().publish(other.name(), "k", "o2".getBytes(UTF_8)));
    eventually(() -> assertThat(arrived(other)).containsExactly("o1", "o2"));
    assertThat(arrived()).containsExactly("a1", "b1");

    // Resumed with the cause still there it stops again, at the same row.
    admin.resume(Scope.topic(topic.name()));
    eventually(() -> assertThat(admin.pauses()).hasSize(1));
    assertThat(admin.pauses().get(0).stoppedAt()).hasValue(row);

    assertThat(admin.park(row)).isTrue();
    admin.resume(Scope.topic(topic.name()));

    eventually(() -> assertThat(arrived()).containsExactly("a1", "b1", "a2", "b2", "a3"));
    eventually(() -> assertThat(next.now().problem()).isEmpty());
    assertThat(parked()).containsExactly("a BY_OPERATOR");
  }

  private OutboxNode start(Limit limit, OnRefused policy) {
    String name = policy.word() + "-" + System.nanoTime();
    topic =
        limit.isProducer()
            ? kafka.topic(name, 1)
            : kafka.topic(name, 1, Map.of("max.message.bytes", "1000"));
    return startAgain(limit, policy);
  }

  private OutboxNode startAgain(Limit limit, OnRefused policy) {
    Nodes settings =
        Nodes.named("n" + System.nanoTime(), kafka.bootstrapServers())
            .lease(Duration.ofSeconds(2))
            .onRefused(topic.name(), policy);
    if (limit.isProducer()) {
      settings.producer("max.request.size", 1_000);
    }
    return shop.drain(limit.inTransaction() ? settings.transactional("refused-") : settings);
  }

  private void publishAll() throws Exception {
    Jta.transaction(
        () -> {
          put("a", "a1");
          put("b", "b1");
          put("a", LARGE);
          put("a", "a2");
          put("b", "b2");
          put("a", "a3");
        });
  }

  private void publish(String key, String value) throws Exception {
    Jta.transaction(() -> put(key, value));
  }

  private void put(String key, String value) {
    shop.outbox().publish(topic.name(), key, value.getBytes(UTF_8));
  }

  private List<String> arrived() {
    return arrived(topic);
  }

  /**
   * As a careful consumer sees it: nothing of aborted transactions, and no repetitions, for a batch
   * that is given up at a refused row may be sent again in part.
   */
  private static List<String> arrived(Topic in) {
    return in.committedRecords().stream().map(ConsumerRecord::value).distinct().toList();
  }

  private List<String> parked() {
    return admin.parked(Filter.all()).stream()
        .map(row -> row.key().orElseThrow() + " " + row.reason())
        .toList();
  }

  private static String incompressible(int length) {
    StringBuilder text = new StringBuilder();
    new Random(1).ints(length, '!', '~').forEach(character -> text.append((char) character));
    return text.toString();
  }
}
