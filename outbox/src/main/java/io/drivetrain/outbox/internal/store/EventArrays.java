package io.drivetrain.outbox.internal.store;

import io.drivetrain.outbox.EncodedMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * Events as the arrays of an INSERT: bucket, partition, timestamp, topic, key, value, headers. Not
 * thread-safe.
 */
final class EventArrays {

  /** Rows and bytes of one INSERT: far below the driver's and the server's limits for a message. */
  private static final int INSERT_ROWS = 5_000;

  private static final int INSERT_BYTES = 16 << 20;

  /** How many parameters they are. */
  static final int COUNT = 7;

  private final Short[] buckets;
  private final Integer[] partitions;
  private final Long[] timestamps;
  private final String[] topics;
  private final byte[][] keys;
  private final byte[][] values;
  private final byte[][] headers;
  private long fell;

  private EventArrays(int size) {
    buckets = new Short[size];
    partitions = new Integer[size];
    timestamps = new Long[size];
    topics = new String[size];
    keys = new byte[size][];
    values = new byte[size][];
    headers = new byte[size][];
  }

  /** Events in portions, each for one INSERT. */
  static List<List<EncodedMessage>> chunks(List<EncodedMessage> messages) {
    List<List<EncodedMessage>> chunks = new ArrayList<>();
    int from = 0;
    while (from < messages.size()) {
      int to = from;
      long bytes = 0;
      while (to < messages.size()
          && to - from < INSERT_ROWS
          && (to == from || bytes < INSERT_BYTES)) {
        EncodedMessage message = messages.get(to++);
        bytes += message.value() == null ? 0 : message.value().length;
      }
      chunks.add(messages.subList(from, to));
      from = to;
    }
    return chunks;
  }

  static EventArrays of(List<EncodedMessage> messages) {
    EventArrays arrays = new EventArrays(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      EncodedMessage message = messages.get(i);
      arrays.buckets[i] = (short) Buckets.of(message);
      arrays.fell |= 1L << arrays.buckets[i];
      arrays.partitions[i] = message.partition();
      arrays.timestamps[i] = message.timestamp();
      arrays.topics[i] = message.topic();
      arrays.keys[i] = message.key();
      arrays.values[i] = message.value();
      arrays.headers[i] = HeaderCodec.encode(message.headers());
    }
    return arrays;
  }

  /** The buckets they fall into, a bit for each. */
  long fell() {
    return fell;
  }

  /** Sets the first parameters of a statement. */
  void set(Connection connection, PreparedStatement statement) throws SQLException {
    statement.setArray(1, connection.createArrayOf("int2", buckets));
    statement.setArray(2, connection.createArrayOf("int4", partitions));
    statement.setArray(3, connection.createArrayOf("int8", timestamps));
    statement.setArray(4, connection.createArrayOf("text", topics));
    statement.setArray(5, connection.createArrayOf("bytea", keys));
    statement.setArray(6, connection.createArrayOf("bytea", values));
    statement.setArray(7, connection.createArrayOf("bytea", headers));
  }

  /** Sets the first parameters of a statement that takes the only event by itself. */
  void setOnly(PreparedStatement statement) throws SQLException {
    statement.setShort(1, buckets[0]);
    statement.setObject(2, partitions[0], Types.INTEGER);
    statement.setObject(3, timestamps[0], Types.BIGINT);
    statement.setString(4, topics[0]);
    statement.setBytes(5, keys[0]);
    statement.setBytes(6, values[0]);
    statement.setBytes(7, headers[0]);
  }
}
