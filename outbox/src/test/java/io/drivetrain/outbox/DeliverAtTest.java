package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.OutboxAdmin.Filter;
import io.drivetrain.outbox.OutboxAdmin.Scheduled;
import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that are held back until they are due. */
@UseKafka
@UsePostgres
class DeliverAtTest {
  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private Topic topic;

  DeliverAtTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    topic = kafka.newTopic("later", 3);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void an_event_waits_until_it_is_due_and_others_go_on() throws Exception {
    shop.drain("n", kafka.bootstrapServers());
    Jta.transaction(
        () -> {
          later("k", "reminder", Instant.now().plus(Duration.ofHours(1)));
          now("k", "order");
        });
    eventually(() -> assertThat(topic.values()).containsExactly("order"));
    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(held()).isEqualTo(1);

    postgres.execute(
        shop.database(),
        "update drivetrain.outbox_later set due_at = clock_timestamp() + interval '100"
            + " milliseconds'");

    eventually(() -> assertThat(topic.values()).containsExactly("order", "reminder"));
    assertThat(held()).isZero();
  }

  @Test
  void an_operator_lists_cancels_and_delivers_what_waits() throws Exception {
    shop.drain("n", kafka.bootstrapServers());
    OutboxAdmin admin = shop.admin();
    Instant inADay = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MILLIS);
    Jta.transaction(
        () -> {
          later("a", "cancelled", inADay.plusSeconds(1));
          later("b", "at once", inADay);
          later("c", "cancelled by key", inADay.plusSeconds(2));
          later("c", "cancelled by key", inADay.plusSeconds(3));
          now("b", "waits");
        });

    List<Scheduled> scheduled = admin.scheduled(Filter.all());
    assertThat(scheduled.stream().map(event -> event.key().orElseThrow().toString()))
        .containsExactly("b", "a", "c", "c");
    assertThat(scheduled.get(0).due()).isEqualTo(inADay);
    assertThat(scheduled.get(0).bytes()).isEqualTo("at once".length());
    assertThat(admin.scheduled(Filter.all().limit(1).after(scheduled.get(0).id())))
        .containsExactly(scheduled.get(1));
    assertThat(admin.scheduled(Filter.all().topic(topic.name()).key("c"))).hasSize(2);

    assertThat(admin.cancel(scheduled.get(1).id())).isTrue();
    assertThat(admin.cancelKey(topic.name(), "c")).isEqualTo(2);
    assertThat(admin.deliverNow(scheduled.get(0).id())).isTrue();
    assertThat(admin.cancel(scheduled.get(0).id())).as("on its way").isFalse();

    eventually(() -> assertThat(topic.values()).containsExactly("waits", "at once"));
    assertThat(held()).isZero();
  }

  @Test
  void due_events_come_behind_those_that_wait_in_order_of_time_then_of_publishing()
      throws Exception {
    Instant now = Instant.now();
    Jta.transaction(
        () -> {
          later("k", "2", now.minusSeconds(20));
          later("k", "1", now.minusSeconds(30));
          later("k", "3", now.minusSeconds(20));
          now("k", "waits");
          later("k", "4", now.minusSeconds(10));
        });

    shop.drain("n", kafka.bootstrapServers());

    eventually(() -> assertThat(topic.values()).containsExactly("waits", "1", "2", "3", "4"));
  }

  @Test
  void everything_of_the_record_is_kept() throws Exception {
    shop.drain("n", kafka.bootstrapServers());

    Jta.transaction(
        () ->
            shop.outbox()
                .message(topic.name())
                .key("k")
                .header("source", "shop")
                .partition(2)
                .timestamp(Instant.ofEpochMilli(1_234))
                .deliverAt(Instant.now())
                .publish());

    eventually(() -> assertThat(topic.records()).hasSize(1));
    ConsumerRecord<String, String> record = topic.records().get(0);
    assertThat(record.key()).isEqualTo("k");
    assertThat(record.value()).as("a tombstone").isNull();
    assertThat(record.partition()).isEqualTo(2);
    assertThat(record.timestamp()).isEqualTo(1_234);
    assertThat(new String(record.headers().lastHeader("source").value(), UTF_8)).isEqualTo("shop");
    assertThat(record.headers().lastHeader("drivetrain-id")).isNotNull();
  }

  @Test
  void thousands_that_are_due_arrive_once_and_in_order_on_many_nodes() throws Exception {
    Instant due = Instant.now().minusSeconds(60);
    Jta.transaction(
        () -> {
          for (int i = 0; i < 6_000; i++) {
            later("k" + i % 3, Integer.toString(i), due.plusMillis(i));
          }
        });

    for (String node : List.of("a", "b")) {
      shop.drain(
          Nodes.named(node, kafka.bootstrapServers()).shards(4).lease(Duration.ofSeconds(2)));
    }

    eventually(
        Duration.ofSeconds(60),
        () -> {
          assertThat(held()).isZero();
          assertThat(shop.waiting()).isZero();
        });
    for (int key = 0; key < 3; key++) {
      int mine = key;
      assertThat(
              topic.records().stream()
                  .filter(record -> record.key().equals("k" + mine))
                  .map(ConsumerRecord::value)
                  .distinct()
                  .toList())
          .isEqualTo(
              IntStream.range(0, 6_000)
                  .filter(i -> i % 3 == mine)
                  .mapToObj(Integer::toString)
                  .toList());
    }
  }

  @Test
  void rollback_leaves_nothing() throws Exception {
    assertThatThrownBy(
            () ->
                Jta.transaction(
                    () -> {
                      later("k", "v", Instant.now());
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessage("no");

    assertThat(held()).isZero();
  }

  @Test
  void a_moment_no_database_knows_is_refused() throws Exception {
    Jta.transaction(
        () ->
            assertThatThrownBy(() -> later("k", "v", Instant.MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topic " + topic.name() + ": deliverAt is +1000000000-12-31")
                .hasMessageContaining("expected a year from 1970 to 9999"));
  }

  private void later(String key, String value, Instant time) {
    shop.outbox()
        .message(topic.name())
        .key(key)
        .value(value.getBytes(UTF_8))
        .deliverAt(time)
        .publish();
  }

  private void now(String key, String value) {
    shop.outbox().publish(topic.name(), key, value.getBytes(UTF_8));
  }

  private long held() {
    return postgres.count(shop.database(), "drivetrain.outbox_later");
  }
}
