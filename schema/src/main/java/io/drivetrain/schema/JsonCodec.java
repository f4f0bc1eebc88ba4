package io.drivetrain.schema;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

final class JsonCodec implements Codec {

  /**
   * Loaded at first use: without a JSON-B provider on the class path the other codecs still work.
   */
  private static final class Provider {
    static final Jsonb JSONB = JsonbBuilder.create();
  }

  @Override
  public String name() {
    return "json";
  }

  @Override
  public boolean isStructured() {
    return true;
  }

  @Override
  public byte[] encode(String topic, Object value) {
    try {
      return Provider.JSONB.toJson(value).getBytes(StandardCharsets.UTF_8);
    } catch (JsonbException e) {
      throw new CodecException(
          "topic " + topic + ": a " + value.getClass().getName() + " cannot be written as JSON", e);
    }
  }

  @Override
  public Object decode(String topic, byte[] bytes, Type type) {
    try {
      // Not as a stream, which takes the provider twice the time.
      return Provider.JSONB.fromJson(new String(bytes, StandardCharsets.UTF_8), type);
    } catch (JsonbException e) {
      throw new CodecException(
          "topic " + topic + ": the value is not JSON that fits " + type.getTypeName(), e);
    }
  }
}
