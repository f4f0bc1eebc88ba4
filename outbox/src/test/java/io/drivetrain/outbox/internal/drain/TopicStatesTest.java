package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.internal.drain.TopicStates.Selection;
import io.drivetrain.outbox.internal.store.OutboxRow;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which topics are used, asked for and tried again. */
class TopicStatesTest {
  private final TopicStates topics = new TopicStates();
  private final int producer = topics.newProducer();
  private long now = 1;

  @Test
  void a_topic_is_asked_for_once_and_used_when_it_is_described() {
    assertThat(select(row(1, "a"), row(2, "a")).ask()).containsExactly("a");
    assertThat(select(row(1, "a")).ask()).isEmpty();
    assertThat(topics.unusable(now)).containsExactly("a");

    assertThat(topics.described(producer, "a", 3, now)).isTrue();

    Selection selected = select(row(1, "a"), row(2, "a"));
    assertThat(ids(selected)).containsExactly(1L, 2L);
    assertThat(selected.partitions()).containsEntry("a", 3);
    assertThat(selected.probes()).isEmpty();
  }

  @Test
  void of_a_topic_that_was_refused_one_row_is_sent_until_it_is_stored() {
    use("a");
    use("b");
    refuse("a");

    Selection selected = select(row(1, "a"), row(2, "b"), row(3, "a"), row(4, "b"));
    assertThat(ids(selected)).containsExactly(1L, 2L, 4L);
    assertThat(selected.probes()).containsExactly(1L);
    assertThat(selected.without()).containsExactly("a");
    assertThat(topics.unusable(now)).as("while the first is under way").containsExactly("a");
    assertThat(topics.settled(List.of(2L), Set.of(1L))).isEmpty();
    assertThat(topics.unusable(now)).containsExactly("a");

    assertThat(topics.settled(List.of(1L, 4L), Set.of())).containsExactly("a");

    assertThat(ids(select(row(3, "a"), row(5, "a")))).containsExactly(3L, 5L);
  }

  @Test
  void what_was_sent_alone_and_is_not_stored_is_sent_alone_again() {
    use("a");
    refuse("a");
    select(row(1, "a"));

    assertThat(topics.settled(List.of(), Set.of())).isEmpty();

    assertThat(ids(select(row(1, "a"), row(2, "a")))).containsExactly(1L);
  }

  @Test
  void a_topic_that_is_described_and_refused_is_tried_less_and_less_often() {
    use("a");
    refuse("a");
    topics.refused("a", now);
    now += Duration.ofMillis(199).toNanos();
    assertThat(topics.unusable(now)).as("a pause of 200 ms").containsExactly("a");
    now += Duration.ofMillis(2).toNanos();
    assertThat(topics.unusable(now)).isEmpty();
  }

  @Test
  void suspicion_outlives_the_producer_and_answers_to_an_older_one_do_not_count() {
    use("a");
    refuse("a");
    int next = topics.newProducer();

    assertThat(topics.described(producer, "a", 1, now)).isFalse();
    assertThat(select(row(1, "a")).ask()).containsExactly("a");
    assertThat(topics.described(next, "a", 1, now)).as("usable, and still suspect").isFalse();
    assertThat(ids(select(row(1, "a"), row(2, "a")))).containsExactly(1L);
  }

  @Test
  void a_topic_no_row_waits_for_is_forgotten() {
    use("a");
    use("b");
    topics.refused("a", now);

    assertThat(topics.nothingWaits()).containsExactly("a");

    assertThat(topics.unusable(now)).isEmpty();
    assertThat(ids(select(row(1, "b"), row(2, "b")))).containsExactly(1L, 2L);
  }

  private void use(String topic) {
    select(row(0, topic));
    topics.described(producer, topic, 1, now);
  }

  /** Refused, rested and described again. */
  private void refuse(String topic) {
    topics.refused(topic, now);
    now += Duration.ofSeconds(31).toNanos();
    use(topic);
  }

  private Selection select(OutboxRow... rows) {
    return topics.select(List.of(rows), now);
  }

  private static List<Long> ids(Selection selected) {
    return selected.rows().stream().map(OutboxRow::id).toList();
  }

  private static OutboxRow row(long id, String topic) {
    return new OutboxRow(id, topic, null, null, new byte[] {1}, null, null);
  }
}
