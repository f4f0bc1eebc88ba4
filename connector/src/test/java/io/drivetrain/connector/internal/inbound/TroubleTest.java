package io.drivetrain.connector.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TroubleTest {
  private final Trouble trouble = new Trouble(Map.of());

  @Test
  void the_client_is_left_alone_for_longer_after_each_failure_but_never_given_up() {
    assertThat(IntStream.range(0, 10).mapToObj(i -> trouble.failed(0).toMillis()))
        .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10000L, 10000L, 10000L);
  }

  @Test
  void after_a_success_the_next_failure_is_the_first_again() {
    trouble.failed(0);
    trouble.failed(0);

    assertThat(trouble.ended()).isTrue();
    assertThat(trouble.failed(0)).hasMillis(100);
  }

  @Test
  void it_is_over_when_the_client_has_been_quiet_for_five_seconds() {
    trouble.failed(0);

    assertThat(trouble.lasts(Duration.ofMillis(5_099).toNanos())).isTrue();
    assertThat(trouble.lasts(Duration.ofMillis(5_100).toNanos())).isFalse();
    assertThat(trouble.ended()).isFalse();
  }
}
