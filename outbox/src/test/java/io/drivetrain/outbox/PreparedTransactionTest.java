package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An XA transaction that is prepared and whose end nobody knows yet, because its transaction
 * manager has died: what it has published waits for the decision, everything else does not.
 */
@UseKafka
@UsePostgres(own = true)
class PreparedTransactionTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private Topic topic;

  PreparedTransactionTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeAll
  static void allowThem(Postgres postgres) {
    postgres.execute("postgres", "alter system set max_prepared_transactions = 4");
    postgres.restart();
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    topic = kafka.newTopic("doubt", 1);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void its_rows_wait_and_others_flow_until_it_is_decided() throws Exception {
    OutboxNode node = shop.drain("n", kafka.bootstrapServers());
    publish("k", "before");
    prepare("committed", "k", "in doubt");
    prepare("rolled_back", "l", "never");
    for (int i = 0; i < 20; i++) {
      publish("other", Integer.toString(i));
    }

    eventually(() -> assertThat(topic.values()).hasSize(21).contains("before", "0", "19"));
    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(node.now().problem()).isEmpty();

    postgres.execute(shop.database(), "rollback prepared 'rolled_back'");
    postgres.execute(shop.database(), "commit prepared 'committed'");

    eventually(() -> assertThat(topic.values()).hasSize(22).endsWith("in doubt"));
    publish("k", "after");
    eventually(() -> assertThat(topic.values()).hasSize(23).endsWith("after"));
    assertThat(shop.late()).isZero();
  }

  @Test
  void it_outlasts_a_crash_of_the_database_and_another_node() throws Exception {
    OutboxNode first = shop.drain("first", kafka.bootstrapServers());
    publish("k", "before");
    prepare("committed", "k", "in doubt");
    eventually(() -> assertThat(topic.values()).containsExactly("before"));

    postgres.kill();
    postgres.start();
    shop.drain("second", kafka.bootstrapServers());
    first.stop();
    // The application's own pool may still hold dead connections; nothing remains of such a try.
    eventually(() -> publish("other", "meanwhile"));
    eventually(LONG, () -> assertThat(topic.values()).containsExactly("before", "meanwhile"));
    postgres.execute(shop.database(), "commit prepared 'committed'");

    eventually(
        LONG, () -> assertThat(topic.values()).containsExactly("before", "meanwhile", "in doubt"));
    assertThat(shop.late()).isZero();
  }

  private void publish(String key, String value) throws Exception {
    Jta.transaction(() -> shop.outbox().publish(topic.name(), key, bytes(value)));
  }

  /** Publishes as a transaction manager does that dies after the first phase. */
  private void prepare(String name, String key, String value) throws SQLException {
    try (Connection connection = postgres.dataSource(shop.database()).getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      new OutboxTable("drivetrain")
          .insert(
              connection,
              List.of(
                  new EncodedMessage(
                      topic.name(), bytes(key), bytes(value), List.of(), null, null)));
      statement.execute("prepare transaction '" + name + "'");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
