package io.drivetrain.schema.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "250ms,PT0.25S",
    "10s,PT10S",
    "5m,PT5M",
    "2h,PT2H",
    "1d,PT24H",
    "PT1.5S,PT1.5S",
    "0,PT0S",
    "' 10s ',PT10S"
  })
  void reads_short_and_iso_forms(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10x", "ten", "-1", "-PT1S", "10", "1.5s", "s", "999999999999999d", "40000d"})
  void refuses_what_has_no_unit_or_is_negative(String text) {
    assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nearest_offers_the_name_that_was_meant_and_nothing_far_off() {
    var known = java.util.List.of("pause-timeout", "max-pause-timeout", "topic");
    assertThat(Nearest.to("pause-timout", known)).contains("pause-timeout");
    assertThat(Nearest.to("topics", known)).contains("topic");
    assertThat(Nearest.to("something-else-entirely", known)).isEmpty();
  }
}
