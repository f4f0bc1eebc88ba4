package io.drivetrain.testkitapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import io.drivetrain.testkitapp.shop.Customer;
import io.drivetrain.testkitapp.shop.CustomerSync;
import io.drivetrain.testkitapp.shop.Purchases;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@UsePostgres
class EntitySyncTest {
  private static TestAppBuilder shop(Postgres postgres) {
    return TestApp.of(CustomerSync.class, Purchases.class)
        .database(postgres)
        .createTables()
        .setting("mp.messaging.incoming.customers.connector", "drivetrain");
  }

  @Test
  void an_entity_consumer_makes_changes_and_deletes_rows(Postgres postgres) {
    try (TestApp app = shop(postgres).start()) {
      TestChannel customers = app.channel("customers");
      customers.send("7", Map.of("name", "Anna", "points", 3)).awaitProcessed();
      customers.send("7", Map.of("points", 4)).awaitProcessed();

      Customer anna = app.entityManager().find(Customer.class, "7");
      assertThat(anna.name()).isEqualTo("Anna");
      assertThat(anna.points()).isEqualTo(4);

      customers.tombstone("7").awaitProcessed();
      assertThat(app.entityManager().find(Customer.class, "7")).isNull();
    }
  }

  @Test
  void a_bad_record_of_a_batch_is_named_and_those_before_it_are_applied(Postgres postgres) {
    try (TestApp app = shop(postgres).start()) {
      TestChannel customers = app.channel("customers");
      List<Processing> batch =
          customers.sendAll(
              List.of(
                  customers.record("1", Map.of("name", "Anna")),
                  customers.record("2", Map.of("points", "many"))));

      batch.get(0).awaitProcessed();
      assertThat(batch.get(1).awaitFailed()).hasMessageContaining("points");
      assertThat(app.entityManager().createQuery("from Customer", Customer.class).getResultList())
          .hasSize(1);
    }
  }

  @Test
  void a_published_entity_is_sent_when_its_transaction_commits(Postgres postgres) throws Exception {
    try (TestApp app = shop(postgres).start()) {
      Purchases purchases = app.get(Purchases.class);
      purchases.buy(1, "gear");
      app.sent("purchases").containing(1, Map.of("id", 1, "item", "gear"));

      assertThatThrownBy(
              () ->
                  app.inTransaction(
                      () -> {
                        purchases.exchange(1, "lamp");
                        app.entityManager().flush();
                        throw new IllegalStateException("too late");
                      }))
          .hasMessage("too late");
      assertThat(app.sent("purchases").count()).isEqualTo(1);

      purchases.giveBack(1);
      app.sent("purchases").tombstone(1);
    }
  }
}
