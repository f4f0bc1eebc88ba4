package io.drivetrain.tests.migrating;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

/** A channel whose broker never answers, and what it does to readiness. */
class HealthAttributesTest {
  private static final String IN = "mp.messaging.incoming.in.";

  private static WeldApp.Builder withoutABroker() {
    return WeldApp.with(
            IN + "connector", "drivetrain",
            IN + "topic", "t",
            IN + "group.id", "g",
            IN + "bootstrap.servers", "127.0.0.1:1")
        .beans(Texts.class);
  }

  private static HealthCheckResponse readiness(WeldApp app) {
    eventually(
        () ->
            assertThat(app.get(Channels.class).state("in").phase())
                .isEqualTo(ChannelState.Phase.JOINING));
    return app.all(HealthCheck.class, Readiness.Literal.INSTANCE).get(0).call();
  }

  @Test
  void it_is_not_ready() {
    try (WeldApp app = withoutABroker().start()) {
      assertThat(readiness(app).getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    }
  }

  @Test
  void it_is_shown_and_does_not_count_with_health_readiness_enabled_false() {
    try (WeldApp app = withoutABroker().and(IN + "health-readiness-enabled", "false").start()) {
      HealthCheckResponse response = readiness(app);

      assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
      assertThat(response.getData().orElseThrow()).containsKey("in");
    }
  }

  @Test
  void it_is_not_even_shown_with_health_enabled_false() {
    try (WeldApp app = withoutABroker().and(IN + "health-enabled", "false").start()) {
      HealthCheckResponse response = readiness(app);

      assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
      assertThat(response.getData().orElse(Map.of())).doesNotContainKey("in");
    }
  }

  @ApplicationScoped
  static class Texts {
    @Incoming("in")
    void take(String value) {
      throw new AssertionError("there is no broker");
    }
  }
}
