package io.drivetrain.testkitapp.internal.container;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.nio.file.Path;

/** The transaction manager of this JVM. */
public final class Transactions {
  static {
    // It logs what it has to finish after a crash; a test has nothing to finish.
    String directory = Path.of(System.getProperty("java.io.tmpdir"), "drivetrain-tx").toString();
    for (String bean : new String[] {"", "communicationStore.", "stateStore."}) {
      String key = "com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean." + bean;
      System.setProperty(key + "objectStoreDir", directory);
    }
    System.setProperty("com.arjuna.ats.arjuna.nodeIdentifier", "drivetrain-test");
  }

  private Transactions() {}

  /** The manager. */
  public static TransactionManager manager() {
    return com.arjuna.ats.jta.TransactionManager.transactionManager();
  }

  /** What begins and ends transactions. */
  public static UserTransaction user() {
    return com.arjuna.ats.jta.UserTransaction.userTransaction();
  }

  /** What hears of them. */
  public static TransactionSynchronizationRegistry registry() {
    return new TransactionSynchronizationRegistryImple();
  }
}
