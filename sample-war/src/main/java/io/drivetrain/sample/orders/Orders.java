package io.drivetrain.sample.orders;

import io.drivetrain.sample.stock.Stock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;

/** Takes orders: one JTA transaction stores the order and its event. */
@ApplicationScoped
public class Orders {
  private static final int MOST_OF_ONE_ITEM = 100;
  private static final int LONGEST_NAME = 40;

  @PersistenceContext private EntityManager entities;

  /**
   * Takes an order.
   *
   * @throws OrderRefused if the customer, the item or the quantity cannot be; the message says why
   */
  @Transactional(dontRollbackOn = OrderRefused.class)
  public ShopOrder place(String customer, String item, int quantity) {
    if (customer == null || customer.isBlank() || customer.length() > LONGEST_NAME) {
      throw new OrderRefused("customer must have 1 to " + LONGEST_NAME + " characters");
    }
    if (quantity < 1 || quantity > MOST_OF_ONE_ITEM) {
      throw new OrderRefused("quantity is " + quantity + "; expected 1 to " + MOST_OF_ONE_ITEM);
    }
    Stock stock = item == null ? null : entities.find(Stock.class, item);
    if (stock == null) {
      throw new OrderRefused("the shop does not sell '" + item + "'");
    }
    BigDecimal amount = stock.price().multiply(BigDecimal.valueOf(quantity));
    ShopOrder order = new ShopOrder(customer.strip(), item, quantity, amount);
    entities.persist(order);
    return order;
  }
}
