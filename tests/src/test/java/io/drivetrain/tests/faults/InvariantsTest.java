package io.drivetrain.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.tests.faults.Invariants.Duplicates;
import io.drivetrain.tests.faults.Invariants.Ordering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judge sees what was planted. */
class InvariantsTest {
  private final List<Effect> effects = new ArrayList<>();
  private final List<History.Commits> commits = new ArrayList<>();
  private final Map<Integer, Long> ends = Map.of(0, 6L, 1, 6L);

  @ParameterizedTest
  @EnumSource
  void nothing_is_found_where_everything_held(Duplicates allowed) {
    done("a.1", 0, 0, 1, 2);
    done("b.1", 1, 0, 1, 2, 3, 4, 5);
    committed(Map.of(0, 3L, 1, 6L));
    done("b.1", 0, 3, 4, 5);

    Verdict verdict = Invariants.judge(history(), Ordering.PARTITION, allowed);

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.records()).isEqualTo(12);
    assertThat(verdict.duplicates()).isZero();
  }

  @Test
  void a_record_without_an_effect_is_lost() {
    done("a.1", 0, 0, 1, 2, 4, 5);
    done("a.1", 1, 0, 1, 2, 3, 4);

    assertThat(judge().lost())
        .containsExactly("partition 0: nobody processed 3", "partition 1: nobody processed 5");
  }

  @Test
  void a_partition_without_any_effect_is_lost() {
    done("a.1", 0, 0, 1, 2, 3, 4, 5);

    assertThat(judge().lost()).hasSize(6);
  }

  @Test
  void a_first_effect_after_that_of_a_later_record_is_out_of_order() {
    done("a.1", 0, 0, 1, 3);
    done("b.1", 0, 2, 4, 5);
    done("a.1", 1, 0, 1, 2, 3, 4, 5);

    assertThat(judge().outOfOrder())
        .singleElement()
        .asString()
        .contains("offset=2", "came after 3");
  }

  @Test
  void a_repetition_has_an_order_too() {
    done("a.1", 0, 0, 1, 2, 3);
    done("b.1", 0, 2, 1, 3, 4, 5);
    done("a.1", 1, 0, 1, 2, 3, 4, 5);

    assertThat(judge().outOfOrder()).singleElement().asString().contains("same owner");
  }

  @Test
  void records_of_two_keys_may_overtake_each_other_only_where_keys_are_the_order() {
    effects.add(new Effect(0, 0, "x", "a.1"));
    effects.add(new Effect(0, 2, "y", "a.1"));
    effects.add(new Effect(0, 1, "x", "a.1"));
    done("a.1", 1, 0, 1, 2, 3, 4, 5);

    assertThat(Invariants.judge(history(), Ordering.KEY, Duplicates.NONE).outOfOrder()).isEmpty();
    assertThat(Invariants.judge(history(), Ordering.PARTITION, Duplicates.NONE).outOfOrder())
        .isNotEmpty();
  }

  @Test
  void records_of_one_key_never_overtake_each_other() {
    effects.add(new Effect(0, 0, "x", "a.1"));
    effects.add(new Effect(0, 2, "x", "a.1"));
    effects.add(new Effect(0, 1, "x", "a.1"));

    assertThat(Invariants.judge(history(), Ordering.KEY, Duplicates.NONE).outOfOrder())
        .isNotEmpty();
  }

  @Test
  void a_commit_beyond_undone_work_is_found_even_if_the_work_follows() {
    done("a.1", 0, 0, 1);
    committed(Map.of(0, 3L));
    done("b.1", 0, 2, 3, 4, 5);
    done("a.1", 1, 0, 1, 2, 3, 4, 5);

    assertThat(judge().committedUndone())
        .containsExactly("partition 0: 3 was committed before 2 was done");
  }

  @Test
  void a_commit_over_a_gap_is_found() {
    done("a.1", 0, 0, 2);
    committed(Map.of(0, 3L));

    assertThat(judge().committedUndone()).hasSize(1);
  }

  @Test
  void a_commit_of_a_partition_nobody_worked_on_is_found() {
    committed(Map.of(1, 1L));

    assertThat(judge().committedUndone()).hasSize(1);
  }

  @Test
  void a_new_owner_may_repeat_what_was_not_committed() {
    done("a.1", 0, 0, 1, 2);
    committed(Map.of(0, 1L));
    done("b.1", 0, 1, 2, 3, 4, 5);
    done("a.1", 1, 0, 1, 2, 3, 4, 5);

    Verdict verdict = judge();

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.duplicates()).isEqualTo(2);
  }

  @Test
  void nobody_may_repeat_anything_where_nobody_was_cut_off() {
    done("a.1", 0, 0, 1, 2);
    done("b.1", 0, 2);

    assertThat(
            Invariants.judge(history(), Ordering.PARTITION, Duplicates.NONE).needlessDuplicates())
        .hasSize(1);
  }

  @Test
  void nobody_may_repeat_what_was_committed() {
    done("a.1", 0, 0, 1, 2);
    committed(Map.of(0, 3L));
    done("b.1", 0, 2, 3, 4, 5);

    assertThat(judge().needlessDuplicates()).singleElement().asString().contains("offset=2");
  }

  @Test
  void one_owner_never_repeats_anything() {
    done("a.1", 0, 0, 1, 2, 2);

    assertThat(judge().needlessDuplicates()).singleElement().asString().contains("same owner");
  }

  @Test
  void an_effect_of_nothing_is_an_error_of_the_trial() {
    done("a.1", 0, 6);

    assertThatThrownBy(this::judge).isInstanceOf(IllegalArgumentException.class);
  }

  private void done(String owner, int partition, long... offsets) {
    LongStream.of(offsets)
        .forEach(offset -> effects.add(new Effect(partition, offset, "k", owner)));
  }

  private void committed(Map<Integer, Long> offsets) {
    commits.add(new History.Commits(effects.size(), offsets));
  }

  private History history() {
    return new History(ends, effects, commits);
  }

  private Verdict judge() {
    return Invariants.judge(history(), Ordering.PARTITION, Duplicates.SINCE_LAST_COMMIT);
  }
}
