package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.SendFailedException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Says of a failed send what Kafka said and what to do about it. */
final class Advice {
  private Advice() {}

  /** The failure as users see it: Kafka's with advice, any other as it is. */
  static Throwable on(String topic, Throwable failure) {
    return failure instanceof KafkaException kafka
        ? new SendFailedException(sentence(topic, kafka), kafka)
        : failure;
  }

  private static String sentence(String topic, KafkaException failure) {
    String advice = advice(failure);
    return "topic "
        + topic
        + ": not sent: "
        + failure.getClass().getSimpleName()
        + (failure.getMessage() == null ? "" : ": " + failure.getMessage())
        + (advice.isEmpty() ? "" : " [" + advice + "]");
  }

  private static String advice(KafkaException failure) {
    if (failure instanceof BufferExhaustedException) {
      return "for max.block.ms the producer had no room for one more: it sends more than Kafka takes;"
          + " look at the brokers, send less at once, or raise buffer.memory";
    }
    if (failure instanceof TimeoutException) {
      return isOfMetadata(failure)
          ? "for max.block.ms Kafka named no such topic or partition: look at the name, create it,"
              + " allow this application to describe it, or look whether the brokers can be reached"
          : "Kafka did not confirm it within delivery.timeout.ms and may have stored it all the same:"
              + " look whether the brokers can be reached and whether min.insync.replicas are there";
    }
    if (failure instanceof RecordTooLargeException) {
      return "make it smaller, or raise what refused it: max.request.size of the producer, or"
          + " max.message.bytes of the topic";
    }
    if (failure instanceof RecordBatchTooLargeException) {
      return "lower batch.size of the producer, or raise segment.bytes of the topic";
    }
    if (failure instanceof UnknownTopicOrPartitionException) {
      return "look at the name, or create it";
    }
    if (failure instanceof InvalidTopicException) {
      return "a name has letters, digits, dots, dashes and underscores, 249 at most";
    }
    if (failure instanceof TopicAuthorizationException) {
      return "allow this application's principal the operation WRITE on the topic";
    }
    if (failure instanceof ClusterAuthorizationException) {
      return "allow this application's principal the operation IDEMPOTENT_WRITE on the cluster";
    }
    if (failure instanceof AuthenticationException) {
      return "look at security.protocol and at the settings sasl.* and ssl.*";
    }
    if (failure instanceof NotEnoughReplicasException
        || failure instanceof NotEnoughReplicasAfterAppendException) {
      return "fewer replicas are in sync than min.insync.replicas of the topic asks for: look at the"
          + " brokers";
    }
    return "";
  }

  /** Kafka has one exception for both timeouts; only its text, and a cause at times, tells. */
  private static boolean isOfMetadata(KafkaException failure) {
    String text = String.valueOf(failure.getMessage());
    return failure.getCause() instanceof UnknownTopicOrPartitionException
        || text.contains("not present in metadata")
        || text.contains("update metadata");
  }
}
