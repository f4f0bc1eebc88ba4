package io.drivetrain.testkitapp.shop;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;

/** Buys. */
@ApplicationScoped
public class Purchases {
  @PersistenceContext EntityManager entities;

  @Transactional
  public void buy(long id, String item) {
    entities.persist(new Purchase(id, item));
  }

  @Transactional
  public void exchange(long id, String item) {
    entities.find(Purchase.class, id).setItem(item);
  }

  @Transactional
  public void giveBack(long id) {
    entities.remove(entities.find(Purchase.class, id));
  }
}
