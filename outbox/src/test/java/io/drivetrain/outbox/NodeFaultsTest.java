package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.OtherProcess;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * Three nodes in processes of their own share three shards and are killed, or frozen for less or
 * more than their leases last, at random moments while transactions go on. The profile faults does
 * so for ten minutes.
 */
@UseKafka
@UsePostgres
class NodeFaultsTest {
  private static final int SECONDS = Integer.getInteger("drivetrain.faults.seconds", 8);
  private static final int NODES = 3;
  private static final int BATCH = 50;
  private static final int KEYS = 20;
  private static final int WRITERS = 4;

  /** What {@link OtherProcess} nodes have. */
  private static final Duration LEASE = Duration.ofSeconds(3);

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private final long seed = Long.getLong("drivetrain.faults.seed", System.nanoTime());
  private final List<OtherProcess> nodes = new ArrayList<>();
  private Shop shop;
  private Topic topic;
  private int started;
  private int killed;
  private int frozen;
  private volatile boolean over;

  NodeFaultsTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @Test
  void whatever_happens_to_nodes_nothing_is_lost_and_what_is_new_comes_in_order() throws Exception {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ExecutorService writers = Executors.newCachedThreadPool();
    topic = kafka.newTopic("faults", 3);
    try (Shop opened = Shop.on(postgres)) {
      shop = opened;
      postgres.execute(shop.database(), "create table entity (id int primary key, version int)");
      postgres.execute(
          shop.database(), "insert into entity select generate_series(0, " + (KEYS - 1) + "), 0");
      for (int i = 0; i < NODES; i++) {
        nodes.add(start());
      }
      eventually(() -> assertThat(nodes).allMatch(node -> node.lines().contains("STARTED")));
      List<Future<?>> writing = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Random own = new Random(random.nextLong());
        writing.add(writers.submit(() -> write(own)));
      }

      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (System.nanoTime() < end) {
        disturb(random);
      }
      over = true;
      for (Future<?> each : writing) {
        each.get(60, TimeUnit.SECONDS);
      }

      eventually(Duration.ofSeconds(90), () -> assertThat(shop.waiting()).isZero());
      judge();
    } finally {
      nodes.forEach(OtherProcess::close);
      writers.shutdownNow();
    }
  }

  private OtherProcess start() {
    return OtherProcess.drain(
        postgres, shop, kafka, "n" + started++, "shards=" + NODES, "batch=" + BATCH);
  }

  /** Kills or freezes one or two nodes and brings them back. */
  private void disturb(Random random) throws Exception {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
    int first = random.nextInt(NODES);
    List<Integer> who =
        random.nextInt(4) == 0 ? List.of(first, (first + 1) % NODES) : List.of(first);
    boolean kill = random.nextBoolean();
    for (int i : who) {
      if (kill) {
        nodes.get(i).kill();
        killed++;
      } else {
        nodes.get(i).freeze();
        frozen++;
      }
    }
    boolean longerThanLease = random.nextInt(3) == 0;
    TimeUnit.MILLISECONDS.sleep(
        longerThanLease ? LEASE.toMillis() + random.nextInt(2_000) : random.nextInt(1_000));
    for (int i : who) {
      if (kill) {
        nodes.set(i, start());
      } else {
        nodes.get(i).thaw();
      }
    }
  }

  private Void write(Random random) throws Exception {
    while (!over) {
      int key = random.nextInt(KEYS);
      boolean rollsBack = random.nextInt(10) == 0;
      Jta.manager().begin();
      try {
        change(key);
        TimeUnit.MICROSECONDS.sleep(random.nextInt(2_000));
        if (random.nextInt(5) == 0) {
          change(key);
        }
      } catch (SQLException | RuntimeException e) {
        Jta.manager().rollback();
        throw e;
      }
      if (rollsBack) {
        Jta.manager().rollback();
      } else {
        Jta.manager().commit();
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(15));
    }
    return null;
  }

  private void change(int key) throws SQLException {
    try (Connection connection = shop.dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "update entity set version = version + 1 where id = ? returning version")) {
      statement.setInt(1, key);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        String version = Integer.toString(result.getInt(1));
        shop.outbox().publish(topic.name(), key, version.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private void judge() {
    Map<Integer, List<Integer>> first = new TreeMap<>();
    Map<Integer, List<Integer>> guarded = new TreeMap<>();
    Map<Integer, Long> passed = new HashMap<>();
    int repeated = 0;
    int records = 0;
    for (ConsumerRecord<String, String> record : topic.records()) {
      int key = Integer.parseInt(record.key());
      int version = Integer.parseInt(record.value());
      records++;
      List<Integer> ofKey = first.computeIfAbsent(key, any -> new ArrayList<>());
      // Versions are dense, so what is new is one more than the last new one, or out of order.
      if (version > ofKey.size()) {
        ofKey.add(version);
      } else {
        repeated++;
      }
      long id = id(record);
      if (id > passed.getOrDefault(key, 0L)) {
        passed.put(key, id);
        guarded.computeIfAbsent(key, any -> new ArrayList<>()).add(version);
      }
    }
    Map<Integer, List<Integer>> expected = new TreeMap<>();
    for (Map<String, Object> row :
        postgres.rows(shop.database(), "select id, version from entity where version > 0")) {
      expected.put(
          (Integer) row.get("id"),
          IntStream.rangeClosed(1, (Integer) row.get("version")).boxed().toList());
    }
    // Each fault repeats two batches of each shard, at most.
    int allowed = (killed + frozen) * 2 * BATCH * NODES;
    System.out.printf(
        Locale.ROOT,
        "%d s: %d nodes killed, %d frozen, %d records, %d of them repeated (%d allowed), seed %d%n",
        SECONDS,
        killed,
        frozen,
        records,
        repeated,
        allowed,
        seed);
    assertThat(first).as("first occurrences, seed %d", seed).isEqualTo(expected);
    assertThat(guarded).as("past a guard by drivetrain-id, seed %d", seed).isEqualTo(expected);
    assertThat(repeated).as("seed %d", seed).isLessThanOrEqualTo(allowed);
  }

  private static long id(ConsumerRecord<String, String> record) {
    return Long.parseLong(
        new String(
            record.headers().lastHeader("drivetrain-id").value(), StandardCharsets.US_ASCII));
  }
}
