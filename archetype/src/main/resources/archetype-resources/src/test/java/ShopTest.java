package ${package};

import static io.drivetrain.testkit.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ${package}.billing.Billing;
import ${package}.customers.Customer;
import ${package}.customers.CustomerSync;
import ${package}.orders.Orders;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import io.drivetrain.testkitapp.TestApp;
import io.drivetrain.testkitapp.TestChannel;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole application on a database: first with Kafka in memory, then with a real broker. */
@UseKafka
@UsePostgres
class ShopTest {
  private static final Class<?>[] BEANS = {Orders.class, Billing.class, CustomerSync.class};

  @Test
  void an_order_is_published_and_billed(Postgres postgres) {
    try (TestApp app = TestApp.of(BEANS).database(postgres).start()) {
      String order = app.get(Orders.class).place("anna", "gear", 5);

      app.sent("orders").including("anna", Map.of("id", order, "item", "gear"));
      app.sent("invoices").containing("anna", new Billing.Invoice(order, 5));
    }
  }

  @Test
  void the_table_of_customers_follows_its_topic(Postgres postgres) {
    try (TestApp app = TestApp.of(BEANS).database(postgres).start()) {
      TestChannel customers = app.channel("customers");
      customers.send("7", Map.of("name", "Anna")).awaitProcessed();
      assertEquals("Anna", app.entityManager().find(Customer.class, "7").getName());

      customers.tombstone("7").awaitProcessed();
      assertNull(app.entityManager().find(Customer.class, "7"));
    }
  }

  @Test
  void all_of_it_works_on_a_real_broker(KafkaBroker kafka, Postgres postgres) {
    kafka.topic("orders", 6);
    kafka.topic("customers", 3);
    Topic invoices = kafka.topic("invoices", 1);
    try (TestApp app = TestApp.of(BEANS).kafka(kafka).database(postgres).start()) {
      app.get(Orders.class).place("anna", "gear", 5);

      eventually(() -> assertEquals("anna", invoices.last(1).get(0).key()));
    }
  }
}
