package io.drivetrain.sample.billing;

import io.drivetrain.sample.event.OrderPlaced;

/** What a real payment service would throw at the worst moment. */
public class BillingFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BillingFailed(OrderPlaced order) {
    super("order " + order.id() + ": billing is broken for customer " + order.customer());
  }
}
