package io.drivetrain.testkitapp.shop;

import io.drivetrain.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;

/** Publishes without entities. */
@ApplicationScoped
public class Orders {
  /** An event. */
  public record Placed(String item, double price) {}

  @Inject Outbox outbox;

  @Transactional
  public void place(String customer, String item, double price) {
    outbox
        .message("orders")
        .key(customer)
        .value(new Placed(item, price))
        .header("via", "web")
        .publish();
    if (price < 0) {
      throw new IllegalArgumentException("a price of " + price);
    }
  }

  @Transactional
  public void cancel(String customer) {
    outbox.publish("orders", customer, null);
  }

  @Transactional
  public void remind(String customer, Instant when) {
    outbox
        .message("reminders")
        .key(customer)
        .value(new Placed("gear", 1))
        .deliverAt(when)
        .publish();
  }

  public void withoutTransaction(String customer) {
    outbox.publish("orders", customer, new Placed("gear", 1));
  }
}
