package io.drivetrain.outbox.internal.admin;

import io.drivetrain.outbox.OutboxAdmin;
import io.drivetrain.outbox.OutboxException;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.outbox.internal.store.ParkedTable;
import io.drivetrain.outbox.internal.store.PauseTable;
import io.drivetrain.outbox.internal.store.Pauses;
import io.drivetrain.outbox.internal.store.ScheduledTable;
import io.drivetrain.outbox.internal.store.ShardRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** The commands of operators over the tables. Thread-safe. */
public final class Administration implements OutboxAdmin {

  /** Rows sent again in one transaction. */
  private static final int CHUNK = 5_000;

  private static final int MOST_BLOCKED = 1_000;
  private static final String LOCK_TIMEOUT = "55P03";
  private static final String STATEMENT_TIMEOUT = "57014";

  private final Database database;
  private final String schema;
  private final ParkedTable parkedTable;
  private final ScheduledTable scheduledTable;
  private final PauseTable pauseTable;
  private final TopicKeys names;
  private final Runnable check;
  private final Runnable changed;

  /**
   * @param dataSource of which one connection at a time is used
   * @param names how topics and keys are written
   * @param check throws if nothing can be done on the calling thread
   * @param changed called after each pause and resume, so that this node heeds it at once
   */
  public Administration(
      DataSource dataSource, String schema, TopicKeys names, Runnable check, Runnable changed) {
    this.database = new Database(dataSource, 1, OutboxTable.lastDrawn(schema));
    this.schema = schema;
    this.parkedTable = new ParkedTable(schema);
    this.scheduledTable = new ScheduledTable(schema);
    this.pauseTable = new PauseTable(schema);
    this.names = names;
    this.check = check;
    this.changed = changed;
  }

  @Override
  public List<Parked> parked(Filter filter) {
    return transaction(connection -> parkedTable.list(connection, named(filter)));
  }

  private Filter named(Filter filter) {
    return new Filter(
        names.topic(filter.topic()), filter.key(), filter.reason(), filter.after(), filter.limit());
  }

  @Override
  public Optional<Peeked> peek(long id) {
    return transaction(connection -> parkedTable.peek(connection, id));
  }

  @Override
  public boolean retry(long id) {
    return transaction(
        connection -> {
          Optional<Boolean> blocked = parkedTable.isBlocked(connection, id);
          if (blocked.orElse(false)) {
            throw new IllegalStateException(
                "Row "
                    + id
                    + " is of a blocked key; unblock the key, which sends all its parked rows in"
                    + " order");
          }
          return parkedTable.retry(connection, id) > 0;
        });
  }

  @Override
  public int retryKey(String name, Object key) {
    String topic = names.topic(name);
    byte[] bytes = names.key(topic, key);
    int unblocked = bytes == null ? 0 : unblockIfBlocked(topic, bytes).orElse(0);
    return unblocked
        + inChunks(
            (connection, upTo) -> parkedTable.retryKey(connection, topic, bytes, upTo, CHUNK));
  }

  @Override
  public int retryTopic(String name) {
    String topic = names.topic(name);
    return unblockIfBlocked(topic, null).orElse(0)
        + inChunks((connection, upTo) -> parkedTable.retryTopic(connection, topic, upTo, CHUNK));
  }

  private interface Chunk {
    int on(Connection connection, long upTo) throws SQLException;
  }

  /** Up to the rows parked now: what is refused once more must not be taken in circles. */
  private int inChunks(Chunk chunk) {
    long upTo = transaction(parkedTable::highest);
    int sum = 0;
    int moved;
    do {
      moved = transaction(connection -> chunk.on(connection, upTo));
      sum += moved;
    } while (moved == CHUNK);
    return sum;
  }

  @Override
  public boolean park(long id) {
    return transaction(
        connection -> {
          if (parkedTable.park(connection, id) > 0) {
            return true;
          }
          if (parkedTable.waits(connection, id)) {
            throw new IllegalStateException(
                "Row " + id + " may be on its way; pause its topic before it is parked");
          }
          return false;
        });
  }

  @Override
  public boolean discard(long id) {
    return transaction(connection -> parkedTable.discard(connection, id)) > 0;
  }

  @Override
  public int discardKey(String name, Object key) {
    String topic = names.topic(name);
    return transaction(
        connection -> parkedTable.discardKey(connection, topic, names.key(topic, key)));
  }

  @Override
  public List<BlockedKey> blocked() {
    return transaction(connection -> parkedTable.blocked(connection, MOST_BLOCKED));
  }

  @Override
  public OptionalLong unblock(String name, Object key) {
    if (key == null) {
      return OptionalLong.empty(); // rows without a key have no order, they are never blocked
    }
    String topic = names.topic(name);
    OptionalInt rows = unblockIfBlocked(topic, names.key(topic, key));
    return rows.isPresent() ? OptionalLong.of(rows.getAsInt()) : OptionalLong.empty();
  }

  /** Looks first, because unblocking makes transactions wait. */
  private OptionalInt unblockIfBlocked(String topic, byte[] key) {
    return transaction(
        connection ->
            parkedTable.hasBlocked(connection, topic, key)
                ? OptionalInt.of(parkedTable.unblock(connection, topic, key))
                : OptionalInt.empty());
  }

  @Override
  public List<Scheduled> scheduled(Filter filter) {
    if (filter.reason() != null) {
      throw new IllegalArgumentException("events for later have no reason to look for");
    }
    return transaction(connection -> scheduledTable.list(connection, named(filter)));
  }

  @Override
  public boolean cancel(long id) {
    return transaction(connection -> scheduledTable.cancel(connection, id)) > 0;
  }

  @Override
  public int cancelKey(String name, Object key) {
    String topic = names.topic(name);
    return transaction(
        connection -> scheduledTable.cancelKey(connection, topic, names.key(topic, key)));
  }

  @Override
  public boolean deliverNow(long id) {
    return transaction(connection -> scheduledTable.deliver(connection, id)) > 0;
  }

  @Override
  public List<Pause> pauses() {
    return transaction(
        connection -> {
          int shards = pauseTable.shards(connection).orElse(1);
          return pauseTable.read(connection).rows().stream()
              .map(row -> pause(row, shards))
              .toList();
        });
  }

  private static Pause pause(Pauses.Row row, int shards) {
    List<Integer> met =
        IntStream.range(0, shards)
            .filter(shard -> row.meets(ShardRange.of(shard, shards)))
            .boxed()
            .toList();
    return new Pause(
        Optional.of(row.topic()).filter(topic -> !topic.isEmpty()),
        row.lastBucket() - row.firstBucket() == ShardRange.ALL.lastBucket() ? List.of() : met,
        row.since(),
        row.stoppedAt() == null ? OptionalLong.empty() : OptionalLong.of(row.stoppedAt()),
        Optional.ofNullable(row.reason()));
  }

  @Override
  public boolean pause(Scope scope, String reason) {
    int paused =
        transaction(
            connection ->
                pauseTable.pause(connection, topic(scope), range(connection, scope), null, reason));
    changed.run();
    return paused > 0;
  }

  @Override
  public boolean resume(Scope scope) {
    int resumed =
        transaction(
            connection -> pauseTable.resume(connection, topic(scope), range(connection, scope)));
    changed.run();
    return resumed > 0;
  }

  private String topic(Scope scope) {
    return scope.topic() == null ? "" : names.topic(scope.topic());
  }

  private ShardRange range(Connection connection, Scope scope) throws SQLException {
    if (scope.shard() == null) {
      return ShardRange.ALL;
    }
    int shards = pauseTable.shards(connection).orElse(1);
    if (scope.shard() < 0 || scope.shard() >= shards) {
      throw new IllegalArgumentException(
          "There is no shard " + scope.shard() + "; expected 0 to " + (shards - 1));
    }
    return ShardRange.of(scope.shard(), shards);
  }

  private <T> T transaction(Database.Work<T> work) {
    check.run();
    try {
      return database.transaction(work);
    } catch (SQLException e) {
      if (OutboxTable.isMissing(e)) {
        throw new OutboxException(OutboxTable.missing(schema), e);
      }
      if (LOCK_TIMEOUT.equals(e.getSQLState()) || STATEMENT_TIMEOUT.equals(e.getSQLState())) {
        throw new OutboxException(
            "Nothing was unblocked, because transactions that have published stay open or very many"
                + " rows wait; try again later ("
                + e.getMessage()
                + ")",
            e);
      }
      throw new OutboxException("The database cannot be used: " + e.getMessage(), e);
    }
  }
}
