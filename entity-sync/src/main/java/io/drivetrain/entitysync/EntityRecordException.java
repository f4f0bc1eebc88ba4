package io.drivetrain.entitysync;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One record that an {@link EntityConsumer} cannot apply; the message names topic, partition,
 * offset, entity and what is wrong.
 */
public class EntityRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@code topic-partition@offset: entity: problem}. */
  public EntityRecordException(
      ConsumerRecord<?, ?> record, String entity, String problem, Throwable cause) {
    super(
        record.topic()
            + "-"
            + record.partition()
            + "@"
            + record.offset()
            + ": "
            + entity
            + ": "
            + problem,
        cause);
  }
}
