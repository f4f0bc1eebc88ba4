package io.drivetrain.outbox.internal.lease;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.internal.observe.Metrics;
import io.drivetrain.outbox.internal.signal.Outages;
import io.drivetrain.outbox.internal.store.Database;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keepers of several nodes over one real database. */
@UsePostgres
class LeaseKeeperTest {
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final Postgres postgres;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Belief> beliefs = new CopyOnWriteArrayList<>();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private String database;

  LeaseKeeperTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void create() {
    database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
  }

  @AfterEach
  void stop() {
    nodes.forEach(Node::stop);
  }

  @Test
  void nodes_share_fairly_as_they_join_and_leave() {
    Node first = join("a", 8, SHORT);
    eventually(() -> assertShares(8));
    join("b", 8, SHORT);
    eventually(() -> assertShares(4, 4));
    join("c", 8, SHORT);
    eventually(() -> assertShares(3, 3, 2));

    first.stop();

    eventually(() -> assertShares(4, 4));
    assertNoBucketHadTwoOwners();
  }

  @Test
  void a_graceful_stop_hands_over_long_before_the_lease_would_end() {
    Duration lease = Duration.ofSeconds(40);
    Node first = join("a", 2, lease);
    eventually(() -> assertShares(2));
    join("b", 2, lease);
    eventually(() -> assertShares(1, 1));

    first.stop();

    eventually(Duration.ofSeconds(25), () -> assertShares(2));
    assertNoBucketHadTwoOwners();
  }

  @Test
  void the_number_of_shards_changes_once_every_node_asks_for_the_new_one() {
    Node first = join("a", 1, SHORT);
    Node second = join("b", 1, SHORT);
    eventually(() -> assertShares(0, 1));

    first.stop();
    join("a2", 4, SHORT);
    eventually(() -> assertShares(0, 1));
    assertThat(numberOfShards()).isEqualTo(1);
    second.stop();
    join("b2", 4, SHORT);

    eventually(() -> assertShares(2, 2));
    assertThat(numberOfShards()).isEqualTo(4);
    assertNoBucketHadTwoOwners();
  }

  @Test
  void whatever_nodes_do_no_bucket_has_two_owners_and_all_are_owned_in_the_end() throws Exception {
    join("n0", 5, SHORT);
    for (int i = 1; i <= 20; i++) {
      Node node = nodes.get(random.nextInt(nodes.size()));
      switch (nodes.size() > 4 ? 1 + random.nextInt(3) : random.nextInt(4)) {
        case 0 -> join("n" + i, random.nextInt(3) == 0 ? 3 : 5, SHORT);
        case 1 -> node.stop();
        case 2 -> node.cutFor(Duration.ofMillis(random.nextInt(2_500)));
        default -> node.freezeFor(Duration.ofMillis(random.nextInt(2_500)));
      }
      nodes.removeIf(Node::isStopped);
      if (nodes.isEmpty()) {
        join("again" + i, 5, SHORT);
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
    }
    nodes.forEach(Node::stop);
    nodes.clear();
    for (int i = 0; i < 3; i++) {
      join("last" + i, 7, SHORT);
    }

    eventually(() -> assertShares(2, 2, 3));
    assertNoBucketHadTwoOwners();
  }

  private Node join(String name, int shards, Duration lease) {
    Node node = new Node(name, shards, lease);
    nodes.add(node);
    node.thread.start();
    return node;
  }

  private void assertShares(Integer... shares) {
    List<Integer> found =
        nodes.stream()
            .filter(node -> !node.isStopped())
            .map(node -> (int) beliefs.stream().filter(each -> each.isOf(node)).count())
            .toList();
    assertThat(found).as("seed %d", seed).containsExactlyInAnyOrder(shares);
    assertThat(
            beliefs.stream()
                .filter(each -> each.open)
                .mapToLong(each -> each.lease.range().buckets())
                .sum())
        .as("all buckets, seed %d", seed)
        .isEqualTo(-1L);
  }

  private int numberOfShards() {
    return ((Number)
            postgres
                .rows(database, "select shards from drivetrain.outbox_shard where shard = 0")
                .get(0)
                .get("shards"))
        .intValue();
  }

  private void assertNoBucketHadTwoOwners() {
    List<Belief> all = List.copyOf(beliefs);
    for (Belief one : all) {
      for (Belief other : all) {
        if (one != other && one.lease.range().meets(other.lease.range().buckets())) {
          assertThat(one.until - other.from < 0 || other.until - one.from < 0)
              .as("%s beside %s, seed %d", one, other, seed)
              .isTrue();
        }
      }
    }
  }

  /** From when to when a node took a shard for its own: it held it at both moments. */
  private static final class Belief {
    private final Node node;
    private final Lease lease;
    private final long from;
    private volatile long until;
    private volatile boolean open = true;

    Belief(Node node, Lease lease, long now) {
      this.node = node;
      this.lease = lease;
      this.from = now;
      this.until = now;
    }

    boolean isOf(Node someone) {
      return open && node == someone;
    }

    @Override
    public String toString() {
      return node.name + ", " + lease + ", from " + from + " to " + until;
    }
  }

  /** A keeper whose drainers only watch their lease, and whose database can be taken away. */
  private final class Node {
    private final String name;
    private final LeaseKeeper keeper;
    private final Thread thread;

    /** Until when its requests fail, and until when they are not sent. */
    private volatile long cutUntil = System.nanoTime();

    private volatile long frozenUntil = System.nanoTime();

    Node(String name, int shards, Duration lease) {
      this.name = name;
      this.keeper =
          new LeaseKeeper(
              new LeaseSettings(name, shards, lease, Duration.ofSeconds(5)),
              new Database(
                  unreliable(postgres.dataSource(database)),
                  1,
                  OutboxTable.lastDrawn("drivetrain")),
              "drivetrain",
              Watch::new,
              (threadName, work) -> new Thread(work, name + " " + threadName),
              Fence.NONE,
              marker -> {},
              Metrics.NONE,
              new Outages(),
              System::nanoTime);
      this.thread = new Thread(keeper, "keeper " + name);
    }

    private DataSource unreliable(DataSource source) {
      return (DataSource)
          java.lang.reflect.Proxy.newProxyInstance(
              LeaseKeeperTest.class.getClassLoader(),
              new Class<?>[] {DataSource.class},
              (proxy, method, arguments) -> {
                long frozen;
                while ((frozen = frozenUntil - System.nanoTime()) > 0) {
                  TimeUnit.NANOSECONDS.sleep(frozen);
                }
                if (cutUntil - System.nanoTime() > 0) {
                  throw new SQLException("cut", "08006");
                }
                return method.invoke(source, arguments);
              });
    }

    void cutFor(Duration time) {
      cutUntil = System.nanoTime() + time.toNanos();
    }

    void freezeFor(Duration time) {
      frozenUntil = System.nanoTime() + time.toNanos();
    }

    void stop() {
      keeper.stop();
      try {
        thread.join(20_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    boolean isStopped() {
      return !thread.isAlive();
    }

    private final class Watch implements ShardWork {
      private final Lease lease;
      private volatile boolean stopped;

      Watch(Lease lease) {
        this.lease = lease;
      }

      @Override
      public void run() {
        long now = System.nanoTime();
        if (!lease.heldAt(now)) {
          return;
        }
        Belief belief = new Belief(Node.this, lease, now);
        beliefs.add(belief);
        while (!stopped && lease.heldAt(now) && !Thread.interrupted()) {
          belief.until = now;
          LockSupport.parkNanos(2_000_000);
          now = System.nanoTime();
        }
        belief.open = false;
      }

      @Override
      public void wake() {
        // it never waits for long
      }

      @Override
      public long passed() {
        return 0;
      }

      @Override
      public void stop(Duration patience) {
        stopped = true;
      }
    }
  }
}
