package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.OtherProcess;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.fixture.Versions;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
  private Versions versions;
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
      versions = Versions.of(KEYS, postgres, shop, topic);
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
        versions.change(key);
        TimeUnit.MICROSECONDS.sleep(random.nextInt(2_000));
        if (random.nextInt(5) == 0) {
          versions.change(key);
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

  private void judge() {
    Versions.Arrived arrived = versions.arrived();
    // Each fault repeats two batches of each shard, at most.
    int allowed = (killed + frozen) * 2 * BATCH * NODES;
    System.out.printf(
        Locale.ROOT,
        "%d s: %d nodes killed, %d frozen, %d records, %d of them repeated (%d allowed), seed %d%n",
        SECONDS,
        killed,
        frozen,
        arrived.records(),
        arrived.repeated(),
        allowed,
        seed);
    arrived.assertIs(versions.committed(), seed);
    assertThat(arrived.repeated()).as("seed %d", seed).isLessThanOrEqualTo(allowed);
  }
}
