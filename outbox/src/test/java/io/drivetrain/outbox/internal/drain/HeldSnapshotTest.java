package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.Marker;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.outbox.internal.store.ShardRange;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Draining while a snapshot held elsewhere keeps every deleted row in the index. How many rows pass
 * is the system property {@code drivetrain.held.rows}; the times are printed.
 */
@UsePostgres
class HeldSnapshotTest {
  private static final int ROWS = Integer.getInteger("drivetrain.held.rows", 30_000);
  private static final int BATCH = 1_000;

  private final Postgres postgres;
  private final Markers markers = new Markers();
  private final AtomicLong late = new AtomicLong();
  private final OutboxTable table = new OutboxTable("drivetrain");
  private String database;
  private AgroalDataSource pool;
  private Database ours;

  HeldSnapshotTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "drainer"})
  void no_read_walks_over_more_than_the_last_batches(String role) throws SQLException {
    database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    pool = as(role);
    ours = new Database(pool, 1, OutboxTable.lastDrawn("drivetrain"));
    ShardReader reader = reader();
    List<Long> nanos = new ArrayList<>();
    try (Connection elsewhere = postgres.dataSource(database).getConnection()) {
      hold(elsewhere);
      for (int written = 0; written < ROWS; written += 10 * BATCH) {
        write(10 * BATCH);
        // One batch stays under way all the time, as in a drainer.
        List<OutboxRow> before = List.of();
        while (true) {
          long start = System.nanoTime();
          List<OutboxRow> rows = reader.read(Set.of(), ids(before), BATCH, 16 << 20);
          nanos.add(System.nanoTime() - start);
          assertThat(rows).hasSizeLessThanOrEqualTo(BATCH);
          if (nanos.size() > 3 && !rows.isEmpty()) {
            long walked = rows.get(rows.size() - 1).id() - reader.passed();
            assertThat(walked).as("index entries of read %d", nanos.size()).isLessThan(4 * BATCH);
          }
          delete(reader, before);
          if (rows.isEmpty()) {
            break;
          }
          before = rows;
        }
      }
    }
    pool.close();
    assertThat(postgres.count(database, "drivetrain.outbox")).isZero();
    assertThat(late).hasValue(0);
    print(nanos);
  }

  @Test
  void rows_that_are_under_way_count_as_waiting_although_reads_begin_behind_them()
      throws SQLException {
    database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    pool = as("postgres");
    ours = new Database(pool, 1, OutboxTable.lastDrawn("drivetrain"));
    ShardReader reader = reader();
    write(10);
    List<OutboxRow> rows = reader.read(Set.of(), Set.of(), BATCH, 1 << 20);
    markers.add(ours.write((connection, begun) -> begun));
    for (int i = 0; i < 2; i++) {
      assertThat(reader.read(Set.of(), ids(rows), BATCH, 1 << 20)).isEmpty();
    }

    assertThat(reader.passed()).isEqualTo(rows.get(0).id() - 1);

    delete(reader, rows);
    for (int i = 0; i < 2; i++) {
      assertThat(reader.read(Set.of(), Set.of(), BATCH, 1 << 20)).isEmpty();
    }
    assertThat(reader.passed()).isEqualTo(rows.get(9).id());
    pool.close();
  }

  private ShardReader reader() {
    return new ShardReader(
        ShardRange.of(0, 1),
        ours,
        table,
        markers,
        late::addAndGet,
        System::nanoTime,
        ShardReader.SWEEP);
  }

  /** A role that may drain, but not look at the sequence: then the ids that were read must do. */
  private AgroalDataSource as(String role) {
    if (role.equals("postgres")) {
      return Jta.pool(postgres, database);
    }
    String name = "drainer_" + database;
    for (String sql :
        List.of(
            "create role " + name + " login password 'd'",
            "grant usage on schema drivetrain to " + name,
            "grant select, insert, delete on drivetrain.outbox to " + name)) {
      postgres.execute(database, sql);
    }
    return Jta.pool(postgres.jdbcUrl(database), name, "d");
  }

  private static void hold(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement()) {
      statement.execute("select 1");
    }
  }

  private void write(int count) throws SQLException {
    List<EncodedMessage> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
      messages.add(new EncodedMessage("t", bytes, new byte[256], List.of(), null, null));
    }
    ours.transaction(connection -> table.insert(connection, messages));
  }

  private void delete(ShardReader reader, List<OutboxRow> rows) throws SQLException {
    if (!rows.isEmpty()) {
      Marker.Seen seen = reader.highest();
      Marker marker =
          ours.write(
              (connection, begun) -> {
                table.delete(connection, List.copyOf(ids(rows)));
                return begun;
              });
      markers.add(marker.after(seen));
    }
  }

  private static Set<Long> ids(List<OutboxRow> rows) {
    return new java.util.LinkedHashSet<>(rows.stream().map(OutboxRow::id).toList());
  }

  private static void print(List<Long> nanos) {
    int tenth = Math.max(1, nanos.size() / 10);
    double first = median(nanos.subList(tenth, 3 * tenth));
    double last = median(nanos.subList(nanos.size() - 2 * tenth, nanos.size()));
    System.out.printf(
        Locale.ROOT,
        "read time per batch of %d, %d rows passed: %.2f ms at first, %.2f ms in the end, ratio"
            + " %.2f%n",
        BATCH,
        ROWS,
        first,
        last,
        last / first);
  }

  private static double median(List<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(n -> n).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1e6;
  }
}
