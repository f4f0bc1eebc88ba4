package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.ParkReason;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/** What became of sending one row. */
sealed interface Answer {

  /** Kafka has it. */
  record Acknowledged() implements Answer {}

  /** Kafka will never take it. */
  record Refused(ParkReason reason, String error) implements Answer {}

  /** Kafka takes nothing for this topic now. */
  record TopicFailed(String error) implements Answer {}

  /**
   * Unknown or failed for a reason that has nothing to do with the row: it must be sent again.
   *
   * @param error null if it was not sent, or not answered before that stopped to matter
   */
  record Again(String error) implements Answer {}

  /**
   * Kafka's failure as an answer.
   *
   * @param topic the row's: with a transaction that fails, all its rows fail for the same reason
   */
  static Answer of(Exception failure, String topic) {
    String error = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    if (failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException) {
      return new Refused(ParkReason.TOO_LARGE, error);
    }
    if (failure instanceof InvalidRecordException
        || failure instanceof InvalidTimestampException
        // Nothing of ours serializes here; a partitioner or interceptor of the application may.
        || failure instanceof SerializationException
        || failure instanceof UnsupportedForMessageFormatException) {
      return new Refused(ParkReason.REFUSED, error);
    }
    if (failure instanceof TopicAuthorizationException other
        && !other.unauthorizedTopics().isEmpty()
        && !other.unauthorizedTopics().contains(topic)) {
      return new Again(error);
    }
    if (failure instanceof TopicAuthorizationException
        || failure instanceof UnknownTopicOrPartitionException
        || failure instanceof InvalidTopicException) {
      return new TopicFailed(error);
    }
    return new Again(error);
  }
}
