package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Topics of which only the last state counts. */
@UseKafka
@UsePostgres
class CompactTest {
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

  private static void put(Shop shop, Topic topic, String key, String value) {
    shop.outbox()
        .message(topic.name())
        .key(key)
        .value(value == null ? null : value.getBytes(UTF_8))
        .header("version", String.valueOf(value))
        .publish();
  }
}
