package io.drivetrain.schema;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

final class StringCodec implements Codec {
  @Override
  public String name() {
    return "string";
  }

  @Override
  public byte[] encode(String topic, Object value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Object decode(String topic, byte[] bytes, Type type) {
    if (type != String.class && type != Object.class && type != CharSequence.class) {
      throw new CodecException(
          "topic " + topic + ": codec string gives java.lang.String, not " + type.getTypeName());
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
