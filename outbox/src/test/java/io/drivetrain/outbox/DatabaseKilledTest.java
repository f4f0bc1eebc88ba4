package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.fixture.Step;
import io.drivetrain.outbox.fixture.Unanswered;
import io.drivetrain.outbox.fixture.Versions;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The database is killed while transactions publish: what has committed leaves, what has not never
 * does. More kills with {@code -Ddrivetrain.outbox.steps=all}.
 */
@UseKafka
@UsePostgres(own = true)
class DatabaseKilledTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int KILLS = StepsTest.all() ? 20 : 3;
  private static final int KEYS = 10;
  private static final int WRITERS = 4;
  private static final int BATCH = 50;

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Step.Halt halt = new Step.Halt(Step.AFTER_INSERT);
  private Shop shop;
  private Topic topic;
  private Versions versions;
  private volatile boolean over;

  DatabaseKilledTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    topic = kafka.newTopic("database-killed", 1);
  }

  @AfterEach
  void close() {
    over = true;
    threads.shutdownNow();
    postgres.start();
    shop.close();
  }

  private void shop(Shop opened) {
    shop = opened;
    versions = Versions.of(KEYS, postgres, shop, topic);
  }

  @Test
  void before_the_events_are_inserted_nothing_of_the_transaction_remains() {
    shop(Shop.on(postgres));

    assertThatThrownBy(
            () ->
                Jta.transaction(
                    () -> {
                      versions.change(1);
                      postgres.kill();
                    }))
        .hasStackTraceContaining("events cannot be written to the outbox");

    postgres.start();
    assertOnlyTheNextArrives(Map.of(1, List.of(1)));
  }

  @Test
  void after_the_events_are_inserted_and_before_the_commit_nothing_remains() throws Exception {
    shop(Shop.on(postgres, halt::in));
    Future<?> transaction = threads.submit(this::change);
    eventually(() -> assertThat(halt.reached()).isTrue());

    postgres.kill();
    halt.release();

    assertThatThrownBy(() -> transaction.get(60, TimeUnit.SECONDS)).isNotNull();
    postgres.start();
    assertOnlyTheNextArrives(Map.of(1, List.of(1)));
  }

  @Test
  void a_commit_that_was_not_answered_leaves_as_it_is_in_the_table() throws Exception {
    shop(Shop.on(postgres, halt::in));
    Future<?> transaction = threads.submit(this::change);
    eventually(() -> assertThat(halt.reached()).isTrue());
    Unanswered commits = Unanswered.from(postgres, shop.database());
    halt.release();
    commits.await("drivetrain.outbox");

    commits.kill();

    // What the application hears is the transaction manager's to say.
    eventually(() -> assertThat(transaction.isDone()).isTrue());
    postgres.start();
    assertOnlyTheNextArrives(Map.of(1, List.of(1, 2)));
  }

  private Void change() throws Exception {
    Jta.transaction(() -> versions.change(1));
    return null;
  }

  /**
   * One more transaction commits and a node drains.
   *
   * @param expected what has arrived then
   */
  private void assertOnlyTheNextArrives(Map<Integer, List<Integer>> expected) {
    // The application's own pool may still hold dead connections; nothing remains of such a try.
    eventually(() -> Jta.transaction(() -> versions.change(1)));
    shop.drain("n", kafka.bootstrapServers());
    eventually(LONG, () -> assertThat(shop.waiting()).isZero());
    Versions.Arrived arrived = versions.arrived();
    assertThat(arrived.first()).isEqualTo(expected).isEqualTo(versions.committed());
    assertThat(arrived.repeated()).isZero();
  }

  @Test
  void at_any_moment_what_committed_leaves_in_order_and_nothing_else_does() throws Exception {
    long seed = Long.getLong("drivetrain.faults.seed", System.nanoTime());
    Random random = new Random(seed);
    shop(Shop.on(postgres));
    OutboxNode node =
        shop.drain(
            Nodes.named("n", kafka.bootstrapServers())
                .batchSize(BATCH)
                .lease(Duration.ofSeconds(2)));
    AtomicInteger failed = new AtomicInteger();
    List<Future<?>> writing = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Random own = new Random(random.nextLong());
      writing.add(threads.submit(() -> write(own, failed)));
    }

    for (int kill = 0; kill < KILLS; kill++) {
      int before = versions.committed().values().stream().mapToInt(List::size).sum();
      eventually(
          LONG,
          () ->
              assertThat(versions.committed().values().stream().mapToInt(List::size).sum())
                  .isGreaterThan(before + 100 + random.nextInt(100)));
      postgres.kill();
      eventually(LONG, () -> assertThat(node.writable()).isFalse());
      postgres.start();
    }
    eventually(LONG, () -> assertThat(node.writable()).isTrue());
    over = true;
    for (Future<?> each : writing) {
      each.get(60, TimeUnit.SECONDS);
    }

    eventually(LONG, () -> assertThat(shop.waiting()).isZero());
    eventually(LONG, () -> assertThat(node.now().problem()).isEqualTo(Optional.empty()));
    Versions.Arrived arrived = versions.arrived();
    System.out.printf(
        "%d kills of the database, %d transactions failed, %d records, %d of them repeated, seed %d%n",
        KILLS, failed.get(), arrived.records(), arrived.repeated(), seed);
    arrived.assertIs(versions.committed(), seed);
    assertThat(arrived.repeated()).as("seed %d", seed).isLessThanOrEqualTo(KILLS * 2 * BATCH);
    assertThat(failed.get()).isPositive();
    assertThat(node.now().late()).isZero();
  }

  private static final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Goes on whatever happens to a transaction, as an application with users does. */
  private Void write(Random random, AtomicInteger failed) throws Exception {
    while (!over) {
      try {
        Jta.transaction(
            () -> {
              versions.change(random.nextInt(KEYS));
              if (random.nextInt(10) == 0) {
                throw new RolledBack();
              }
            });
      } catch (RolledBack asItShould) {
        continue;
      } catch (SQLException | RuntimeException | jakarta.transaction.RollbackException e) {
        failed.incrementAndGet();
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (jakarta.transaction.HeuristicMixedException
          | jakarta.transaction.HeuristicRollbackException e) {
        failed.incrementAndGet();
      }
    }
    return null;
  }
}
