package io.drivetrain.entitysync.jpa;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.entitysync.shop.Stock;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One writer to many change a few hot entities without a version through JPA, in transactions of
 * random length and isolation level that may flush early, use savepoints, publish something of
 * their own for the same key, and roll back. Kafka must end with the state that each committed
 * transaction left of each entity, once and in the order in which the rows were locked, although
 * the provider batches its statements and the node that drains changes meanwhile. The profile fuzz
 * runs it with 50 000 transactions for each provider.
 */
@UseKafka
@UsePostgres
class JpaCommitOrderTest {
  private static final int KEYS = 20;
  private static final int TRANSACTIONS = Integer.getInteger("drivetrain.fuzz.transactions", 300);

  /** A deadlock, or a row that another transaction has changed under a strict isolation level. */
  private static final Set<String> REFUSED = Set.of("40P01", "40001");

  /**
   * What rolls back here is meant to. Held, because loggers that nobody holds forget their level.
   */
  private static final List<Logger> QUIET =
      List.of(
          Logger.getLogger("com.arjuna"),
          Logger.getLogger("org.hibernate.orm.jdbc.error"),
          Logger.getLogger("org.hibernate.orm.jdbc.batch"));

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private final long seed = Long.getLong("drivetrain.fuzz.seed", System.nanoTime());
  private final AtomicInteger committed = new AtomicInteger();
  private final AtomicInteger transactions = new AtomicInteger();
  private final AtomicInteger ids = new AtomicInteger(KEYS + 1);
  private final Draining draining = new Draining();
  private Shop shop;
  private Topic topic;
  private StockHistory history;

  JpaCommitOrderTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @ParameterizedTest
  @EnumSource(Provider.class)
  void every_key_arrives_complete_and_in_commit_order(Provider provider) throws Exception {
    QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    String label = provider + " seed " + seed;
    System.out.println(label);
    Random random = new Random(seed);
    ExecutorService writers = Executors.newCachedThreadPool();
    topic = kafka.newTopic("stock", 3);
    System.setProperty("drivetrain.entity-sync.published.Stock.topic", topic.name());
    try (Shop opened = new Shop(provider, postgres, draining);
        draining) {
      shop = opened;
      shop.logNothing(provider);
      draining.open(shop, postgres);
      postgres.execute(
          shop.database, "insert into stock (id) select generate_series(1, " + KEYS + ")");
      postgres.execute(
          shop.database, "alter database " + shop.database + " set deadlock_timeout = '50ms'");
      history = new StockHistory(postgres, shop.database);

      run(writers, random, 1, TRANSACTIONS / 20);
      run(writers, random, 2 + random.nextInt(10), TRANSACTIONS / 4);
      run(writers, random, 12 + random.nextInt(20), TRANSACTIONS / 2);
      run(writers, random, 32, TRANSACTIONS);

      eventually(Duration.ofSeconds(60), () -> assertThat(draining.waiting()).isZero());
      assertThat(history.committed()).as(label).isGreaterThanOrEqualTo(TRANSACTIONS);
      assertThat(draining.late()).as("rows only a sweep found, %s", label).isZero();
      history.assertArrived(topic, label);
      history.assertFinalStates(topic, label);
    } finally {
      QUIET.forEach(logger -> logger.setLevel(null));
      System.clearProperty("drivetrain.entity-sync.published.Stock.topic");
      writers.shutdownNow();
    }
  }

  /** Writes until so many transactions have committed; meanwhile the drainer changes. */
  private void run(ExecutorService threads, Random seeds, int writers, int until) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      Random random = new Random(seeds.nextLong());
      running.add(threads.submit(() -> write(random, until)));
    }
    while (running.stream().anyMatch(writer -> !writer.isDone())) {
      draining.nextNode(kafka.bootstrapServers());
      int before = committed.get();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (committed.get() < before + 3_000
          && System.nanoTime() < end
          && running.stream().anyMatch(writer -> !writer.isDone())) {
        Thread.sleep(20);
      }
    }
    for (Future<?> each : running) {
      each.get(120, TimeUnit.SECONDS);
    }
  }

  private Void write(Random random, int until) throws Exception {
    while (committed.get() < until) {
      // An entity that nobody else knows: created, perhaps changed, and deleted.
      if (random.nextInt(30) == 0) {
        int id = ids.getAndIncrement();
        attempt(random, (em, stamps) -> em.persist(new Stock(id, stamps.next())));
        if (random.nextBoolean()) {
          attempt(random, (em, stamps) -> change(em, random, stamps, id));
        }
        if (random.nextBoolean()) {
          attempt(random, (em, stamps) -> delete(em, id));
        }
      }
      attempt(random, (em, stamps) -> changeHot(em, random, stamps));
    }
    return null;
  }

  /** The stamps of one transaction. */
  private static final class Stamps {
    private final int transaction;
    private int used;

    Stamps(int transaction) {
      this.transaction = transaction;
    }

    String next() {
      return transaction + ":" + ++used;
    }
  }

  @FunctionalInterface
  private interface Change {
    void with(EntityManager entities, Stamps stamps) throws Exception;
  }

  /** A transaction that may roll back, and may be refused by the database. */
  private void attempt(Random random, Change change) throws Exception {
    Stamps stamps = new Stamps(transactions.incrementAndGet());
    boolean rollsBack = random.nextInt(10) == 0;
    String level = level(random);
    try {
      if (rollsBack) {
        shop.rolledBack(
            em -> {
              change.with(em, stamps);
              em.flush();
            });
      } else {
        shop.inTransaction(
            em -> {
              sql("set transaction isolation level " + level);
              change.with(em, stamps);
            });
        committed.addAndGet(Math.min(stamps.used, 1));
      }
    } catch (Exception e) {
      if (!refused(e)) {
        throw e;
      }
    }
  }

  private static String level(Random random) {
    return switch (random.nextInt(30)) {
      case 0 -> "serializable";
      case 1, 2 -> "repeatable read";
      default -> "read committed";
    };
  }

  private static boolean refused(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof SQLException sql && REFUSED.contains(sql.getSQLState())
          || List.of(e.getSuppressed()).stream().anyMatch(JpaCommitOrderTest::refused)) {
        return true;
      }
    }
    return false;
  }

  private void changeHot(EntityManager em, Random random, Stamps stamps) throws Exception {
    TreeSet<Integer> keys = new TreeSet<>();
    IntStream.range(0, 1 + random.nextInt(3)).forEach(i -> keys.add(1 + random.nextInt(KEYS)));
    for (int key : keys) {
      savepoint(random);
      note(random, key, stamps);
      change(em, random, stamps, key);
      note(random, key, stamps);
      pause(random, 1_000);
    }
    if (random.nextInt(100) == 0) {
      pause(random, 20_000);
    }
  }

  private void change(EntityManager em, Random random, Stamps stamps, int id) throws Exception {
    Stock stock =
        random.nextInt(4) == 0
            ? em.find(Stock.class, id, LockModeType.PESSIMISTIC_WRITE)
            : em.find(Stock.class, id);
    if (stock == null) {
      return; // Its creation was rolled back.
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      stock.setStamp(stamps.next());
      if (random.nextInt(4) == 0) {
        em.flush();
        pause(random, 500);
      }
    }
  }

  private static void delete(EntityManager em, int id) {
    Stock stock = em.find(Stock.class, id);
    if (stock != null) {
      em.remove(stock);
    }
  }

  /** Something of the transaction's own about the same key, before the row is locked or after. */
  private void note(Random random, int key, Stamps stamps) {
    if (random.nextInt(3) == 0) {
      String stamp = stamps.next();
      history.noted(key, stamp);
      draining
          .outbox()
          .publish(topic.name(), key, ("note " + stamp).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Locks come and go, and what follows has the id of a subtransaction. */
  private void savepoint(Random random) throws SQLException {
    switch (random.nextInt(10)) {
      case 0 -> sql("savepoint kept");
      case 1 -> {
        sql("savepoint undone");
        // Behind all others, so that locks are still taken in order.
        sql("update stock set stamp = 'undone' where id = " + KEYS);
        sql("rollback to savepoint undone");
      }
      default -> {}
    }
  }

  /** On the transaction's connection. */
  private void sql(String statement) throws SQLException {
    try (Connection connection = shop.dataSource().getConnection();
        Statement running = connection.createStatement()) {
      running.execute(statement);
    }
  }

  private static void pause(Random random, int maxMicros) throws InterruptedException {
    TimeUnit.MICROSECONDS.sleep(random.nextInt(maxMicros));
  }
}
