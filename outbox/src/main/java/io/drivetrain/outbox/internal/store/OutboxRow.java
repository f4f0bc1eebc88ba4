package io.drivetrain.outbox.internal.store;

/**
 * An event as it was read back. The arrays are not copied and must not change.
 *
 * @param headers as {@link HeaderCodec} wrote them
 */
public record OutboxRow(
    long id,
    String topic,
    Integer partition,
    Long timestamp,
    byte[] key,
    byte[] value,
    byte[] headers) {

  /** Bytes it holds in memory, roughly. */
  public int size() {
    return 100 + length(key) + length(value) + length(headers);
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
