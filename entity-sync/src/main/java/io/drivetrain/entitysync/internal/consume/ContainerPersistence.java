package io.drivetrain.entitysync.internal.consume;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The container's entity manager and transactions for entity consumers. Thread-safe. */
@ApplicationScoped
public class ContainerPersistence {
  @Inject private Instance<EntityManager> produced;
  @Inject private Instance<DefaultUnit> unit;
  @Inject private Instance<UserTransaction> transactions;

  /** The only unit's, once it has started; any thread may set it. */
  private volatile EntityManager only;

  /** For the container. */
  public ContainerPersistence() {}

  /** The application's own entity manager bean, else its only unit's. */
  public EntityManager entityManager() {
    if (produced.isResolvable()) {
      return produced.get();
    }
    if (unit.isUnsatisfied()) {
      throw new IllegalStateException(
          "no entity manager for an EntityConsumer: persistence.xml declares no unit or several;"
              + " override entityManager() to return one injected with @PersistenceContext");
    }
    if (only == null) {
      DefaultUnit asked = unit.get();
      only = asked.entityManager();
      unit.destroy(asked);
    }
    if (only == null) {
      throw new IllegalStateException(
          "no entity manager for an EntityConsumer: the server has not started the persistence unit;"
              + " its log says why");
    }
    return only;
  }

  /** The container's transactions. */
  public UserTransaction userTransaction() {
    try {
      return (UserTransaction) new InitialContext().lookup("java:comp/UserTransaction");
    } catch (NamingException e) {
      if (transactions.isResolvable()) {
        return transactions.get();
      }
      throw new IllegalStateException(
          "no UserTransaction; expected java:comp/UserTransaction or a bean", e);
    }
  }
}
