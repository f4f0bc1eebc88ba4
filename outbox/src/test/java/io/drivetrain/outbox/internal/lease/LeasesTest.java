package io.drivetrain.outbox.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.internal.store.LeaseTable.Grant;
import io.drivetrain.outbox.internal.store.LeaseTable.Tenure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration MARGIN = Duration.ofSeconds(2);

  @Test
  void a_lease_counts_from_before_the_request_and_ends_a_margin_early() {
    Leases leases = new Leases(TTL, MARGIN);

    Lease lease = leases.claimed(5 * SECOND, List.of(grant(0, 1))).get(0);

    assertThat(lease.heldAt(13 * SECOND - 1)).isTrue();
    assertThat(lease.heldAt(13 * SECOND)).isFalse();
  }

  @Test
  void the_transactional_id_of_a_shard_outlives_its_owners_and_begins_as_asked() {
    Grant first = new Grant(new Tenure(0, 1), 1, "drivetrain-outbox-5ca1ab1e");
    Grant next = new Grant(new Tenure(0, 2), 1, "drivetrain-outbox-5ca1ab1e");

    for (Lease lease : new Leases(TTL, MARGIN).claimed(0, List.of(first, next))) {
      assertThat(lease.transactionalId("drivetrain-outbox-"))
          .isEqualTo("drivetrain-outbox-5ca1ab1e");
      assertThat(lease.transactionalId("shop.")).isEqualTo("shop.5ca1ab1e");
    }
  }

  @Test
  void a_renewal_extends_and_is_due_after_a_third() {
    Leases leases = new Leases(TTL, MARGIN);
    Lease lease = leases.claimed(0, List.of(grant(0, 1))).get(0);

    assertThat(leases.renewalDue(3 * SECOND)).isFalse();
    assertThat(leases.renewalDue(4 * SECOND)).isTrue();
    assertThat(leases.renewed(4 * SECOND, leases.tenures())).isEmpty();

    assertThat(lease.heldAt(11 * SECOND)).isTrue();
    assertThat(leases.renewalDue(5 * SECOND)).isFalse();
  }

  @Test
  void what_the_database_no_longer_knows_is_lost_at_once() {
    Leases leases = new Leases(TTL, MARGIN);
    Lease lease = leases.claimed(0, List.of(grant(0, 1))).get(0);

    assertThat(leases.renewed(1, List.of(new Tenure(0, 2)))).containsExactly(lease);

    assertThat(lease.heldAt(2)).isFalse();
    assertThat(leases.tenures()).isEmpty();
  }

  @Test
  void without_an_answer_it_ends_by_itself() {
    Leases leases = new Leases(TTL, MARGIN);
    Lease lease = leases.claimed(0, List.of(grant(0, 1))).get(0);

    assertThat(leases.expire(7 * SECOND)).isEmpty();
    assertThat(leases.expire(8 * SECOND)).containsExactly(lease);
    assertThat(leases.wanted(1)).isEqualTo(1);
  }

  @Test
  void what_is_beyond_the_share_is_given_back() {
    Leases leases = new Leases(TTL, MARGIN);
    for (int shard = 0; shard < 8; shard++) {
      leases.claimed(0, List.of(grant(shard, 1)));
    }

    assertThat(leases.surplus(8)).isEmpty();
    assertThat(leases.wanted(8)).isZero();
    assertThat(leases.surplus(3)).hasSize(5);
    leases.surplus(3).forEach(leases::released);
    assertThat(leases.tenures()).hasSize(3);
    assertThat(leases.wanted(4)).isEqualTo(1);
  }

  private static Grant grant(int shard, long epoch) {
    return new Grant(new Tenure(shard, epoch), 8, "t");
  }
}
