package io.drivetrain.outbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.MapConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboxSettingsTest {

  @Test
  void a_password_is_for_the_producer_alone() {
    OutboxSettings settings =
        OutboxSettings.of(
            MapConfig.of(
                Map.of(
                    "kafka.bootstrap.servers", "kafka:9092",
                    "kafka.sasl.jaas.config", "hunter2",
                    "drivetrain.outbox.kafka.ssl.key.password", "hunter2")));

    assertThat(settings.drainer().producer())
        .containsEntry("sasl.jaas.config", "hunter2")
        .containsEntry("ssl.key.password", "hunter2");
    assertThat(settings).asString().doesNotContain("hunter2");
  }
}
