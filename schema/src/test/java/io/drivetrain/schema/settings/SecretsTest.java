package io.drivetrain.schema.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @Test
  void whatever_kafka_keeps_secret_is_a_secret() {
    for (ConfigDef definition :
        new ConfigDef[] {
          ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef()
        }) {
      definition.configKeys().values().stream()
          .filter(key -> key.type == ConfigDef.Type.PASSWORD)
          // A chain of certificates is shown to everybody who connects.
          .filter(key -> !key.name.endsWith("certificate.chain"))
          .filter(key -> !key.name.endsWith("truststore.certificates"))
          .forEach(key -> assertThat(Secrets.isSecret(key.name)).as(key.name).isTrue());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mp.messaging.incoming.orders.sasl.jaas.config",
        "KAFKA_SASL_JAAS_CONFIG",
        "KAFKA_CLIENT_CERT_KEY",
        "kafka.ssl.keystore.key",
        "dead-letter-queue.ssl.key.password",
        "schema.registry.basic.auth.user.info",
        "my-api-key"
      })
  void a_name_says_so_in_any_spelling(String name) {
    assertThat(Secrets.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"topic", "kafka.bootstrap.servers", "key.deserializer", "pause-timeout"})
  void other_names_do_not(String name) {
    assertThat(Secrets.isSecret(name)).isFalse();
  }

  @Test
  void a_secret_is_taken_out_of_a_text_whole() {
    Secrets secrets = Secrets.of(Map.of("ssl.key.password", "hunter2", "topic", "orders"));

    assertThat(secrets.removedFrom("orders cannot be opened with hunter2"))
        .isEqualTo("orders cannot be opened with ***");
  }

  @Test
  void a_failure_that_quotes_a_secret_is_told_without_it() {
    Secrets secrets = Secrets.of(Map.of("ssl.key.password", "hunter2"));
    RuntimeException innocent = new IllegalStateException("no answer");
    RuntimeException talkative =
        new IllegalStateException("no client", new IOException("hunter2 is wrong"));

    assertThat(secrets.removedFrom(innocent)).isSameAs(innocent);
    assertThat(secrets.removedFrom(talkative))
        .hasMessage("java.io.IOException: *** is wrong")
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PlainLoginModule required username=\"app\" password=\"hunter2\"; | hunter2",
        "x.y.PlainLoginModule required password=hunter2; | hunter2",
        "PlainLoginModule required username=\"app\" password=two words; | words",
        "PlainLoginModule required password=\"never closed | never",
        "hunter2 | hunter2",
      })
  void a_part_that_an_error_may_quote_is_a_secret_too(String jaas, String part) {
    Secrets secrets = Secrets.of(Map.of("sasl.jaas.config", jaas));

    assertThat(secrets.removedFrom("no value for key '" + part + "'"))
        .isEqualTo("no value for key '***'");
  }

  @Test
  void what_is_said_of_a_login_besides_its_secrets_stays_readable() {
    Secrets secrets =
        Secrets.of(
            Map.of(
                "sasl.jaas.config",
                "org.apache.kafka.PlainLoginModule required username=\"app\" password=\"p4ss\";"));
    String error = "PlainLoginModule required for app, org.apache.kafka.PlainLoginModule not found";

    assertThat(secrets.removedFrom(error)).isEqualTo(error);
  }

  @Test
  void a_line_of_a_private_key_is_a_secret() {
    Secrets secrets =
        Secrets.of(
            Map.of(
                "ssl.keystore.key",
                "-----BEGIN PRIVATE KEY-----\nMIIEvQ\nIBADANB\n-----END PRIVATE KEY-----"));

    assertThat(secrets.removedFrom("a PRIVATE KEY with IBADANB"))
        .isEqualTo("a PRIVATE KEY with ***");
  }
}
