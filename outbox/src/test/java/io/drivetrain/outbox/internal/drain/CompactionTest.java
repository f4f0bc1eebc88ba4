package io.drivetrain.outbox.internal.drain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.store.OutboxRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompactionTest {
  private static final TopicRules ALL =
      new TopicRules(OnRefused.PARK, Map.of(), true, Map.of("events", false));
  private static final Answer ACKNOWLEDGED = new Answer.Acknowledged();
  private static final Answer AGAIN = new Answer.Again(null);
  private static final Answer REFUSED = new Answer.Refused(ParkReason.TOO_LARGE, "no");

  @Test
  void the_last_row_of_each_key_is_sent_at_its_own_place() {
    Compaction compaction =
        Compaction.of(List.of(row(1, "a"), row(2, "b"), row(3, "a"), row(4, "c")), ALL);

    assertThat(ids(compaction)).containsExactly(2L, 3L, 4L);
    assertThat(outcome(compaction, ACKNOWLEDGED, ACKNOWLEDGED, ACKNOWLEDGED).delete())
        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
  }

  @Test
  void rows_without_a_key_are_all_sent() {
    assertThat(ids(Compaction.of(List.of(row(1, "a"), row(2, null), row(3, null)), ALL)))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void partitions_and_topics_are_told_apart() {
    List<OutboxRow> rows =
        List.of(
            new OutboxRow(1, "t", 0, null, bytes("a"), null, null),
            new OutboxRow(2, "t", 1, null, bytes("a"), null, null),
            new OutboxRow(3, "u", 0, null, bytes("a"), null, null));

    assertThat(ids(Compaction.of(rows, ALL))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void a_topic_may_be_left_out_and_without_the_setting_nothing_changes() {
    List<OutboxRow> rows =
        List.of(
            new OutboxRow(1, "events", null, null, bytes("a"), null, null),
            new OutboxRow(2, "events", null, null, bytes("a"), null, null));

    assertThat(ids(Compaction.of(rows, ALL))).containsExactly(1L, 2L);
    assertThat(Compaction.of(rows, TopicRules.DEFAULT).rows()).isSameAs(rows);
  }

  @Test
  void what_was_replaced_stays_until_kafka_has_what_replaces_it() {
    Compaction compaction = Compaction.of(List.of(row(1, "a"), row(2, "a"), row(3, "b")), ALL);

    assertThat(outcome(compaction, AGAIN, ACKNOWLEDGED).delete()).containsExactly(3L);
    Outcome refused = outcome(compaction, REFUSED, ACKNOWLEDGED);
    assertThat(refused.delete()).as("1 is the last state after all").containsExactly(3L);
    assertThat(refused.gone()).isEqualTo(2);
    assertThat(refused.comesAgain()).isTrue();
  }

  @Test
  void whatever_is_answered_every_key_ends_with_the_last_row_that_kafka_takes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      List<OutboxRow> table = new ArrayList<>();
      for (int id = 1; id <= 12; id++) {
        table.add(row(id, List.of("a", "b", "c").get(random.nextInt(3))));
      }
      Set<Long> bad = Set.of(1L + random.nextInt(6), 7L + random.nextInt(6));
      Map<String, Long> expected = new HashMap<>();
      table.stream()
          .filter(row -> !bad.contains(row.id()))
          .forEach(row -> expected.put(new String(row.key(), UTF_8), row.id()));
      Map<String, Long> kafka = new HashMap<>();

      for (int attempt = 0; !table.isEmpty(); attempt++) {
        Compaction compaction =
            Compaction.of(List.copyOf(table.subList(0, Math.min(table.size(), 8))), ALL);
        List<Answer> answers = new ArrayList<>();
        for (OutboxRow row : compaction.rows()) {
          Answer answer =
              bad.contains(row.id())
                  ? REFUSED
                  : attempt > 3 || random.nextInt(3) > 0 ? ACKNOWLEDGED : AGAIN;
          answers.add(answer);
          if (answer == ACKNOWLEDGED) {
            kafka.put(new String(row.key(), UTF_8), row.id());
          }
        }
        Outcome outcome =
            compaction.complete(Outcome.of(compaction.rows(), answers, TopicRules.DEFAULT));
        table.removeIf(
            row ->
                outcome.delete().contains(row.id())
                    || outcome.refused().park().stream().anyMatch(park -> park.id() == row.id()));
      }

      assertThat(kafka).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static Outcome outcome(Compaction compaction, Answer... answers) {
    return compaction.complete(Outcome.of(compaction.rows(), List.of(answers), TopicRules.DEFAULT));
  }

  private static List<Long> ids(Compaction compaction) {
    return compaction.rows().stream().map(OutboxRow::id).toList();
  }

  private static OutboxRow row(long id, String key) {
    return new OutboxRow(id, "t", null, null, key == null ? null : bytes(key), null, null);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
