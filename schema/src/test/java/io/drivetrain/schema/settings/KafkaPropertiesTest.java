package io.drivetrain.schema.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class KafkaPropertiesTest {

  @Test
  void every_kafka_setting_reaches_the_client_without_its_prefix() {
    Config config =
        SettingsTest.config(
            "kafka.bootstrap.servers",
            "127.0.0.1:9092",
            "kafka.security.protocol",
            "SSL",
            "other",
            "x");

    assertThat(KafkaProperties.common(config))
        .containsOnly(
            Map.entry("bootstrap.servers", "127.0.0.1:9092"),
            Map.entry("security.protocol", "SSL"));
  }

  @Test
  void the_servers_may_come_from_an_environment_variable() {
    Config config =
        new SmallRyeConfigBuilder()
            .withSources(new EnvConfigSource(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"), 300))
            .build();

    assertThat(KafkaProperties.common(config)).containsEntry("bootstrap.servers", "kafka:9092");
  }

  @Test
  void secrets_are_masked_and_the_rest_is_not() {
    Map<String, String> properties =
        Map.of(
            "sasl.jaas.config", "PlainLoginModule required password=hunter2;",
            "ssl.keystore.password", "hunter2",
            "ssl.keystore.key", "-----BEGIN",
            "bootstrap.servers", "kafka:9092");

    assertThat(KafkaProperties.masked(properties))
        .containsOnly(
            Map.entry("sasl.jaas.config", "***"),
            Map.entry("ssl.keystore.password", "***"),
            Map.entry("ssl.keystore.key", "***"),
            Map.entry("bootstrap.servers", "kafka:9092"));
  }
}
