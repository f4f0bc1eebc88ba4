package io.drivetrain.connector.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.internal.assignment.Records;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PulseTest {
  private final Records.Clock clock = new Records.Clock();
  private final Pulse pulse = new Pulse(Time.of(clock));

  @Test
  void it_is_silent_for_as_long_as_nothing_beats() {
    pulse.beat();
    clock.pass(Duration.ofSeconds(7));
    assertThat(pulse.silence()).contains(Duration.ofSeconds(7));

    pulse.beat();
    assertThat(pulse.silence()).contains(Duration.ZERO);
    assertThat(pulse.beats()).isEqualTo(2);
  }

  @Test
  void what_has_not_begun_or_has_ended_is_not_silent() {
    assertThat(pulse.silence()).isEmpty();

    pulse.beat();
    pulse.end();
    assertThat(pulse.silence()).isEmpty();
  }
}
