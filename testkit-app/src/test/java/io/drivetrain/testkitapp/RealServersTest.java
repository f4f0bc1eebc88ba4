package io.drivetrain.testkitapp;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import io.drivetrain.testkitapp.shop.Customer;
import io.drivetrain.testkitapp.shop.CustomerSync;
import io.drivetrain.testkitapp.shop.Purchases;
import org.junit.jupiter.api.Test;

@UseKafka
@UsePostgres
class RealServersTest {
  @Test
  void the_same_application_works_on_a_broker_and_a_database(KafkaBroker kafka, Postgres postgres) {
    Topic customers = kafka.newTopic("customers", 1);
    Topic purchases = kafka.topic("purchases", 1, java.util.Map.of());
    try (TestApp app =
        TestApp.of(CustomerSync.class, Purchases.class)
            .kafka(kafka)
            .database(postgres)
            .createTables()
            .setting("mp.messaging.incoming.customers.connector", "drivetrain")
            .setting("mp.messaging.incoming.customers.topic", customers.name())
            .start()) {
      customers.send("7", "{\"name\":\"Anna\"}");
      eventually(
          () -> assertThat(app.entityManager().find(Customer.class, "7").name()).isEqualTo("Anna"));

      app.get(Purchases.class).buy(1, "gear");
      eventually(() -> assertThat(purchases.last(1).get(0).value()).contains("\"gear\""));
      assertThatThrownBy(() -> app.sent("purchases")).hasMessageContaining("real broker");
    }
  }
}
