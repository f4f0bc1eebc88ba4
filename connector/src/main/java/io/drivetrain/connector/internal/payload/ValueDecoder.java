package io.drivetrain.connector.internal.payload;

import io.drivetrain.connector.UndecodableException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes the value of a record that has one. One lane's thread uses it. */
@FunctionalInterface
interface ValueDecoder {

  /**
   * Decodes.
   *
   * @return never null
   * @throws UndecodableException if the value cannot become what is asked for
   */
  Object decode(ConsumerRecord<byte[], byte[]> record);
}
