package io.drivetrain.entitysync.internal.consume;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What an entity consumer's subclass may decide; see the methods of the same names there. */
public interface Hooks {
  /** Whether a record is meant for this table. */
  boolean accepts(ConsumerRecord<byte[], byte[]> record);

  /** The attributes to assign. */
  Map<String, Object> attributes(
      ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload);

  /** Whether only the last record of a key is applied. */
  boolean compacts();
}
