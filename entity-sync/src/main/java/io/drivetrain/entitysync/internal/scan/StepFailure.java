package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.EntityEventException;
import io.drivetrain.outbox.MessageTooLargeException;
import io.drivetrain.schema.CodecException;
import jakarta.persistence.LockTimeoutException;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PessimisticLockException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Why a step was rolled back. */
enum StepFailure {
  /** Somebody else is at a row, and will be done with it. */
  BUSY,
  /** An entity cannot be published as it is. */
  INVALID,
  /** Anything else, the database being away among it. */
  OTHER;

  static StepFailure of(Throwable thrown) {
    List<Throwable> causes = causes(thrown);
    for (Throwable each : causes) {
      // What the database says counts first: a provider calls whatever fails while it locks a lock.
      if (each instanceof SQLException sql) {
        return isBusy(sql.getSQLState()) ? BUSY : OTHER;
      }
    }
    StepFailure found = OTHER;
    for (Throwable each : causes) {
      if (each instanceof PessimisticLockException
          || each instanceof LockTimeoutException
          || each instanceof OptimisticLockException) {
        return BUSY;
      }
      if (each instanceof EntityEventException
          || each instanceof CodecException
          || each instanceof MessageTooLargeException) {
        found = INVALID;
      }
    }
    return found;
  }

  /** The sentence that says most. */
  static String sentence(Throwable thrown) {
    List<Throwable> causes = causes(thrown);
    Throwable telling =
        causes.stream()
            .filter(each -> each instanceof EntityEventException)
            .findFirst()
            .or(() -> causes.stream().filter(each -> each instanceof SQLException).findFirst())
            .orElse(causes.get(causes.size() - 1));
    String message = telling.getMessage();
    return message == null
        ? telling.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }

  /** Itself, its causes and what was suppressed, the innermost cause last. */
  private static List<Throwable> causes(Throwable thrown) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable each = thrown; each != null && !causes.contains(each); each = each.getCause()) {
      for (Throwable suppressed : each.getSuppressed()) {
        causes.add(0, suppressed);
      }
      causes.add(each);
    }
    return causes;
  }

  private static boolean isBusy(String state) {
    return "55P03".equals(state) || "40P01".equals(state) || "40001".equals(state);
  }
}
