package io.drivetrain.entitysync.internal.consume;

import java.sql.SQLException;

/** What the database says to a statement of ours. */
final class JdbcFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JdbcFailure(SQLException cause) {
    super(cause.getMessage(), cause);
  }
}
