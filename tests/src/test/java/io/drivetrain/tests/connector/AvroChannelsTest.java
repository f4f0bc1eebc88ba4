package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.KafkaSender;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.SchemaRegistry;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UseSchemaRegistry;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

/** Channels of topics in Avro, with a prefix, and a registry that is away. */
@UseKafka
@UseSchemaRegistry
class AvroChannelsTest {
  private final KafkaBroker broker;
  private final SchemaRegistry registry;
  private final String prefix = "avro-" + UUID.randomUUID() + ".";

  AvroChannelsTest(KafkaBroker broker, SchemaRegistry registry) {
    this.broker = broker;
    this.registry = registry;
  }

  private WeldApp.Builder app() {
    return WeldApp.with(
        "kafka.bootstrap.servers",
        broker.bootstrapServers(),
        "drivetrain.topic-prefix",
        prefix,
        "drivetrain.schema-registry.url",
        registry.url(),
        "drivetrain.topics.orders.codec",
        "avro",
        "drivetrain.topics.orders.schema",
        "avro/order.avsc",
        "drivetrain.topics.orders.key-field",
        "id");
  }

  private WeldApp.Builder reading(Class<?> bean) {
    return app()
        .and(
            IN + "connector", "drivetrain",
            IN + "topic", "orders",
            IN + "group.id", prefix + bean.getSimpleName(),
            IN + "failure-strategy", "dead-letter-queue",
            IN + "dead-letter-queue.topic", "letters",
            IN + "max-attempts", "1",
            IN + "pause-timeout", "200ms")
        .beans(bean);
  }

  private void send(int from, int to) {
    try (WeldApp sender = app().start()) {
      for (int i = from; i < to; i++) {
        sender
            .get(KafkaSender.class)
            .send(new ProducerRecord<>("orders", Map.of("id", i, "item", "gear " + i)));
      }
    }
  }

  @Test
  void a_method_takes_maps_or_generic_records_and_keys_of_the_field() {
    Topic topic = broker.topic(prefix + "orders", 1);
    send(0, 2);

    try (WeldApp maps = reading(Maps.class).start()) {
      eventually(
          () ->
              assertThat(maps.get(Maps.class).seen())
                  .containsExactly(
                      Map.of("id", 0L, "item", "gear 0", "count", 1),
                      Map.of("id", 1L, "item", "gear 1", "count", 1)));
    }
    try (WeldApp records = reading(Records.class).start()) {
      eventually(
          () ->
              assertThat(records.get(Records.class).seen())
                  .containsExactly("0 gear 0", "1 gear 1"));
    }
    assertThat(topic.rawRecords()).allSatisfy(record -> assertThat(record.value()[0]).isZero());
  }

  @Test
  void while_the_registry_is_away_a_partition_pauses_and_nothing_becomes_a_dead_letter() {
    broker.topic(prefix + "orders", 1);
    Topic letters = broker.topic(prefix + "letters", 1);
    send(0, 2);
    registry.kill();

    try (WeldApp app = reading(Maps.class).start()) {
      eventually(
          () ->
              assertThat(
                      app.get(io.drivetrain.connector.Channels.class)
                          .state("in")
                          .partitions()
                          .toString())
                  .contains("RegistryUnavailableException"));
      assertThat(app.get(Maps.class).seen()).isEmpty();
      assertThat(letters.rawRecords()).isEmpty();

      registry.start();

      eventually(
          () -> assertThat(app.get(Maps.class).seen()).extracting("id").containsExactly(0L, 1L));
      assertThat(letters.rawRecords()).isEmpty();
    }
  }

  @Test
  void bytes_that_are_no_avro_are_the_records_fault_and_a_dead_letter_under_the_prefix() {
    Topic topic = broker.topic(prefix + "orders", 1);
    Topic letters = broker.topic(prefix + "letters", 1);
    topic.send("k", "no avro");
    send(1, 2);

    try (WeldApp app = reading(Maps.class).start()) {
      eventually(() -> assertThat(letters.rawRecords()).hasSize(1));
      eventually(() -> assertThat(app.get(Maps.class).seen()).extracting("id").containsExactly(1L));
    }
  }

  @ApplicationScoped
  static class Maps {
    private final List<Map<String, Object>> seen = new CopyOnWriteArrayList<>();

    @Incoming("in")
    void take(Map<String, Object> order) {
      seen.add(order);
    }

    List<Map<String, Object>> seen() {
      return seen;
    }
  }

  @ApplicationScoped
  static class Records {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Incoming("in")
    void take(ConsumerRecord<Long, GenericRecord> order) {
      seen.add(order.key() + " " + order.value().get("item"));
    }

    List<String> seen() {
      return seen;
    }
  }
}
