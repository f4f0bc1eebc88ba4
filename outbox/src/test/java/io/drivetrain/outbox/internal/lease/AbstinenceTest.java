package io.drivetrain.outbox.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AbstinenceTest {
  private final Abstinence abstinence =
      new Abstinence(Duration.ofSeconds(10), Duration.ofSeconds(30));

  @Test
  void it_lasts_longer_with_each_death_up_to_a_bound() {
    assertThat(abstinence.lasts(at(0))).isFalse();
    assertThat(abstinence.begin(at(0))).hasSeconds(10);
    assertThat(abstinence.lasts(at(9))).isTrue();
    assertThat(abstinence.lasts(at(10))).isFalse();
    assertThat(abstinence.begin(at(11))).hasSeconds(20);
    assertThat(abstinence.lasts(at(31))).isFalse();
    assertThat(abstinence.begin(at(32))).hasSeconds(30);
    assertThat(abstinence.lasts(at(62))).isFalse();
    assertThat(abstinence.begin(at(63))).hasSeconds(30);
  }

  @Test
  void drainers_that_die_together_count_once() {
    abstinence.begin(at(0));

    assertThat(abstinence.begin(at(1))).hasSeconds(9);
    assertThat(abstinence.lasts(at(10))).isFalse();
  }

  @Test
  void after_a_long_time_in_health_it_begins_with_the_shortest() {
    abstinence.begin(at(0));
    assertThat(abstinence.lasts(at(10))).isFalse();

    assertThat(abstinence.begin(at(41))).hasSeconds(10);
  }

  private static long at(long second) {
    return Long.MAX_VALUE - 20_000_000_000L + second * 1_000_000_000L;
  }
}
