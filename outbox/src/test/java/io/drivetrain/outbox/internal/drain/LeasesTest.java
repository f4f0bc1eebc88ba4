package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.internal.drain.Leases.Lease;
import io.drivetrain.outbox.internal.store.LeaseTable.Tenure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration MARGIN = Duration.ofSeconds(2);

  @Test
  void a_lease_counts_from_before_the_request_and_ends_a_margin_early() {
    Leases leases = new Leases(1, TTL, MARGIN);

    Lease lease = leases.claimed(5 * SECOND, List.of(new Tenure(0, 1))).get(0);

    assertThat(lease.heldAt(13 * SECOND - 1)).isTrue();
    assertThat(lease.heldAt(13 * SECOND)).isFalse();
  }

  @Test
  void a_renewal_extends_and_is_due_after_a_third() {
    Leases leases = new Leases(1, TTL, MARGIN);
    Lease lease = leases.claimed(0, List.of(new Tenure(0, 1))).get(0);

    assertThat(leases.renewalDue(3 * SECOND)).isFalse();
    assertThat(leases.renewalDue(4 * SECOND)).isTrue();
    assertThat(leases.renewed(4 * SECOND, leases.tenures())).isEmpty();

    assertThat(lease.heldAt(11 * SECOND)).isTrue();
    assertThat(leases.renewalDue(5 * SECOND)).isFalse();
  }

  @Test
  void what_the_database_no_longer_knows_is_lost_at_once() {
    Leases leases = new Leases(1, TTL, MARGIN);
    Lease lease = leases.claimed(0, List.of(new Tenure(0, 1))).get(0);

    assertThat(leases.renewed(1, List.of(new Tenure(0, 2)))).containsExactly(lease);

    assertThat(lease.heldAt(2)).isFalse();
    assertThat(leases.tenures()).isEmpty();
  }

  @Test
  void without_an_answer_it_ends_by_itself() {
    Leases leases = new Leases(1, TTL, MARGIN);
    Lease lease = leases.claimed(0, List.of(new Tenure(0, 1))).get(0);

    assertThat(leases.expire(7 * SECOND)).isEmpty();
    assertThat(leases.expire(8 * SECOND)).containsExactly(lease);
    assertThat(leases.wanted(1)).isEqualTo(1);
  }

  @Test
  void nodes_share_equally_and_give_back_what_is_too_much() {
    Leases leases = new Leases(8, TTL, MARGIN);
    List<Tenure> all = new ArrayList<>();
    for (int shard = 0; shard < 8; shard++) {
      all.add(new Tenure(shard, 1));
    }

    assertThat(leases.wanted(1)).isEqualTo(8);
    leases.claimed(0, all);

    assertThat(leases.surplus(1)).isEmpty();
    assertThat(leases.surplus(2)).hasSize(4);
    assertThat(leases.surplus(3)).hasSize(5);
    assertThat(leases.wanted(3)).isZero();
    leases.surplus(3).forEach(leases::released);
    assertThat(leases.tenures()).hasSize(3);
  }

  @Test
  void never_do_two_nodes_hold_a_shard_whatever_is_delayed_lost_or_frozen() {
    for (int round = 0; round < 300; round++) {
      long seed = System.nanoTime() + round;
      World world = new World(seed);
      for (int step = 0; step < 600; step++) {
        world.step();
        world.check();
      }
    }
  }

  /**
   * Nodes and one database under a single true time. A request is answered in three steps of any
   * length (sent, carried out, heard), each of which may be the last; and a node may stand still
   * for any time in between. Each node's clock has an origin of its own and runs a little fast or
   * slow.
   */
  private static final class World {
    private static final int SHARDS = 3;
    private final long seed;
    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Integer, Row> rows = new HashMap<>();
    private long now;

    private static final class Row {
      private int owner = -1;
      private long epoch;
      private long until = Long.MIN_VALUE;
    }

    private final class Node {
      private final int id;
      private final Leases leases = new Leases(SHARDS, TTL, MARGIN);
      private final long origin = random.nextLong();
      // One node may run 5 % slow against another 5 % fast: the margin covers that.
      private final double rate = 0.95 + random.nextDouble() / 10;
      private final Map<Integer, Lease> drains = new HashMap<>();
      private long frozenUntil;
      private Request open;

      Node(int id) {
        this.id = id;
      }

      long clock() {
        return origin + (long) (now * rate);
      }
    }

    private final class Request {
      private final long before;
      private final boolean claim;
      private Collection<Tenure> answer;

      Request(long before, boolean claim) {
        this.before = before;
        this.claim = claim;
      }
    }

    World(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      for (int i = 0; i < 3; i++) {
        nodes.add(new Node(i));
      }
      for (int shard = 0; shard < SHARDS; shard++) {
        rows.put(shard, new Row());
      }
    }

    void step() {
      now += (long) (random.nextDouble() * random.nextDouble() * 2 * SECOND);
      Node node = nodes.get(random.nextInt(nodes.size()));
      if (now < node.frozenUntil) {
        return;
      }
      if (random.nextInt(40) == 0) {
        node.frozenUntil = now + random.nextInt(20) * SECOND;
        return;
      }
      node.leases.expire(node.clock());
      node.drains.values().removeIf(lease -> !lease.heldAt(node.clock()));
      if (node.open == null) {
        ask(node);
      } else if (random.nextInt(8) == 0) {
        node.open = null; // lost; whether it was carried out, the node does not know
      } else if (node.open.answer == null) {
        carryOut(node);
      } else {
        hear(node);
      }
    }

    private void ask(Node node) {
      boolean renew = node.leases.renewalDue(node.clock());
      if (renew || node.leases.wanted(2) > 0) {
        node.open = new Request(node.clock(), !renew);
      } else if (random.nextInt(10) == 0 && !node.drains.isEmpty()) {
        giveBack(node, node.drains.values().iterator().next());
      }
    }

    private void carryOut(Node node) {
      List<Tenure> answer = new ArrayList<>();
      if (node.open.claim) {
        int wanted = node.leases.wanted(2);
        for (Map.Entry<Integer, Row> entry : rows.entrySet()) {
          Row row = entry.getValue();
          if (answer.size() < wanted && row.until < now) {
            row.owner = node.id;
            row.epoch++;
            row.until = now + TTL.toNanos();
            answer.add(new Tenure(entry.getKey(), row.epoch));
          }
        }
      } else {
        for (Tenure tenure : node.leases.tenures()) {
          Row row = rows.get(tenure.shard());
          if (row.owner == node.id && row.epoch == tenure.epoch()) {
            row.until = now + TTL.toNanos();
            answer.add(tenure);
          }
        }
      }
      node.open.answer = answer;
    }

    private void hear(Node node) {
      Request request = node.open;
      node.open = null;
      if (request.claim) {
        node.leases
            .claimed(request.before, request.answer)
            .forEach(lease -> node.drains.put(lease.shard(), lease));
      } else {
        node.leases.renewed(request.before, request.answer);
      }
    }

    /** The drainer has ended between two batches, and only then the lease is released. */
    private void giveBack(Node node, Lease lease) {
      node.drains.remove(lease.shard());
      node.leases.released(lease);
      Row row = rows.get(lease.shard());
      if (row.owner == node.id && row.epoch == lease.tenure().epoch()) {
        row.until = Long.MIN_VALUE;
      }
    }

    void check() {
      for (int shard = 0; shard < SHARDS; shard++) {
        List<Integer> owners = new ArrayList<>();
        for (Node node : nodes) {
          Lease lease = node.drains.get(shard);
          // A frozen node holds what it held; it looks at its clock before it does anything.
          if (lease != null && lease.heldAt(node.clock())) {
            owners.add(node.id);
          }
        }
        assertThat(owners).as("owners of shard %d, seed %d", shard, seed).hasSizeLessThan(2);
      }
    }
  }
}
