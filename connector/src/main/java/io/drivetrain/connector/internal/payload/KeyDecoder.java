package io.drivetrain.connector.internal.payload;

import io.drivetrain.connector.UndecodableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes the key of a record; null stays null. One lane's thread uses it. */
@FunctionalInterface
interface KeyDecoder {

  /**
   * Decodes.
   *
   * @throws UndecodableException if the key cannot become what is asked for
   */
  Object decode(ConsumerRecord<byte[], byte[]> record);
}
