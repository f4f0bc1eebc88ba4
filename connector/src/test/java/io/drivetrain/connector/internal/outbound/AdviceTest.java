package io.drivetrain.connector.internal.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.SendFailedException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdviceTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new TimeoutException("Expiring 1 record(s)"), "may have stored it"),
        Arguments.of(
            new TimeoutException("Topic t not present in metadata after 60000 ms."),
            "no such topic"),
        Arguments.of(
            new TimeoutException("?", new UnknownTopicOrPartitionException()), "no such topic"),
        Arguments.of(new BufferExhaustedException("full"), "buffer.memory"),
        Arguments.of(new RecordTooLargeException("2 MB"), "max.message.bytes"),
        Arguments.of(new RecordBatchTooLargeException("2 MB"), "batch.size"),
        Arguments.of(new UnknownTopicOrPartitionException("?"), "create it"),
        Arguments.of(new InvalidTopicException("a b"), "letters"),
        Arguments.of(new TopicAuthorizationException("t"), "WRITE on the topic"),
        Arguments.of(new ClusterAuthorizationException("no"), "IDEMPOTENT_WRITE"),
        Arguments.of(new SaslAuthenticationException("no"), "sasl.*"),
        Arguments.of(new NotEnoughReplicasException("1"), "min.insync.replicas"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void a_failure_names_the_topic_says_what_kafka_said_and_what_to_do(
      KafkaException failure, String advice) {
    assertThat(Advice.on("orders", failure))
        .isInstanceOf(SendFailedException.class)
        .hasCause(failure)
        .hasMessageStartingWith("topic orders: not sent: " + failure.getClass().getSimpleName())
        .hasMessageContaining(failure.getMessage())
        .hasMessageContaining(advice);
  }

  @Test
  void a_failure_nobody_knows_better_comes_without_advice() {
    assertThat(Advice.on("orders", new KafkaException("strange")))
        .hasMessage("topic orders: not sent: KafkaException: strange");
    assertThat(Advice.on("orders", new KafkaException((String) null)))
        .hasMessage("topic orders: not sent: KafkaException");
  }

  @Test
  void what_is_not_kafkas_stays_as_it_is() {
    IllegalStateException own = new IllegalStateException("stopped");

    assertThat(Advice.on("orders", own)).isSameAs(own);
  }
}
