package io.drivetrain.outbox.internal.write;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.EncodedMessage.Header;
import java.nio.charset.StandardCharsets;

/**
 * The size of an event as the Kafka producer will count it against {@code max.request.size}: a
 * batch of one record, uncompressed, every length at its longest.
 */
final class RecordSize {

  /** Head of a record batch (61) and of a record (21), both of message format 2. */
  private static final int FRAME = 61 + 21;

  private static final int LENGTH = 5;

  /** The header drivetrain-id with the longest id. */
  private static final int ID_HEADER = LENGTH + "drivetrain-id".length() + LENGTH + 19;

  private RecordSize() {}

  static long of(EncodedMessage message) {
    long size = FRAME + ID_HEADER + LENGTH + field(message.key()) + field(message.value());
    for (Header header : message.headers()) {
      size +=
          LENGTH + header.name().getBytes(StandardCharsets.UTF_8).length + field(header.value());
    }
    return size;
  }

  private static long field(byte[] bytes) {
    return LENGTH + (bytes == null ? 0L : bytes.length);
  }
}
