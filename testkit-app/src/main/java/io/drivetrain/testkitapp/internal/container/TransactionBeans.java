package io.drivetrain.testkitapp.internal.container;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.transaction.UserTransaction;

/** What Narayana leaves to servers. */
@Dependent
public class TransactionBeans {

  /** For the container. */
  public TransactionBeans() {}

  @Produces
  UserTransaction user() {
    return Transactions.user();
  }
}
