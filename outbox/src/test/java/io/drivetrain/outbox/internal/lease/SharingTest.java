package io.drivetrain.outbox.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.internal.store.LeaseTable.Member;
import io.drivetrain.outbox.internal.store.LeaseTable.Standing;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharingTest {

  @Test
  void shares_differ_by_one_at_most_and_together_are_all() {
    Sharing sharing = sharing(8, member("a", 8, 0), member("b", 8, 0), member("c", 8, 0));

    assertThat(List.of(sharing.target("a"), sharing.target("b"), sharing.target("c")))
        .containsExactly(3, 3, 2);
  }

  @Test
  void who_holds_more_keeps_more_so_that_nothing_moves_without_need() {
    Sharing one = sharing(1, member("z", 1, 1), member("a", 1, 0));
    assertThat(one.target("z")).isEqualTo(1);
    assertThat(one.target("a")).isZero();

    Sharing four = sharing(4, member("a", 4, 0), member("b", 4, 2), member("c", 4, 2));
    assertThat(four.target("a")).isEqualTo(1);
    assertThat(four.target("b") + four.target("c")).isEqualTo(3);
  }

  @Test
  void the_number_changes_only_when_all_ask_for_the_same_other_one() {
    assertThat(sharing(1, member("a", 4, 1), member("b", 1, 0)).change()).isEmpty();
    assertThat(sharing(1, member("a", 1, 1), member("b", 1, 0)).change()).isEmpty();

    Sharing agreed = sharing(1, member("a", 4, 1), member("b", 4, 0));
    assertThat(agreed.change()).hasValue(4);
    assertThat(agreed.target("a")).as("everything is given back first").isZero();
  }

  @Test
  void a_disagreement_is_one_sentence() {
    assertThat(sharing(2, member("a", 2, 0), member("b", 2, 0)).disagreement()).isEmpty();
    assertThat(sharing(2, member("b", 2, 0), member("a", 4, 0)).disagreement())
        .isEqualTo(
            "nodes ask for different numbers of shards (a 4, b 2); 2 stays in effect until all ask"
                + " for the same");
  }

  private static Sharing sharing(int shards, Member... members) {
    return new Sharing(new Standing(shards, List.of(members)));
  }

  private static Member member(String node, int asks, int holds) {
    return new Member(node, asks, holds);
  }
}
