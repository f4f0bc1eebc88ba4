package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.OutboxException;
import io.drivetrain.outbox.internal.store.LaterTable;
import io.drivetrain.outbox.internal.store.OutboxTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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
    List<EncodedMessage> later = new ArrayList<>();
    List<EncodedMessage> now = new ArrayList<>();
    messages.forEach(message -> (message.deliverAt() == null ? now : later).add(message));
    try (Connection connection = dataSource.getConnection()) {
      if (connection.getAutoCommit()) {
        return writeIfInTransaction(connection, now, later);
      }
      laterTable.insert(connection, later);
      return table.insert(connection, now);
    } catch (SQLException e) {
      if (OutboxTable.isMissing(e)) {
        throw new OutboxException(OutboxTable.missing(schema), e);
      }
      throw new OutboxException(
          messages.size() + " events cannot be written to the outbox: " + e.getMessage(), e);
    }
  }

  /**
   * A connection that commits by itself is not in the transaction: after a timeout a server may
   * hand one out, and events would leave although the transaction rolled back. But Open Liberty
   * reports auto-commit for an XA connection whose transaction has begun; so there the database is
   * asked, every time: what was true of one connection says nothing of one handed out after a
   * timeout.
   */
  private long writeIfInTransaction(
      Connection connection, List<EncodedMessage> now, List<EncodedMessage> later)
      throws SQLException {
    OptionalLong fell = OptionalLong.empty();
    if (later.isEmpty()) {
      fell = table.insertIfInTransaction(connection, now);
    } else if (table.isInTransaction(connection)) {
      laterTable.insert(connection, later);
      fell = OptionalLong.of(table.insert(connection, now));
    }
    return fell.orElseThrow(
        () ->
            new OutboxException(
                now.size()
                    + later.size()
                    + " events cannot be written: the data source of the outbox gave a connection"
                    + " outside of the transaction; it must be a JTA data source, and the"
                    + " transaction must not have ended"));
  }
}
