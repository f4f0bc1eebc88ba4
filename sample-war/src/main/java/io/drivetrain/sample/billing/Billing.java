package io.drivetrain.sample.billing;

import io.drivetrain.sample.event.OrderPlaced;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Bills orders one at a time; an exception pauses the order's partition and nothing else. */
@ApplicationScoped
public class Billing {

  @PersistenceContext private EntityManager entities;
  @Inject private BrokenCustomers broken;

  /** Writes the order's bill, unless it was written before. */
  @Incoming("billing")
  @Transactional
  public void bill(OrderPlaced order) {
    if (broken.contains(order.customer())) {
      throw new BillingFailed(order);
    }
    boolean billed =
        !entities
            .createQuery("select b.number from Bill b where b.orderId = :order", Long.class)
            .setParameter("order", order.id())
            .getResultList()
            .isEmpty();
    if (!billed) {
      entities.persist(new Bill(order.id(), order.customer(), order.amount()));
    }
  }
}
