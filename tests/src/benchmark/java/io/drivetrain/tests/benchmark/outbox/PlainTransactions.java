package io.drivetrain.tests.benchmark.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Transactions by JDBC that insert events with one batch, on a connection for each thread. */
final class PlainTransactions implements AutoCloseable {
  private final Site site;
  private final String insert;
  private final java.util.Queue<Connection> all =
      new java.util.concurrent.ConcurrentLinkedQueue<>();
  private final ThreadLocal<Connection> mine = ThreadLocal.withInitial(this::open);

  /** Sets the parameters of one event. */
  @FunctionalInterface
  interface Row {
    void set(PreparedStatement statement, String key, String value) throws SQLException;
  }

  private final Row row;

  PlainTransactions(Site site, String insert, Row row) {
    this.site = site;
    this.insert = insert;
    this.row = row;
  }

  private Connection open() {
    try {
      Connection connection = site.dataSource().getConnection();
      connection.setAutoCommit(false);
      all.add(connection);
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void run(Relay.Work work, long first, int count) throws Exception {
    Connection connection = mine.get();
    if (work != null) {
      work.on(connection);
    }
    if (count > 0) {
      try (PreparedStatement statement = connection.prepareStatement(insert)) {
        for (long number = first; number < first + count; number++) {
          row.set(statement, Events.key(number), Events.value(number));
          statement.addBatch();
        }
        statement.executeBatch();
      }
    }
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : all) {
      connection.close();
    }
  }
}
