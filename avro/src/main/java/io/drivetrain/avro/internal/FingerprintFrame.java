package io.drivetrain.avro.internal;

import io.drivetrain.schema.CodecException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Avro's single-object encoding, for topics without a registry: two bytes and the fingerprint of
 * the schema, which the reader has to have.
 */
final class FingerprintFrame implements Frame {
  private static final int LENGTH = 10;
  private static final byte FIRST = (byte) 0xC3;
  private static final byte SECOND = 1;

  private final String topic;
  private final Map<Long, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<Schema, byte[]> headers = new ConcurrentHashMap<>();

  FingerprintFrame(String topic) {
    this.topic = topic;
  }

  @Override
  public void know(Schema schema) {
    schemas.putIfAbsent(SchemaNormalization.parsingFingerprint64(schema), schema);
  }

  @Override
  public byte[] header(Schema schema) {
    return headers.computeIfAbsent(schema, FingerprintFrame::made);
  }

  private static byte[] made(Schema schema) {
    return ByteBuffer.allocate(LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(FIRST)
        .put(SECOND)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }

  @Override
  public Written read(byte[] bytes) {
    if (bytes.length < LENGTH || bytes[0] != FIRST || bytes[1] != SECOND) {
      throw new CodecException(
          "topic "
              + topic
              + ": not Avro's single-object encoding, which is what topics without a registry have"
              + (bytes.length >= 5 && bytes[0] == 0
                  ? "; it looks written by way of a registry: set drivetrain.schema-registry.url"
                  : ""));
    }
    long fingerprint = ByteBuffer.wrap(bytes, 2, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Schema schema = schemas.get(fingerprint);
    if (schema == null) {
      throw new CodecException(
          "topic "
              + topic
              + ": written with a schema that is not known here (fingerprint "
              + Long.toHexString(fingerprint)
              + "); name its file among former-schemas");
    }
    return new Written(schema, LENGTH);
  }
}
