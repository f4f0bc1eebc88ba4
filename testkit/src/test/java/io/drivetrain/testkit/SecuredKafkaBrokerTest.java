package io.drivetrain.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.testkit.SecuredKafkaBroker.Login;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SecuredKafkaBrokerTest {
  private static SecuredKafkaBroker secured;

  @BeforeAll
  static void start() {
    secured = SecuredKafkaBroker.started();
  }

  @AfterAll
  static void close() {
    secured.close();
  }

  @ParameterizedTest
  @EnumSource
  void the_user_comes_in_by_every_login_and_writes_where_it_may(Login login) throws Exception {
    Topic topic = secured.broker().newTopic("allowed", 1);
    secured.allow(topic);

    send(secured.clientProperties(login), topic);

    assertThat(topic.values()).containsExactly("v");
  }

  @Test
  void the_user_may_nothing_that_was_not_allowed() {
    Topic topic = secured.broker().newTopic("forbidden", 1);

    assertThatThrownBy(() -> send(secured.clientProperties(Login.PLAIN), topic))
        .hasCauseInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void a_wrong_password_opens_no_door() {
    Topic topic = secured.broker().newTopic("closed", 1);
    secured.allow(topic);
    Map<String, String> wrong = new HashMap<>(secured.clientProperties(Login.SCRAM_SHA_512));
    wrong.computeIfPresent(
        "sasl.jaas.config", (key, jaas) -> jaas.replace(secured.password(), "guessed"));

    assertThatThrownBy(() -> send(wrong, topic))
        .hasCauseInstanceOf(SaslAuthenticationException.class);
  }

  @Test
  void the_certificate_is_of_localhost_and_of_no_address() {
    Topic topic = secured.broker().newTopic("named", 1);
    secured.allow(topic);
    Map<String, String> byAddress = new HashMap<>(secured.clientProperties(Login.CERTIFICATE));
    byAddress.computeIfPresent(
        "bootstrap.servers", (key, servers) -> servers.replace("localhost", "127.0.0.1"));

    assertThatThrownBy(() -> send(byAddress, topic))
        .hasCauseInstanceOf(SslAuthenticationException.class);
  }

  private static void send(Map<String, String> properties, Topic topic)
      throws ExecutionException, InterruptedException, java.util.concurrent.TimeoutException {
    Map<String, Object> client = new HashMap<>(properties);
    client.put("max.block.ms", 20_000);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic.name(), "v")).get(30, TimeUnit.SECONDS);
    }
  }
}
