package io.drivetrain.entitysync.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.shop.Account;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.internal.write.OutboxWriter;
import io.drivetrain.outbox.internal.write.TransactionalOutbox;
import io.drivetrain.outbox.internal.write.Transactions;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.transaction.RollbackException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entities, the real outbox and its table in one database transaction. */
@UsePostgres
class OutboxTest {

  /** The outbox needs the shop's data source and the shop an outbox. */
  private static final class Later implements PendingMessages {
    PendingMessages outbox;

    @Override
    public void compute(Object slot, UnaryOperator<Pending> change) {
      outbox.compute(slot, change);
    }
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void an_event_is_stored_if_and_only_if_its_entity_is(Provider provider, Postgres postgres)
      throws Exception {
    Later later = new Later();
    try (Shop shop = new Shop(provider, postgres, later)) {
      later.outbox = real(shop, postgres);

      shop.rolledBack(
          em -> {
            em.persist(new Widget(1, "rolled back", "1"));
            em.flush();
          });
      assertThat(outbox(shop)).isEmpty();

      shop.inTransaction(
          em -> {
            em.persist(new Widget(2, "kept", "1"));
            em.flush();
            em.find(Widget.class, 2L).setName("last");
          });
      assertThat(transactions(shop, "drivetrain.outbox"))
          .isEqualTo(transactions(shop, "widget"))
          .hasSize(1);
      shop.inTransaction(em -> em.remove(em.find(Widget.class, 2L)));

      assertThat(outbox(shop)).hasSize(2);
      assertThat(outbox(shop).get(0)).startsWith("widgets 2 {").contains("\"name\":\"last\"");
      assertThat(outbox(shop).get(1)).isEqualTo("widgets 2 null");
    }
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void an_unpublishable_change_rolls_back_although_somebody_catches_it(
      Provider provider, Postgres postgres) throws Exception {
    Later later = new Later();
    try (Shop shop = new Shop(provider, postgres, later)) {
      later.outbox = real(shop, postgres);

      assertThatThrownBy(
              () ->
                  shop.inTransaction(
                      em -> {
                        em.persist(new Widget(1, "a", "1"));
                        em.persist(new Account(1, null));
                        try {
                          em.flush();
                        } catch (RuntimeException e) {
                          // What a caller must not do, and what must not harm.
                        }
                        Narayana.user().commit();
                      }))
          .isInstanceOfAny(RollbackException.class, IllegalStateException.class);

      assertThat(shop.rows("select * from widget")).isEmpty();
      assertThat(outbox(shop)).isEmpty();
    }
  }

  private static PendingMessages real(Shop shop, Postgres postgres) {
    new Migrations(postgres.dataSource(shop.database), "drivetrain").migrate();
    return new TransactionalOutbox(
        new Transactions(
            Narayana.registry(), new OutboxWriter(shop.dataSource(), "drivetrain"), buckets -> {}),
        Settings.of(ConfigProvider.getConfig()),
        1 << 20);
  }

  private static List<String> outbox(Shop shop) {
    return shop.rows("select * from drivetrain.outbox order by id").stream()
        .map(row -> row.get("topic") + " " + text(row.get("key")) + " " + text(row.get("payload")))
        .toList();
  }

  private static List<Object> transactions(Shop shop, String table) {
    return shop.rows("select distinct xmin::text as tx from " + table).stream()
        .map(row -> row.get("tx"))
        .toList();
  }

  private static String text(Object bytes) {
    return bytes == null ? "null" : new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
