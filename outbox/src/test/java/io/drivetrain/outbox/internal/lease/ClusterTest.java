package io.drivetrain.outbox.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nodes believe, whatever is delayed or lost, whoever freezes, crashes, leaves or joins. */
class ClusterTest {
  private static final int ROUNDS = 300;

  @Test
  void never_do_two_nodes_own_a_bucket_and_in_the_end_every_bucket_has_a_fair_owner() {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = System.nanoTime() + round;
      SimulatedCluster cluster = new SimulatedCluster(seed);
      for (int step = 0; step < 1_500; step++) {
        cluster.step();
        assertOneOwnerAtMost(cluster, seed);
      }

      int asked = cluster.calmDown();
      long end = cluster.now() + 120 * SimulatedCluster.SECOND;
      while (cluster.now() < end) {
        cluster.step();
        assertOneOwnerAtMost(cluster, seed);
      }

      assertThat(cluster.shards()).as("shards, seed %d", seed).isEqualTo(asked);
      assertThat(cluster.owned()).as("%s, seed %d", cluster.owners(), seed).isEqualTo(-1L);
      List<Integer> shares = cluster.shares();
      assertThat(Collections.max(shares) - Collections.min(shares))
          .as("shares %s, seed %d", shares, seed)
          .isLessThan(2);
    }
  }

  private static void assertOneOwnerAtMost(SimulatedCluster cluster, long seed) {
    if (cluster.ownedTwice() != 0) {
      assertThat(cluster.ownedTwice()).as("%s, seed %d", cluster.owners(), seed).isZero();
    }
  }
}
