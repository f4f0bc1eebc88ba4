package io.drivetrain.testkitapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.OutboxAdmin;
import io.drivetrain.testkitapp.shop.Orders;
import io.drivetrain.testkitapp.shop.Orders.Placed;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

class OutboxCaptureTest {
  @ApplicationScoped
  public static class Mailer {
    private final List<String> sent = new CopyOnWriteArrayList<>();

    @Incoming("reminders")
    void mail(Placed event) {
      sent.add(event.item());
    }
  }

  @Test
  void what_commits_is_sent_with_key_and_headers_and_tombstones() {
    try (TestApp app = TestApp.of(Orders.class).start()) {
      app.get(Orders.class).place("anna", "gear", 5);
      app.get(Orders.class).cancel("anna");

      SentRecord placed = app.sent("orders").containing("anna", new Placed("gear", 5.0));
      assertThat(placed.headers()).containsEntry("via", "web").containsKey("drivetrain-id");
      app.sent("orders").including("anna", Map.of("price", 5));
      assertThat(app.sent("orders").tombstone("anna").offset()).isEqualTo(1);
    }
  }

  @Test
  void what_rolls_back_is_not_sent() throws Exception {
    try (TestApp app = TestApp.of(Orders.class).start()) {
      Orders orders = app.get(Orders.class);
      assertThatThrownBy(() -> orders.place("anna", "gear", -1)).hasMessageContaining("-1.0");
      assertThatThrownBy(
              () ->
                  app.inTransaction(
                      () -> {
                        orders.place("bert", "gear", 1);
                        throw new IllegalStateException("changed my mind");
                      }))
          .hasMessage("changed my mind");
      app.sent("orders").none();

      app.inTransaction(
          () -> {
            orders.place("cleo", "gear", 1);
            app.sent("orders").none();
            return null;
          });
      app.sent("orders").containing("cleo", new Placed("gear", 1));
    }
  }

  @Test
  void the_rules_of_the_outbox_hold() {
    try (TestApp app = TestApp.of(Orders.class).start()) {
      assertThatThrownBy(() -> app.get(Orders.class).withoutTransaction("anna"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no transaction is active");
      assertThatThrownBy(() -> app.get(OutboxAdmin.class).pauses())
          .hasMessageContaining("captured in memory");
    }
  }

  @Test
  void an_event_for_later_comes_when_its_time_has_come() {
    try (TestApp app =
        TestApp.of(Orders.class, Mailer.class)
            .setting("mp.messaging.incoming.reminders.connector", "drivetrain")
            .start()) {
      app.get(Orders.class).remind("anna", Instant.now().plus(Duration.ofDays(1)));
      app.sent("reminders").none();

      app.advance(Duration.ofDays(2));
      app.sent("reminders").including("anna", Map.of("item", "gear"));
    }
  }

  @Test
  void what_was_sent_instead_is_named() {
    try (TestApp app = TestApp.of(Orders.class).start()) {
      app.get(Orders.class).place("anna", "gear", 5);
      SentRecords orders = app.sent("orders").within(Duration.ofMillis(1));

      assertThatThrownBy(() -> orders.containing("anna", new Placed("gear", 6)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("no record with key anna")
          .hasMessageContaining("orders-0@0 key anna")
          .hasMessageContaining("\"price\":5.0");
      assertThatThrownBy(() -> orders.notContaining(new Placed("gear", 5)))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(orders::none).isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> orders.tombstone("anna")).isInstanceOf(AssertionError.class);
    }
  }
}
