package io.drivetrain.entitysync.internal.consume;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Parts of a transaction that may fail alone. As SQL: drivers refuse JDBC's own calls while a
 * transaction is distributed.
 */
final class Savepoints {
  private final DataSource dataSource;

  Savepoints(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Keeps what the work does, or undoes it and throws. */
  void within(Runnable work) {
    execute("savepoint drivetrain");
    try {
      work.run();
    } catch (RuntimeException failure) {
      try {
        execute("rollback to savepoint drivetrain");
      } catch (JdbcFailure e) {
        // Without the connection nothing can be said of the records.
        e.addSuppressed(failure);
        throw e;
      }
      throw failure;
    }
    execute("release savepoint drivetrain");
  }

  private void execute(String sql) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new JdbcFailure(e);
    }
  }
}
