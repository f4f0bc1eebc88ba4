package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.fixture.Versions;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.RollbackException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * One writer to many change a few hot rows, each in a transaction of random length and isolation
 * level, with savepoints, that may roll back, and publish the row's new version. Kafka must end
 * with every committed version of every row, once and in order, although transactions commit in
 * another order than they began, and although the node that drains changes meanwhile. The profile
 * fuzz runs it ten times as long.
 */
@UseKafka
@UsePostgres
class CommitOrderTest {
  private static final int KEYS = 20;
  private static final int TRANSACTIONS =
      Integer.getInteger("drivetrain.fuzz.transactions", 20_000);

  private static final String SERIALIZABLE = "serializable";
  private static final String SERIALIZATION = "40001";

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private final long seed = Long.getLong("drivetrain.fuzz.seed", System.nanoTime());
  private final AtomicInteger committed = new AtomicInteger();
  private OutboxNode owner;
  private int nodes;

  CommitOrderTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @Test
  void every_key_arrives_complete_and_in_commit_order() throws Exception {
    System.out.println("seed " + seed);
    Topic topic = kafka.newTopic("fuzz", 3);
    Random random = new Random(seed);
    ExecutorService writers = Executors.newCachedThreadPool();
    try (Shop shop = Shop.on(postgres)) {
      Versions versions = Versions.of(KEYS, postgres, shop, topic);

      run(shop, versions, writers, random, 1, TRANSACTIONS / 50);
      run(shop, versions, writers, random, 2 + random.nextInt(10), TRANSACTIONS / 4);
      run(shop, versions, writers, random, 12 + random.nextInt(20), TRANSACTIONS / 2);
      run(shop, versions, writers, random, 32, TRANSACTIONS);

      eventually(Duration.ofSeconds(60), () -> assertThat(shop.waiting()).isZero());
      assertThat(committed.get()).isGreaterThanOrEqualTo(TRANSACTIONS);
      assertThat(shop.late()).as("rows that only a sweep found, seed %d", seed).isZero();
      assertEverythingArrivedInOrder(versions, topic);
    } finally {
      writers.shutdownNow();
    }
  }

  /** Writes until so many transactions have committed. */
  private void run(
      Shop shop, Versions versions, ExecutorService threads, Random seeds, int writers, int until)
      throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      Random random = new Random(seeds.nextLong());
      running.add(threads.submit(() -> write(shop, versions, random, until)));
    }
    changeOwners(shop, running);
    for (Future<?> each : running) {
      each.get(120, TimeUnit.SECONDS);
    }
  }

  /** Hands the shard from node to node while the writers write. */
  private void changeOwners(Shop shop, List<Future<?>> running) throws InterruptedException {
    while (running.stream().anyMatch(writer -> !writer.isDone())) {
      OutboxNode next = shop.drain("n" + nodes++, kafka.bootstrapServers());
      if (owner != null) {
        owner.stop();
      }
      owner = next;
      int before = committed.get();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (committed.get() < before + 5_000
          && System.nanoTime() < end
          && running.stream().anyMatch(writer -> !writer.isDone())) {
        Thread.sleep(20);
      }
    }
  }

  private Void write(Shop shop, Versions versions, Random random, int until) throws Exception {
    while (committed.get() < until) {
      TreeSet<Integer> keys = new TreeSet<>();
      IntStream.range(0, 1 + random.nextInt(2)).forEach(i -> keys.add(random.nextInt(KEYS)));
      String level = level(random);
      Jta.manager().begin();
      try {
        execute(shop, "set transaction isolation level " + level);
        pause(random, 1_000);
        for (int key : keys) {
          savepoint(shop, random);
          versions.change(key);
          pause(random, 500);
        }
        if (random.nextInt(100) == 0) {
          pause(random, 20_000);
        }
      } catch (SQLException | RuntimeException e) {
        Jta.manager().rollback();
        if (e instanceof SQLException sql && SERIALIZATION.equals(sql.getSQLState())) {
          continue;
        }
        throw e;
      }
      if (random.nextInt(10) == 0) {
        Jta.manager().rollback();
      } else {
        commit(level);
      }
    }
    return null;
  }

  private static String level(Random random) {
    return switch (random.nextInt(30)) {
      case 0 -> SERIALIZABLE;
      case 1, 2 -> "repeatable read";
      default -> "read committed";
    };
  }

  private void commit(String level) throws Exception {
    try {
      Jta.manager().commit();
      committed.incrementAndGet();
    } catch (RollbackException | HeuristicRollbackException | HeuristicMixedException refused) {
      // Only such a transaction may be refused so late; what it did, the table says in the end.
      assertThat(level).isEqualTo(SERIALIZABLE);
    }
  }

  /**
   * Often what follows is part of a savepoint, or something was undone by one before; so rows have
   * ids of subtransactions, and locks come and go.
   */
  private static void savepoint(Shop shop, Random random) throws SQLException {
    switch (random.nextInt(10)) {
      case 0 -> execute(shop, "savepoint kept");
      case 1 -> {
        execute(shop, "savepoint undone");
        // Behind all others, so that locks are still taken in order.
        execute(shop, "update entity set version = version + 1000 where id = " + (KEYS - 1));
        execute(shop, "rollback to savepoint undone");
      }
      default -> {}
    }
  }

  private static void execute(Shop shop, String sql) throws SQLException {
    try (Connection connection = shop.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void pause(Random random, int maxMicros) throws InterruptedException {
    TimeUnit.MICROSECONDS.sleep(random.nextInt(maxMicros));
  }

  private void assertEverythingArrivedInOrder(Versions versions, Topic topic) {
    Map<Integer, List<Integer>> arrived = new TreeMap<>();
    topic
        .records()
        .forEach(
            record ->
                arrived
                    .computeIfAbsent(Integer.valueOf(record.key()), key -> new ArrayList<>())
                    .add(Integer.valueOf(record.value())));
    assertThat(arrived).as("seed %d", seed).isEqualTo(versions.committed());
  }
}
