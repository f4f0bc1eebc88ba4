package io.drivetrain.avro.internal;

import io.drivetrain.avro.internal.registry.Registry;
import io.drivetrain.schema.CodecException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;

/** The frame of Confluent's serializers: a zero and the registry's id of the schema. */
final class RegistryFrame implements Frame {
  private static final int LENGTH = 5;

  private final Registry registry;
  private final String topic;
  private final String subject;

  RegistryFrame(Registry registry, String topic, String suffix) {
    this.registry = registry;
    this.topic = topic;
    this.subject = topic + suffix;
  }

  Registry registry() {
    return registry;
  }

  String subject() {
    return subject;
  }

  @Override
  public void know(Schema schema) {
    // The registry knows.
  }

  @Override
  public byte[] header(Schema schema) {
    return ByteBuffer.allocate(LENGTH).put((byte) 0).putInt(registry.id(subject, schema)).array();
  }

  @Override
  public Written read(byte[] bytes) {
    if (bytes.length < LENGTH || bytes[0] != 0) {
      throw new CodecException(
          "topic "
              + topic
              + ": it does not begin with a zero and a schema's id, as what is written by way of a"
              + " registry does");
    }
    return new Written(registry.schema(ByteBuffer.wrap(bytes, 1, 4).getInt()), LENGTH);
  }
}
