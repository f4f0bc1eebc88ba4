package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.connector.SystemicFailure;
import io.drivetrain.schema.RegistryUnavailableException;
import jakarta.persistence.LockTimeoutException;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PessimisticLockException;
import jakarta.persistence.QueryTimeoutException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Tells failures that lie in a record from those of the moment, such as a lost connection or a
 * deadlock, for which no record is to blame. What it does not know counts as the former: trying
 * records one by one then shows the truth.
 */
final class Failures {

  /**
   * Classes of SQLSTATE that no record is to blame for: unsupported feature, connection,
   * transaction state, login, missing database, schema, table, column or right, deadlock and
   * serialization, resources, object in use, operator intervention, system error, configuration,
   * internal error.
   */
  private static final Set<String> OF_THE_MOMENT =
      Set.of("08", "0A", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58", "F0", "XX");

  private Failures() {}

  static boolean isTransient(Throwable failure) {
    return isTransient(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static boolean isTransient(Throwable failure, Set<Throwable> seen) {
    if (failure == null || !seen.add(failure)) {
      return false;
    }
    if (failure instanceof SystemicFailure
        || failure instanceof RegistryUnavailableException
        || failure instanceof SQLTransientException
        || failure instanceof SQLRecoverableException
        || failure instanceof SQLNonTransientConnectionException
        || failure instanceof LockTimeoutException
        || failure instanceof PessimisticLockException
        || failure instanceof OptimisticLockException
        || failure instanceof QueryTimeoutException
        || failure instanceof SystemException
        || failure instanceof NotSupportedException) {
      return true;
    }
    if (failure instanceof SQLException sql) {
      String state = sql.getSQLState();
      if (state != null && state.length() == 5 && OF_THE_MOMENT.contains(state.substring(0, 2))) {
        return true;
      }
      if (isTransient(sql.getNextException(), seen)) {
        return true;
      }
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (isTransient(suppressed, seen)) {
        return true;
      }
    }
    return isTransient(failure.getCause(), seen);
  }

  /** The same failure, or one around it where it is checked. */
  static RuntimeException unchecked(Exception failure) {
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("the transaction failed: " + failure, failure);
  }

  /** What the innermost cause says. */
  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < 50; depth++) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
