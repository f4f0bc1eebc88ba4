package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.OutboxException;
import io.drivetrain.outbox.internal.store.LaterTable;
import io.drivetrain.outbox.internal.store.OutboxTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * Inserts events on the connection of the transaction that runs on the calling thread. Thread-safe.
 */
public final class OutboxWriter implements Writer {
  private final DataSource dataSource;
  private final String schema;
  private final OutboxTable table;
  private final LaterTable laterTable;

  /** Over the JTA data source of the application's transactions. */
  public OutboxWriter(DataSource dataSource, String schema) {
    this.dataSource = dataSource;
    this.schema = schema;
    this.table = new OutboxTable(schema);
    this.laterTable = new LaterTable(schema);
  }

  @Override
  public long write(List<EncodedMessage> messages) {
    if (messages.isEmpty()) {
      return 0;
    }
    try (Connection connection = dataSource.getConnection()) {
      // A connection that commits by itself is not in the transaction: after a timeout a server may
      // hand one out, and events would leave although the transaction rolled back.
      if (!isInTransaction(connection)) {
        throw new OutboxException(
            messages.size()
                + " events cannot be written: the data source of the outbox gave a connection"
                + " outside of the transaction; it must be a JTA data source, and the transaction"
                + " must not have ended");
      }
      List<EncodedMessage> later =
          messages.stream().filter(message -> message.deliverAt() != null).toList();
      if (later.isEmpty()) {
        return table.insert(connection, messages);
      }
      laterTable.insert(connection, later);
      return table.insert(
          connection, messages.stream().filter(message -> message.deliverAt() == null).toList());
    } catch (SQLException e) {
      if (OutboxTable.isMissing(e)) {
        throw new OutboxException(OutboxTable.missing(schema), e);
      }
      throw new OutboxException(
          messages.size() + " events cannot be written to the outbox: " + e.getMessage(), e);
    }
  }

  /**
   * Open Liberty reports auto-commit for an XA connection whose transaction has begun, so there the
   * database is asked, one round trip in each transaction that publishes. It is asked every time:
   * what was true of one connection says nothing of one handed out after a timeout.
   */
  private boolean isInTransaction(Connection connection) throws SQLException {
    return !connection.getAutoCommit() || table.isInTransaction(connection);
  }
}
