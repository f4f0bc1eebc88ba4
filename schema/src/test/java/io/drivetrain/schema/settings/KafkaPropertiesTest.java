package io.drivetrain.schema.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void a_login_may_come_from_environment_variables_alone() {
    Config config =
        new SmallRyeConfigBuilder()
            .withSources(
                new EnvConfigSource(
                    Map.of(
                        "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                        "KAFKA_SASL_MECHANISM", "PLAIN",
                        "KAFKA_SASL_JAAS_CONFIG", "login",
                        "KAFKA_SSL_TRUSTSTORE_CERTIFICATES", "pem"),
                    300))
            .build();

    assertThat(KafkaProperties.common(config))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "PLAIN")
        .containsEntry("sasl.jaas.config", "login")
        .containsEntry("ssl.truststore.certificates", "pem");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "", " "})
  void host_names_are_not_checked_if_configuration_says_so(String value) {
    Config config = SettingsTest.config("kafka.ssl.endpoint.identification.algorithm", value);

    assertThat(KafkaProperties.common(config))
        .containsEntry("ssl.endpoint.identification.algorithm", "");
  }

  @Test
  void what_is_not_set_or_set_to_nothing_is_left_to_kafka() {
    assertThat(KafkaProperties.common(SettingsTest.config("kafka.client.id", ""))).isEmpty();
  }
}
