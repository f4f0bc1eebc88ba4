package io.drivetrain.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ContainersTest {

  @Test
  void the_property_decides_without_asking_docker() {
    assertThat(Containers.decide("always", "any").container()).isTrue();
    assertThat(Containers.decide("never", "any").container()).isFalse();
  }

  @Test
  void an_image_that_is_not_there_means_a_process() {
    Containers.Decision decision = Containers.decide("auto", "drivetrain/no-such-image:1");

    assertThat(decision.container()).isFalse();
    assertThat(decision.reason()).isNotBlank();
  }

  @Test
  void any_other_setting_is_refused_with_what_is_allowed() {
    assertThatThrownBy(() -> Containers.decide("yes", "any"))
        .hasMessage("drivetrain.testkit.containers is 'yes'; expected auto, always or never");
  }
}
