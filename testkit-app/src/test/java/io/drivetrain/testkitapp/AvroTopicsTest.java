package io.drivetrain.testkitapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.avro.Schemas;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.UndecodableException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

class AvroTopicsTest {
  @ApplicationScoped
  public static class Doubling {
    @Inject Delivery delivery;

    @Incoming("orders")
    public void twice(Map<String, Object> order) {
      int price = ((Number) order.get("price")).intValue();
      delivery.produce("doubled", "anna", Map.of("item", order.get("item"), "price", 2 * price));
    }
  }

  private static TestApp app() {
    return TestApp.of(Doubling.class)
        .setting("mp.messaging.incoming.orders.connector", "drivetrain")
        .setting("drivetrain.topic-prefix", "staging.")
        .setting("drivetrain.topics.orders.codec", "avro")
        .setting("drivetrain.topics.orders.schema", "com.example.Order")
        .setting("drivetrain.topics.doubled.codec", "avro")
        .setting("drivetrain.topics.doubled.schema", "com.example.Order")
        .start();
  }

  @Test
  void a_topic_in_avro_needs_no_registry_and_its_records_are_compared_by_what_they_say() {
    try (TestApp app = app()) {
      app.channel("orders").send("anna", Map.of("item", "gear", "price", 5)).awaitProcessed();

      SentRecord doubled = app.sent("doubled").including("anna", Map.of("price", 10));
      assertThat(doubled.topic()).isEqualTo("staging.doubled");
      assertThat(doubled.value()).asString().contains("message_id");
    }
  }

  @Test
  void bytes_that_are_no_avro_are_a_failure_of_their_record() {
    try (TestApp app = app()) {
      Processing bad = app.channel("orders").send("anna", new byte[] {1, 2, 3});

      assertThat(bad.awaitFailed()).isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void a_payload_and_two_schemas_are_checked_without_an_application() {
    var order = Schemas.load("com.example.Order");
    assertThat(Schemas.problems(order, Map.of("item", "gear", "price", "much", "message_id", "1")))
        .singleElement()
        .asString()
        .contains("price");
    assertThat(Schemas.compatible(order, order).incompatibilities()).isEmpty();
  }
}
