package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.OutboxAdmin.Filter;
import io.drivetrain.outbox.OutboxAdmin.Scope;
import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.MapConfig;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.internal.admin.Administration;
import io.drivetrain.outbox.internal.admin.TopicKeys;
import io.drivetrain.outbox.internal.drain.OnRefused;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.outbox.internal.write.OutboxWriter;
import io.drivetrain.outbox.internal.write.TransactionalOutbox;
import io.drivetrain.outbox.internal.write.Transactions;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A role with the rights that docs/migrations.md lists, and no other. */
@UseKafka
@UsePostgres
class RightsTest {
  private final KafkaBroker kafka;
  private final Postgres postgres;

  RightsTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @Test
  void the_documented_rights_are_enough_for_everything() throws Exception {
    String database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    String role = database + "_shop";
    for (String sql :
        List.of(
            "create role " + role + " login password 'secret'",
            "grant usage on schema drivetrain to " + role,
            "grant select, insert, delete on drivetrain.outbox, drivetrain.outbox_later,"
                + " drivetrain.outbox_dead, drivetrain.outbox_blocked, drivetrain.outbox_pause to "
                + role,
            "grant select, insert, update, delete on drivetrain.outbox_shard,"
                + " drivetrain.outbox_node to "
                + role)) {
      postgres.execute(database, sql);
    }
    Topic topic =
        kafka.topic("rights-" + System.nanoTime(), 1, Map.of("cleanup.policy", "compact"));
    try (AgroalDataSource pool = Jta.pool(postgres.jdbcUrl(database), role, "secret")) {
      OutboxAdmin admin =
          new Administration(pool, "drivetrain", TopicKeys.plain(), () -> {}, () -> {});
      OutboxNode node =
          Nodes.named("n", kafka.bootstrapServers())
              .onRefused(topic.name(), OnRefused.BLOCK_KEY)
              .over(pool);
      TransactionalOutbox outbox =
          new TransactionalOutbox(
              new Transactions(
                  Jta.registry(), new OutboxWriter(pool, "drivetrain"), node::committed),
              Settings.of(MapConfig.of(Map.of())),
              1 << 20);
      node.start();
      try {
        Jta.transaction(
            () -> {
              outbox.publish(topic.name(), "k", bytes("now"));
              outbox
                  .message(topic.name())
                  .key("k")
                  .value(bytes("later"))
                  .deliverAt(Instant.now())
                  .publish();
              outbox.message(topic.name()).key("bad").value(bytes("v")).partition(7).publish();
              outbox.message(topic.name()).key("bad").value(bytes("behind")).publish();
            });

        eventually(() -> assertThat(topic.values()).containsExactlyInAnyOrder("now", "later"));
        eventually(() -> assertThat(admin.parked(Filter.all())).hasSize(2));
        long refused = admin.parked(Filter.all()).get(0).id();
        assertThat(admin.blocked()).hasSize(1);
        assertThat(admin.peek(refused)).isPresent();
        assertThat(admin.discard(refused)).isTrue();
        assertThat(admin.unblock(topic.name(), "bad")).hasValue(1);
        eventually(() -> assertThat(topic.values()).contains("behind"));

        assertThat(admin.scheduled(Filter.all())).isEmpty();
        assertThat(admin.cancelKey(topic.name(), "k")).isZero();
        assertThat(admin.deliverNow(1)).isFalse();

        admin.pause(Scope.topic(topic.name()), "a test");
        eventually(() -> assertThat(node.now().problem().orElse("")).contains("a test"));
        Jta.transaction(() -> outbox.publish(topic.name(), "k", bytes("paused")));
        long waiting =
            (Long) postgres.rows(database, "select id from drivetrain.outbox").get(0).get("id");
        assertThat(admin.park(waiting)).isTrue();
        assertThat(admin.retry(waiting)).isTrue();
        assertThat(admin.retryTopic(topic.name())).isZero();
        assertThat(admin.discardKey(topic.name(), "k")).isZero();
        assertThat(admin.pauses()).hasSize(1);
        admin.resume(Scope.topic(topic.name()));
        eventually(() -> assertThat(topic.values()).contains("paused"));
        eventually(() -> assertThat(node.now().problem()).isEmpty());
      } finally {
        node.stop();
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
