package io.drivetrain.outbox.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.MapConfig;
import java.util.HashMap;
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

  @Test
  void batches_are_transactions_only_if_that_is_asked_for() {
    assertThat(settings().drainer().transactionalIds()).isEmpty();
    assertThat(settings("drivetrain.outbox.delivery", "transactional").drainer().transactionalIds())
        .contains("drivetrain-outbox-");
    assertThat(
            settings(
                    "drivetrain.outbox.delivery",
                    "transactional",
                    "drivetrain.outbox.transactional-id-prefix",
                    "shop-")
                .drainer()
                .transactionalIds())
        .contains("shop-");
    assertThat(settings("kafka.transactional.id", "of-a-channel").drainer().producer())
        .doesNotContainKey("transactional.id");
  }

  private static OutboxSettings settings(String... keysAndValues) {
    Map<String, String> all = new HashMap<>();
    all.put("kafka.bootstrap.servers", "kafka:9092");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      all.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return OutboxSettings.of(MapConfig.of(all));
  }
}
