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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Writers that commit in any order, on a real server, and a reader for each of two shards. Every
 * few reads one is a sweep, which would find what the cursor has passed over.
 */
@UsePostgres
class LateCommitTest {
  private static final int WRITERS = 10;
  private static final int KEYS = 12;
  private static final int SHARDS = 2;
  private static final int TRANSACTIONS = Integer.getInteger("drivetrain.late.transactions", 4_000);

  private final Postgres postgres;
  private final long seed = Long.getLong("drivetrain.fuzz.seed", System.nanoTime());
  private final AtomicInteger committed = new AtomicInteger();
  private final AtomicLong late = new AtomicLong();
  private final AtomicBoolean written = new AtomicBoolean();
  private final Markers markers = new Markers();
  private final OutboxTable table = new OutboxTable("drivetrain");
  private String database;
  private AgroalDataSource pool;

  LateCommitTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @Test
  void the_cursor_passes_over_nothing() throws Exception {
    database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    postgres.execute(database, "create table entity (id int primary key, version int)");
    postgres.execute(
        database, "insert into entity select generate_series(0, " + (KEYS - 1) + "), 0");
    // As on a server; a read in a session that is new begins at the beginning.
    pool = Jta.pool(postgres, database);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Random random = new Random(seed + i);
        writers.add(threads.submit(() -> write(random)));
      }
      List<Future<Map<String, List<Integer>>>> readers = new ArrayList<>();
      for (int i = 0; i < SHARDS; i++) {
        int shard = i;
        readers.add(threads.submit(() -> read(shard, new Random(seed + WRITERS + shard))));
      }
      for (Future<?> each : writers) {
        each.get(120, TimeUnit.SECONDS);
      }
      written.set(true);
      Map<String, List<Integer>> arrived = new TreeMap<>();
      for (Future<Map<String, List<Integer>>> each : readers) {
        arrived.putAll(each.get(60, TimeUnit.SECONDS));
      }

      assertThat(late).as("found by sweeps only, seed %d", seed).hasValue(0);
      assertThat(arrived).as("seed %d", seed).isEqualTo(expected());
    } finally {
      threads.shutdownNow();
      pool.close();
    }
  }

  private Void write(Random random) throws Exception {
    try (Connection connection = postgres.dataSource(database).getConnection()) {
      connection.setAutoCommit(false);
      while (committed.get() < TRANSACTIONS) {
        int key = random.nextInt(KEYS);
        int version = change(connection, key);
        pause(random, 1_000);
        byte[] name = Integer.toString(key).getBytes(StandardCharsets.UTF_8);
        byte[] value = Integer.toString(version).getBytes(StandardCharsets.UTF_8);
        table.insert(
            connection, List.of(new EncodedMessage("t", name, value, List.of(), null, null)));
        // Here its id is drawn and nobody sees it yet.
        pause(random, random.nextInt(50) == 0 ? 60_000 : 2_000);
        if (random.nextInt(10) == 0) {
          connection.rollback();
        } else {
          connection.commit();
          committed.incrementAndGet();
        }
      }
    }
    return null;
  }

  private static int change(Connection connection, int key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update entity set version = version + 1 where id = ? returning version")) {
      statement.setInt(1, key);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getInt(1);
      }
    }
  }

  /** Values by key, in the order they were read. */
  private Map<String, List<Integer>> read(int shard, Random random) throws Exception {
    Database ours = new Database(pool, 2, OutboxTable.lastDrawn("drivetrain"));
    ShardReader reader =
        new ShardReader(
            ShardRange.of(shard, SHARDS),
            ours,
            table,
            markers,
            late::addAndGet,
            System::nanoTime,
            Duration.ofMillis(100));
    Map<String, List<Integer>> arrived = new TreeMap<>();
    Set<Long> underWay = new LinkedHashSet<>();
    boolean last = false;
    while (true) {
      // Asked before the read: what it does not see was not committed then.
      boolean end = written.get();
      List<OutboxRow> rows = reader.read(Set.of(), underWay, 1 + random.nextInt(40), 1 << 20);
      for (OutboxRow row : rows) {
        underWay.add(row.id());
        arrived
            .computeIfAbsent(text(row.key()), key -> new ArrayList<>())
            .add(Integer.valueOf(text(row.value())));
      }
      if (underWay.size() > 60 || random.nextInt(3) == 0 || end) {
        delete(ours, reader, underWay);
      }
      if (end && rows.isEmpty()) {
        if (last) {
          return arrived;
        }
        last = true;
      }
      pause(random, 3_000);
    }
  }

  private void delete(Database ours, ShardReader reader, Set<Long> ids) throws SQLException {
    Marker.Seen seen = reader.highest();
    Marker marker =
        ours.write(
            (connection, begun) -> {
              table.delete(connection, List.copyOf(ids));
              return begun;
            });
    markers.add(marker.after(seen));
    ids.clear();
  }

  private Map<String, List<Integer>> expected() {
    Map<String, List<Integer>> expected = new TreeMap<>();
    for (Map<String, Object> row :
        postgres.rows(database, "select id, version from entity where version > 0")) {
      expected.put(
          row.get("id").toString(),
          IntStream.rangeClosed(1, (Integer) row.get("version")).boxed().toList());
    }
    return expected;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void pause(Random random, int maxMicros) throws InterruptedException {
    TimeUnit.MICROSECONDS.sleep(random.nextInt(maxMicros));
  }
}
