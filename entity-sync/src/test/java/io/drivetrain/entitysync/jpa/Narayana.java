package io.drivetrain.entitysync.jpa;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import org.eclipse.persistence.platform.server.ServerPlatformBase;
import org.eclipse.persistence.sessions.DatabaseSession;
import org.eclipse.persistence.transaction.JTATransactionController;

/** The transaction manager of the Java SE tests. */
public final class Narayana {
  static {
    for (String bean : new String[] {"", "communicationStore.", "stateStore."}) {
      System.setProperty(
          "com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean." + bean + "objectStoreDir",
          "target/narayana");
    }
    System.setProperty("com.arjuna.ats.arjuna.nodeIdentifier", "test");
  }

  private Narayana() {}

  public static TransactionManager manager() {
    return com.arjuna.ats.jta.TransactionManager.transactionManager();
  }

  public static UserTransaction user() {
    return com.arjuna.ats.jta.UserTransaction.userTransaction();
  }

  public static TransactionSynchronizationRegistry registry() {
    return new TransactionSynchronizationRegistryImple();
  }

  /** EclipseLink's way to a transaction manager. */
  public static class Platform extends ServerPlatformBase {
    public Platform(DatabaseSession session) {
      super(session);
    }

    @Override
    public Class<? extends org.eclipse.persistence.sessions.ExternalTransactionController>
        getExternalTransactionControllerClass() {
      return Controller.class;
    }
  }

  /** EclipseLink's transactions. */
  public static class Controller extends JTATransactionController {
    @Override
    protected TransactionManager acquireTransactionManager() {
      return manager();
    }
  }
}
