package io.drivetrain.connector.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration TEN = Duration.ofSeconds(10);

  @Test
  void a_fixed_pause_is_the_same_after_every_failure_and_is_not_cut() {
    Backoff fixed = new Backoff(Optional.of(Duration.ofMinutes(10)), false, Duration.ofMinutes(5));

    assertThat(fixed.after(1)).contains(Duration.ofMinutes(10));
    assertThat(fixed.after(100)).contains(Duration.ofMinutes(10));
  }

  @Test
  void an_exponential_pause_doubles_from_the_second_failure_on_until_its_maximum() {
    Backoff growing = new Backoff(Optional.of(TEN), true, Duration.ofSeconds(35));

    assertThat(
            IntStream.rangeClosed(1, 5).mapToObj(n -> growing.after(n).orElseThrow().toSeconds()))
        .containsExactly(10L, 20L, 35L, 35L, 35L);
  }

  @Test
  void a_first_pause_above_the_maximum_is_the_maximum_when_it_grows() {
    assertThat(new Backoff(Optional.of(TEN), true, Duration.ofSeconds(3)).after(1))
        .contains(Duration.ofSeconds(3));
  }

  @Test
  void zero_stays_zero() {
    assertThat(new Backoff(Optional.of(Duration.ZERO), true, TEN).after(9)).contains(Duration.ZERO);
  }

  @Test
  void a_pause_without_an_end_has_no_duration() {
    assertThat(new Backoff(Optional.empty(), true, TEN).after(3)).isEmpty();
  }

  @Test
  void a_record_that_fails_for_days_does_not_overflow() {
    Backoff growing = new Backoff(Optional.of(TEN), true, Duration.ofDays(365_000));

    assertThat(growing.after(Integer.MAX_VALUE)).contains(Duration.ofDays(365_000));
  }

  @Test
  void there_is_no_pause_before_the_first_failure() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(Optional.of(TEN), true, TEN).after(0));
  }
}
