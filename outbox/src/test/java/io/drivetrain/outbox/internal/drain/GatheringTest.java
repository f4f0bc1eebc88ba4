package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private static final long BEGUN = 1_000_000_000;
  private static final int LIMIT = 500;

  private final Gathering gathering = new Gathering();

  @Test
  void the_first_read_is_at_once() {
    assertThat(gathering.remaining(BEGUN)).isNotPositive();
  }

  @Test
  void after_few_rows_the_next_read_is_at_once() {
    gathering.read(BEGUN, 3, LIMIT);

    assertThat(gathering.remaining(BEGUN)).isNotPositive();
  }

  @Test
  void after_many_rows_events_gather_counted_from_when_the_read_began() {
    gathering.read(BEGUN, 4, LIMIT);

    assertThat(gathering.remaining(after(2))).isEqualTo(Duration.ofMillis(3).toNanos());
    assertThat(gathering.remaining(after(5))).isNotPositive();
  }

  @Test
  void a_backlog_is_read_without_a_pause() {
    gathering.read(BEGUN, LIMIT, LIMIT);

    assertThat(gathering.remaining(BEGUN)).isNotPositive();
  }

  @Test
  void it_is_over_when_a_read_finds_nothing() {
    gathering.read(BEGUN, 100, LIMIT);
    gathering.read(after(5), 0, LIMIT);

    assertThat(gathering.remaining(after(5))).isNotPositive();
  }

  private static long after(long millis) {
    return BEGUN + Duration.ofMillis(millis).toNanos();
  }
}
