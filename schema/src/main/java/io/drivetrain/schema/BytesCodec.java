package io.drivetrain.schema;

import java.lang.reflect.Type;

final class BytesCodec implements Codec {
  @Override
  public String name() {
    return "bytes";
  }

  @Override
  public byte[] encode(String topic, Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    throw new CodecException(
        "topic " + topic + ": codec bytes takes byte[], not " + value.getClass().getName());
  }

  @Override
  public Object decode(String topic, byte[] bytes, Type type) {
    if (type != byte[].class && type != Object.class) {
      throw new CodecException(
          "topic " + topic + ": codec bytes gives byte[], not " + type.getTypeName());
    }
    return bytes;
  }
}
