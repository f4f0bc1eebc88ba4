package ${package}.orders;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;

/** Takes orders. */
@ApplicationScoped
public class Orders {
  @PersistenceContext private EntityManager entities;

  @Transactional
  public String place(String customer, String item, int price) {
    ShopOrder order = new ShopOrder(customer, item, price);
    entities.persist(order);
    return order.id();
  }
}
