package io.drivetrain.outbox.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PausesTest {

  @Test
  void the_pause_of_a_topic_leaves_the_others() {
    Pauses pauses = pauses("orders", ShardRange.ALL);

    assertThat(pauses.everything(ShardRange.of(1, 4))).isFalse();
    assertThat(pauses.topics(ShardRange.of(1, 4))).containsExactly("orders");
    assertThat(Pauses.NONE.topics(ShardRange.of(1, 4))).isEmpty();
  }

  @Test
  void the_pause_of_a_shard_leaves_the_other_shards() {
    Pauses pauses = pauses("", ShardRange.of(1, 4));

    assertThat(pauses.everything(ShardRange.of(0, 4))).isFalse();
    assertThat(pauses.everything(ShardRange.of(1, 4))).isTrue();
    assertThat(pauses.everything(ShardRange.of(2, 4))).isFalse();
  }

  @Test
  void after_another_division_whatever_has_any_of_its_events_is_paused() {
    Pauses pauses = pauses("", ShardRange.of(1, 4));

    assertThat(pauses.everything(ShardRange.of(0, 2))).isTrue();
    assertThat(pauses.everything(ShardRange.of(1, 2))).isFalse();
    assertThat(pauses.everything(ShardRange.of(1, 3))).as("buckets 21 to 41 of 64").isTrue();
    assertThat(pauses.everything(ShardRange.of(0, 1))).isTrue();
  }

  @Test
  void a_topic_that_stopped_by_itself_says_at_which_row() {
    Pauses pauses =
        new Pauses(
            List.of(new Pauses.Row("orders", 0, 63, Instant.EPOCH, 17L, "RecordTooLarge: no")));

    assertThat(pauses.sentence())
        .contains("topic orders has stopped at row 17: RecordTooLarge: no");
    assertThat(Pauses.NONE.sentence()).isEmpty();
  }

  private static Pauses pauses(String topic, ShardRange range) {
    return new Pauses(
        List.of(
            new Pauses.Row(
                topic, range.firstBucket(), range.lastBucket(), Instant.EPOCH, null, null)));
  }
}
