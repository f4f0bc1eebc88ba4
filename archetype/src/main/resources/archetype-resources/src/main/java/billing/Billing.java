package ${package}.billing;

import io.drivetrain.connector.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads orders one at a time. What it throws pauses the order's partition; then it comes again. */
@ApplicationScoped
public class Billing {
  /** What it needs of an order. */
  public record Order(String id, String customer, String item, int price) {}

  /** What it sends. */
  public record Invoice(String order, int total) {}

  @Inject private Delivery delivery;

  @Incoming("billing")
  public void bill(Order order) {
    if (order.price() < 0) {
      throw new IllegalArgumentException("order " + order.id() + " has the price " + order.price());
    }
    delivery.produce("invoices", order.customer(), new Invoice(order.id(), order.price()));
  }
}
