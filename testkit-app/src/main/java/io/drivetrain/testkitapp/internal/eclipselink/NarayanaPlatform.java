package io.drivetrain.testkitapp.internal.eclipselink;

import io.drivetrain.testkitapp.internal.container.Transactions;
import jakarta.transaction.TransactionManager;
import org.eclipse.persistence.platform.server.ServerPlatformBase;
import org.eclipse.persistence.sessions.DatabaseSession;
import org.eclipse.persistence.sessions.ExternalTransactionController;
import org.eclipse.persistence.transaction.JTATransactionController;

/** Names the transaction manager to EclipseLink, which makes it. */
public class NarayanaPlatform extends ServerPlatformBase {

  /** For EclipseLink. */
  public NarayanaPlatform(DatabaseSession session) {
    super(session);
  }

  @Override
  public Class<? extends ExternalTransactionController> getExternalTransactionControllerClass() {
    return Controller.class;
  }

  /** Its transactions. */
  public static class Controller extends JTATransactionController {
    @Override
    protected TransactionManager acquireTransactionManager() {
      return Transactions.manager();
    }
  }
}
