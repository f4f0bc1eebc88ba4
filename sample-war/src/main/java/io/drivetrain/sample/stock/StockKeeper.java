package io.drivetrain.sample.stock;

import io.drivetrain.sample.event.OrderPlaced;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reserves stock for whole batches of orders, one transaction each. */
@ApplicationScoped
public class StockKeeper {

  @PersistenceContext private EntityManager entities;

  /** Reserves what is not reserved yet; a batch that fails comes again as a whole. */
  @Incoming("stock")
  @Transactional
  public void reserve(List<OrderPlaced> orders) {
    // Sorted by item: two transactions then lock the stock rows in the same order and cannot
    // deadlock.
    SortedMap<String, Integer> reserved = new TreeMap<>();
    for (OrderPlaced order : orders) {
      if (entities.find(Reservation.class, order.id()) == null) {
        entities.persist(new Reservation(order.id(), order.item(), order.quantity()));
        reserved.merge(order.item(), order.quantity(), Integer::sum);
      }
    }
    reserved.forEach(
        (item, quantity) ->
            entities.find(Stock.class, item, LockModeType.PESSIMISTIC_WRITE).reserve(quantity));
  }
}
