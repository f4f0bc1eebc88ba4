package io.drivetrain.entitysync.jpa;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.EntityBatch;
import io.drivetrain.entitysync.EntityConsumer;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.RegistryUnavailableException;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.SchemaRegistry;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import io.drivetrain.testkit.UseSchemaRegistry;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * From an entity through the outbox and a topic in Avro to another database's entity, with a real
 * registry that goes away in the middle.
 */
@UseKafka
@UsePostgres
@UseSchemaRegistry
class AvroTest {
  private static final String ROWS = "select id, name, price, note from widget order by id";

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private final SchemaRegistry registry;
  private final String prefix = "avro-" + UUID.randomUUID() + ".";

  AvroTest(KafkaBroker kafka, Postgres postgres, SchemaRegistry registry) {
    this.kafka = kafka;
    this.postgres = postgres;
    this.registry = registry;
  }

  /** A node of the application: its configuration counts on the calling thread until closed. */
  private static final class Node implements AutoCloseable {
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    Node(String prefix, SchemaRegistry registry) throws IOException {
      Path root = Files.createTempDirectory("node");
      Files.createDirectories(root.resolve("META-INF"));
      Files.writeString(
          root.resolve("META-INF/microprofile-config.properties"),
          String.join(
              "\n",
              "drivetrain.topic-prefix=" + prefix,
              "drivetrain.schema-registry.url=" + registry.url(),
              "drivetrain.topics.widgets.codec=avro",
              "drivetrain.topics.widgets.schema=avro/widget.avsc",
              "drivetrain.topics.widgets.key-field=id"));
      Thread.currentThread()
          .setContextClassLoader(new URLClassLoader(new URL[] {root.toUri().toURL()}, before));
    }

    @Override
    public void close() {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static final class WidgetSync extends EntityConsumer<Widget> {
    private final Shop shop;

    WidgetSync(Shop shop) {
      this.shop = shop;
    }

    @Override
    protected EntityManager entityManager() {
      return shop.entities();
    }

    @Override
    protected UserTransaction userTransaction() {
      return Narayana.user();
    }
  }

  private static void consume(WidgetSync sync, List<ConsumerRecord<byte[], byte[]>> records) {
    sync.consume(new EntityBatch("widgets", records));
  }

  private static List<ConsumerRecord<byte[], byte[]>> after(Topic topic, int count) {
    eventually(() -> assertThat(topic.rawRecords()).hasSize(count));
    return topic.rawRecords();
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void entities_go_through_an_avro_topic_into_another_database_also_without_the_registry(
      Provider provider) throws Exception {
    Topic topic = kafka.topic(prefix + "widgets", 1);
    try (Node node = new Node(prefix, registry);
        Shop there = new Shop(provider, postgres);
        Draining draining = new Draining();
        Shop here = new Shop(provider, postgres, draining)) {
      draining.open(here, postgres);
      draining.nextNode(kafka.bootstrapServers());
      WidgetSync sync = new WidgetSync(there);
      assertThat(node).isNotNull();

      here.inTransaction(
          em -> {
            em.persist(new Widget(1, "gear", "1.50"));
            em.persist(new Widget(2, "bolt", "2"));
          });
      consume(sync, after(topic, 2));

      assertThat(topic.rawRecords())
          .allSatisfy(record -> assertThat(record.value()[0]).isZero())
          .allSatisfy(record -> assertThat(record.key()[0]).isZero());
      assertThat(there.rows(ROWS)).hasSize(2).isEqualTo(here.rows(ROWS));

      registry.kill();
      here.inTransaction(em -> em.find(Widget.class, 1L).setName("cog"));
      here.inTransaction(em -> em.remove(em.find(Widget.class, 2L)));
      List<ConsumerRecord<byte[], byte[]>> all = after(topic, 4);
      consume(sync, all.subList(2, 4));

      assertThat(there.rows(ROWS)).hasSize(1).isEqualTo(here.rows(ROWS));
      assertThat(there.rows(ROWS).get(0)).containsEntry("name", "cog");

      aNewNodeWaitsForTheRegistry(there, all);
    }
  }

  private void aNewNodeWaitsForTheRegistry(Shop there, List<ConsumerRecord<byte[], byte[]>> records)
      throws Exception {
    postgres.execute(there.database, "delete from widget");
    try (Node fresh = new Node(prefix, registry)) {
      assertThat(fresh).isNotNull();
      WidgetSync sync = new WidgetSync(there);

      assertThatThrownBy(() -> consume(sync, records))
          .hasStackTraceContaining(RegistryUnavailableException.class.getName());
      assertThat(there.rows(ROWS)).isEmpty();

      registry.start();
      eventually(() -> consume(sync, records));
      assertThat(there.rows(ROWS)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void an_event_of_the_application_has_the_same_key_as_the_entity_it_is_about(Provider provider)
      throws Exception {
    Topic topic = kafka.topic(prefix + "widgets", 3);
    try (Node node = new Node(prefix, registry);
        Draining draining = new Draining();
        Shop shop = new Shop(provider, postgres, draining)) {
      assertThat(node).isNotNull();
      draining.open(shop, postgres);
      draining.nextNode(kafka.bootstrapServers());

      shop.inTransaction(
          em -> {
            em.persist(new Widget(7, "gear", "1"));
            draining
                .outbox()
                .publish("widgets", null, Map.of("id", 7, "name", "by hand", "price", "2.50"));
            draining.outbox().publish("widgets", "7", null);
          });

      List<ConsumerRecord<byte[], byte[]>> records = after(topic, 3);
      assertThat(records.stream().map(each -> ByteBuffer.wrap(each.key())).distinct()).hasSize(1);
      assertThat(records.stream().map(ConsumerRecord::partition).distinct()).hasSize(1);
      assertThat(records.stream().filter(each -> each.value() == null)).hasSize(1);

      assertThatThrownBy(
              () ->
                  shop.inTransaction(
                      em -> draining.outbox().publish("widgets", null, Map.of("name", "x"))))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("a record without a key; its key is field");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"HIBERNATE", "ECLIPSELINK"})
  void an_entity_that_does_not_fit_the_schema_rolls_back_with_every_problem(Provider provider)
      throws Exception {
    try (Node node = new Node(prefix, registry);
        Shop shop = new Shop(provider, postgres)) {
      assertThat(node).isNotNull();

      assertThatThrownBy(
              () ->
                  shop.inTransaction(
                      em -> {
                        em.persist(new Widget(1, null, "1.234"));
                        em.flush();
                      }))
          .hasStackTraceContaining("name is null; expected text")
          .hasStackTraceContaining(
              "price is 1.234 (BigDecimal); expected a number of at most 9 digits, 2 of them after"
                  + " the point");
      assertThat(shop.rows(ROWS)).isEmpty();
      assertThat(shop.messages()).isEmpty();
    }
  }
}
