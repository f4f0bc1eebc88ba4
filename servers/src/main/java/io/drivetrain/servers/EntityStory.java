package io.drivetrain.servers;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.SchemaRegistry;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import io.drivetrain.testkit.UseSchemaRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Entities to topics in Avro and back to entities on a server: what the application changes, what
 * is in its table already, and what another program writes.
 */
@UseKafka(own = true)
@UsePostgres
@UseSchemaRegistry
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EntityStory {
  private ShopServer server;
  private Topic items;
  private Topic shelves;

  /** The shop's WAR, whose libraries the application takes. */
  protected abstract Path shopWar();

  /** Where the application's WAR may be written. */
  protected abstract Path build();

  /** Artifacts that let the application do without an entity listener; none on most servers. */
  protected abstract List<String> moreLibraries();

  /** Prepares the server under test with an application. */
  protected abstract ShopServer server(
      Path war,
      KafkaBroker broker,
      Postgres postgres,
      String database,
      Map<String, String> environment);

  @BeforeAll
  void start(KafkaBroker broker, Postgres postgres, SchemaRegistry registry) {
    items = broker.topic("items", 3);
    shelves = broker.topic("shelves", 3);
    server =
        server(
            GoodsWar.write(shopWar(), build(), moreLibraries()),
            broker,
            postgres,
            postgres.createDatabase(),
            Map.of("DRIVETRAIN_SCHEMA_REGISTRY_URL", registry.url()));
    server.start();
  }

  @AfterAll
  void stop() {
    server.close();
    // A persistence unit that does not end keeps the application's classes.
    assertThat(server.process().messages())
        .as("what the server says when it stops")
        .doesNotContain("AbstractMethodError", "Failed to stop persistence unit");
  }

  @Test
  void what_the_application_changes_is_in_the_topic_as_avro_and_in_the_copies() {
    describe(1, "gear", "1.50");
    describe(2, "bolt", "2.00");
    describe(1, "cog", "1.75");
    expectNoContent(server.shop().delete("api/items/2"));

    eventually(
        () -> {
          assertThat(rows("item_copy", "id < 100")).isEqualTo(rows("item", "id < 100"));
          assertThat(rows("item_copy", "id < 100"))
              .extracting(row -> row.get("id") + " " + row.get("name"))
              .containsExactly("1 cog");
        });
    assertThat(items.rawRecords())
        .filteredOn(record -> record.value() != null)
        .isNotEmpty()
        .allSatisfy(record -> assertThat(record.value()[0]).as("Confluent's bytes").isZero());
    assertThat(items.rawRecords()).extracting(ConsumerRecord::value).containsNull();
  }

  @Test
  void what_is_in_the_table_already_is_published_in_the_background() {
    server.execute(
        "insert into item (id, name, price) select n, 'n' || n, n + 0.25"
            + " from generate_series(101, 155) n");

    expectNoContent(server.shop().post("api/items/republish", ""));

    eventually(
        () ->
            assertThat(rows("item_copy", "id > 100"))
                .hasSize(55)
                .isEqualTo(rows("item", "id > 100")));
    eventually(
        () ->
            assertThat(
                    server.rows(
                        "select finished_at from drivetrain.entity_scan where kind = 'backfill'"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("finished_at")).isNotNull()));
  }

  @Test
  void what_another_program_writes_is_published_by_a_poller() {
    server.execute(
        "insert into shelf (id, place, changed) select n, 'hall ' || n, clock_timestamp()"
            + " from generate_series(1, 20) n");
    shelvesAreEqual(20);

    server.execute("update shelf set place = null, changed = clock_timestamp() where id = 7");
    eventually(
        () ->
            assertThat(server.rows("select place from shelf_copy where id = 7"))
                .extracting("place")
                .containsExactly((Object) null));
    shelvesAreEqual(20);
    assertThat(shelves.rawRecords())
        .allSatisfy(record -> assertThat(record.value()).startsWith((byte) 0xC3, (byte) 0x01));
  }

  private List<Map<String, Object>> rows(String table, String condition) {
    return server.rows(
        "select id, name, price from " + table + " where " + condition + " order by id");
  }

  private void shelvesAreEqual(int size) {
    eventually(
        () ->
            assertThat(server.rows("select id, place, changed from shelf_copy order by id"))
                .hasSize(size)
                .isEqualTo(server.rows("select id, place, changed from shelf order by id")));
  }

  @Test
  void health_shows_the_scans() {
    eventually(() -> assertThat(server.shop().health("ready").status()).isEqualTo(200));
    assertThat(server.shop().health("ready").check("drivetrain-entity-sync")).isPresent();
  }

  private void describe(long id, String name, String price) {
    expectNoContent(
        server
            .shop()
            .post("api/items/" + id, "{\"name\":\"" + name + "\",\"price\":" + price + "}"));
  }

  private static void expectNoContent(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }
}
