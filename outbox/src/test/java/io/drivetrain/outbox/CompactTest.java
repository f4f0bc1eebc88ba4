package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OnRefused;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Topics of which only the last state counts. */
@UseKafka
@UsePostgres
class CompactTest {
  /** lz4 must not make it fit. */
  private static final String LARGE =
      new Random(1)
          .ints(5_000, '!', '~')
          .mapToObj(Character::toString)
          .collect(Collectors.joining());

  private final KafkaBroker kafka;
  private final Postgres postgres;

  CompactTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @Test
  void of_what_waits_the_last_of_each_key_is_sent_with_its_headers_and_keyless_ones_all()
      throws Exception {
    Topic states = kafka.newTopic("states", 1);
    Topic events = kafka.newTopic("events", 1);
    try (Shop shop = Shop.on(postgres)) {
      Jta.transaction(
          () -> {
            for (Topic topic : new Topic[] {states, events}) {
              put(shop, topic, "a", "a1");
              put(shop, topic, null, "x");
              put(shop, topic, "b", "b1");
              put(shop, topic, "a", "a2");
              put(shop, topic, null, "y");
              put(shop, topic, "b", null);
              put(shop, topic, "a", "a3");
            }
          });

      shop.drain(Nodes.named("n", kafka.bootstrapServers()).compact(states.name()));

      eventually(() -> assertThat(shop.waiting()).isZero());
      assertThat(states.values()).containsExactly("x", "y", null, "a3");
      assertThat(events.values()).containsExactly("a1", "x", "b1", "a2", "y", null, "a3");
      ConsumerRecord<String, String> last = states.records().get(3);
      assertThat(last.key()).isEqualTo("a");
      assertThat(new String(last.headers().lastHeader("version").value(), UTF_8)).isEqualTo("a3");
      assertThat(last.headers().toArray()).as("its own and drivetrain-id").hasSize(2);
    }
  }

  /** What is left out is before the row it was left out for, so it is not behind a refusal. */
  @Test
  void what_a_refused_row_was_to_replace_is_sent_although_its_key_is_blocked() throws Exception {
    Topic states =
        kafka.topic("blocks-" + System.nanoTime(), 1, Map.of("max.message.bytes", "1000"));
    try (Shop shop = Shop.on(postgres)) {
      OutboxAdmin admin = shop.admin();
      Jta.transaction(
          () -> {
            put(shop, states, "a", "a1");
            put(shop, states, "a", "a2");
            put(shop, states, "a", LARGE + 3);
            put(shop, states, "a", LARGE + 4);
            put(shop, states, "b", "b1");
          });

      shop.drain(
          Nodes.named("n", kafka.bootstrapServers())
              .compact(states.name())
              .onRefused(states.name(), OnRefused.BLOCK_KEY));

      eventually(() -> assertThat(shop.waiting()).isZero());
      assertThat(arrived(states)).containsExactlyInAnyOrder("a2", "b1");
      assertThat(reasons(admin)).containsExactly(ParkReason.TOO_LARGE, ParkReason.TOO_LARGE);
      assertThat(admin.blocked()).hasSize(1);
      assertThat(admin.blocked().get(0).row())
          .as("the first that was refused")
          .isEqualTo(admin.parked(OutboxAdmin.Filter.all()).get(0).id());

      Jta.transaction(() -> put(shop, states, "a", "a5"));

      eventually(
          () ->
              assertThat(reasons(admin))
                  .containsExactly(
                      ParkReason.TOO_LARGE, ParkReason.TOO_LARGE, ParkReason.BEHIND_BLOCKED));
      assertThat(arrived(states)).containsExactlyInAnyOrder("a2", "b1");

      admin.parked(OutboxAdmin.Filter.all()).stream()
          .filter(row -> row.reason() == ParkReason.TOO_LARGE)
          .forEach(row -> admin.discard(row.id()));
      assertThat(admin.unblock(states.name(), "a")).hasValue(1);

      eventually(() -> assertThat(arrived(states)).hasSize(3).endsWith("a5"));
      assertThat(shop.parked()).isZero();
    }
  }

  /** Without repetitions: a batch that is given up at a refused row may be sent again in part. */
  private static List<String> arrived(Topic topic) {
    return topic.values().stream().distinct().toList();
  }

  private static List<ParkReason> reasons(OutboxAdmin admin) {
    return admin.parked(OutboxAdmin.Filter.all()).stream().map(OutboxAdmin.Parked::reason).toList();
  }

  private static void put(Shop shop, Topic topic, String key, String value) {
    shop.outbox()
        .message(topic.name())
        .key(key)
        .value(value == null ? null : value.getBytes(UTF_8))
        .header("version", String.valueOf(value))
        .publish();
  }
}
