package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
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
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was sent is kept for some days, if that is asked for. */
@UseKafka
@UsePostgres
class ArchiveTest {
  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private Topic topic;

  ArchiveTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    topic = kafka.newTopic("archive", 1);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void without_asking_nothing_is_kept_and_nothing_is_made() throws Exception {
    shop.drain("n", kafka.bootstrapServers());

    publish("v");

    eventually(() -> assertThat(topic.values()).containsExactly("v"));
    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(days()).isEmpty();
  }

  @Test
  void what_was_sent_is_kept_with_everything_it_had_and_the_rest_is_not() throws Exception {
    String dropped = kafka.newTopic("dropped", 1).name();
    shop.drain(
        Nodes.named("n", kafka.bootstrapServers())
            .archiveDays(1)
            .onRefused(dropped, OnRefused.DROP));

    Jta.transaction(
        () -> {
          shop.outbox().message(topic.name()).key("k").value(bytes("v")).header("h", "x").publish();
          shop.outbox().message(topic.name()).key("k").value(bytes("p")).partition(7).publish();
          shop.outbox().message(dropped).key("k").value(bytes("d")).partition(7).publish();
          shop.outbox().message(topic.name()).key("k").publish();
        });

    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(shop.parked()).isOne();
    List<Map<String, Object>> kept =
        postgres.rows(
            shop.database(),
            "select *, sent_at >= created_at as later from drivetrain.outbox_archive order by id");
    assertThat(kept).hasSize(2);
    assertThat(kept.get(0)).containsEntry("topic", topic.name()).containsEntry("later", true);
    assertThat((byte[]) kept.get(0).get("key")).isEqualTo(bytes("k"));
    assertThat((byte[]) kept.get(0).get("payload")).isEqualTo(bytes("v"));
    assertThat((byte[]) kept.get(0).get("headers")).isNotEmpty();
    assertThat(kept.get(0).get("id").toString())
        .isEqualTo(
            new String(
                topic.records().get(0).headers().lastHeader("drivetrain-id").value(),
                StandardCharsets.UTF_8));
    assertThat(kept.get(1)).containsEntry("payload", null);
  }

  @Test
  void days_that_are_over_are_dropped_and_those_to_come_are_there() throws Exception {
    IntStream.rangeClosed(1, 5).forEach(this::makeDay);

    shop.drain(Nodes.named("n", kafka.bootstrapServers()).archiveDays(2));

    eventually(
        () ->
            assertThat(days())
                .isEqualTo(IntStream.rangeClosed(-2, 7).mapToObj(this::nameOfDay).toList()));
  }

  @Test
  void nodes_that_start_at_once_make_the_days_once() throws Exception {
    for (int i = 0; i < 4; i++) {
      shop.drain(Nodes.named("n" + i, kafka.bootstrapServers()).shards(4).archiveDays(1));
    }
    for (int i = 0; i < 20; i++) {
      publish("v" + i);
    }

    eventually(() -> assertThat(topic.values()).hasSize(20));
    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(postgres.count(shop.database(), "drivetrain.outbox_archive")).isEqualTo(20);
    assertThat(days()).hasSize(8);
  }

  @Test
  void who_reads_the_archive_holds_a_drop_up_and_not_the_draining() throws Exception {
    makeDay(5);
    try (Connection report = postgres.dataSource(shop.database()).getConnection();
        Statement statement = report.createStatement()) {
      report.setAutoCommit(false);
      statement.execute("select count(*) from drivetrain.outbox_archive");
      shop.drain(Nodes.named("n", kafka.bootstrapServers()).archiveDays(1));
      publish("v");

      eventually(() -> assertThat(topic.values()).containsExactly("v"));
      eventually(
          () -> assertThat(postgres.count(shop.database(), "drivetrain.outbox_archive")).isOne());
      assertThat(days()).contains(nameOfDay(-5));
    }

    postgres.execute(shop.database(), "select drivetrain.outbox_archive_days(1)");

    assertThat(days()).doesNotContain(nameOfDay(-5));
  }

  private void publish(String value) throws Exception {
    Jta.transaction(() -> shop.outbox().publish(topic.name(), value, bytes(value)));
  }

  /** As a node made it that many days ago. */
  private void makeDay(int ago) {
    String day = "((now() at time zone 'UTC')::date - " + ago + ")";
    String bounds =
        postgres
            .rows(
                shop.database(),
                "select format('from (%L) to (%L)', "
                    + day
                    + "::text || ' 00:00+00', ("
                    + day
                    + " + 1)::text || ' 00:00+00') as bounds")
            .get(0)
            .get("bounds")
            .toString();
    postgres.execute(
        shop.database(),
        "create table drivetrain."
            + nameOfDay(-ago)
            + " partition of drivetrain.outbox_archive for values "
            + bounds);
  }

  private String nameOfDay(int fromToday) {
    return postgres
        .rows(
            shop.database(),
            "select 'outbox_archive_' || to_char((now() at time zone 'UTC')::date + ?::int,"
                + " 'YYYYMMDD') as name",
            fromToday)
        .get(0)
        .get("name")
        .toString();
  }

  private List<String> days() {
    return postgres
        .rows(
            shop.database(),
            "select inhrelid::regclass::text as name from pg_inherits where inhparent ="
                + " 'drivetrain.outbox_archive'::regclass order by 1")
        .stream()
        .map(row -> row.get("name").toString().replace("drivetrain.", ""))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
