package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.store.OutboxRow;
import io.drivetrain.outbox.internal.store.OutboxTable.Parked;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static final Answer ACKNOWLEDGED = new Answer.Acknowledged();
  private static final Answer AGAIN = new Answer.Again(null);
  private static final Answer REFUSED = new Answer.Refused(ParkReason.TOO_LARGE, "too large");

  @Test
  void exactly_what_was_acknowledged_is_deleted() {
    Outcome outcome =
        Outcome.of(
            List.of(row(1, "a"), row(2, "b"), row(3, "c")),
            List.of(ACKNOWLEDGED, AGAIN, ACKNOWLEDGED),
            TopicRules.DEFAULT);

    assertThat(outcome.delete()).containsExactly(1L, 3L);
    assertThat(outcome.refused().park()).isEmpty();
    assertThat(outcome.failure()).isEmpty();
  }

  @Test
  void a_later_row_of_a_key_that_comes_again_comes_again_behind_it() {
    Outcome outcome =
        Outcome.of(
            List.of(row(1, "a"), row(2, "a"), row(3, "a"), row(4, "b")),
            List.of(ACKNOWLEDGED, AGAIN, ACKNOWLEDGED, ACKNOWLEDGED),
            TopicRules.DEFAULT);

    assertThat(outcome.delete()).containsExactly(1L, 4L);
  }

  @Test
  void a_refused_row_is_parked_and_its_key_goes_on() {
    Outcome outcome =
        Outcome.of(
            List.of(row(1, "a"), row(2, "a"), row(3, "a")),
            List.of(ACKNOWLEDGED, REFUSED, ACKNOWLEDGED),
            TopicRules.DEFAULT);

    assertThat(outcome.delete()).containsExactly(1L, 3L);
    assertThat(outcome.refused().park())
        .containsExactly(new Parked(2, ParkReason.TOO_LARGE, "too large"));
  }

  @Test
  void each_policy_decides_what_becomes_of_a_refused_row() {
    List<OutboxRow> rows = List.of(row(1, "a"), row(2, "a"), row(3, null));
    List<Answer> answers = List.of(ACKNOWLEDGED, REFUSED, REFUSED);

    Outcome block = Outcome.of(rows, answers, rules(OnRefused.BLOCK_KEY));
    assertThat(block.refused().park()).extracting(Parked::id).containsExactly(2L, 3L);
    assertThat(block.refused().block()).as("keyless: no order").containsExactly(rows.get(1));
    Outcome drop = Outcome.of(rows, answers, rules(OnRefused.DROP));
    assertThat(drop.delete()).containsExactly(1L);
    assertThat(drop.refused().drop()).extracting(Parked::id).containsExactly(2L, 3L);
    Outcome stop = Outcome.of(rows, answers, rules(OnRefused.STOP));
    assertThat(stop.gone()).isEqualTo(1);
    assertThat(stop.refused().stop().get("t").id()).isEqualTo(2);
  }

  @Test
  void a_key_is_not_blocked_while_an_earlier_row_of_it_comes_again() {
    Outcome outcome =
        Outcome.of(
            List.of(row(1, "a"), row(2, "a"), row(3, "b")),
            List.of(AGAIN, REFUSED, REFUSED),
            rules(OnRefused.BLOCK_KEY));

    assertThat(outcome.refused().park()).extracting(Parked::id).containsExactly(3L);
  }

  private static TopicRules rules(OnRefused rule) {
    return new TopicRules(rule, Map.of(), false, Map.of());
  }

  @Test
  void rows_without_a_key_have_no_order() {
    Outcome outcome =
        Outcome.of(
            List.of(row(1, null), row(2, null)), List.of(AGAIN, ACKNOWLEDGED), TopicRules.DEFAULT);

    assertThat(outcome.delete()).containsExactly(2L);
  }

  @Test
  void failures_are_told_apart_by_whom_they_concern() {
    assertThat(answer(new RecordTooLargeException("x"))).isInstanceOf(Answer.Refused.class);
    assertThat(answer(new TopicAuthorizationException(Set.of("t"))))
        .isInstanceOf(Answer.TopicFailed.class);
    assertThat(answer(new TopicAuthorizationException(Set.of("another of the transaction"))))
        .isInstanceOf(Answer.Again.class);
    assertThat(answer(new NotLeaderOrFollowerException("x"))).isInstanceOf(Answer.Again.class);
    assertThat(answer(new SerializationException("x"))).isInstanceOf(Answer.Refused.class);
    assertThat(answer(new IllegalStateException("x"))).isInstanceOf(Answer.Again.class);
  }

  private static Answer answer(Exception failure) {
    return Answer.of(failure, "t");
  }

  @Test
  void whatever_is_answered_no_row_is_lost_and_each_key_ends_with_its_last_row() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      List<OutboxRow> table = new ArrayList<>();
      for (int id = 1; id <= 12; id++) {
        table.add(row(id, List.of("a", "b", "c").get(random.nextInt(3))));
      }
      Map<String, Long> last = new HashMap<>();
      table.forEach(row -> last.put(text(row.key()), row.id()));
      List<OutboxRow> kafka = new ArrayList<>();

      for (int attempt = 0; !table.isEmpty(); attempt++) {
        List<OutboxRow> batch = List.copyOf(table);
        List<Answer> answers = new ArrayList<>();
        for (OutboxRow row : batch) {
          Answer answer = attempt > 3 || random.nextInt(3) > 0 ? ACKNOWLEDGED : AGAIN;
          answers.add(answer);
          if (answer == ACKNOWLEDGED) {
            kafka.add(row);
          }
        }
        List<Long> gone = Outcome.of(batch, answers, TopicRules.DEFAULT).delete();
        table.removeIf(row -> gone.contains(row.id()));
      }

      Map<String, Long> seen = new HashMap<>();
      kafka.forEach(row -> seen.put(text(row.key()), row.id()));
      assertThat(seen).as("seed %d", seed).isEqualTo(last);
      assertThat(kafka.stream().map(OutboxRow::id).distinct().count()).isEqualTo(12);
    }
  }

  private static OutboxRow row(long id, String key) {
    return new OutboxRow(
        id, "t", null, null, key == null ? null : key.getBytes(StandardCharsets.UTF_8), null, null);
  }

  private static String text(byte[] key) {
    return Arrays.toString(key);
  }
}
