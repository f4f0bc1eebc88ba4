package io.drivetrain.schema;

import jakarta.json.JsonException;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;

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
      if (JsonMaps.canWrite(value)) {
        return JsonMaps.write(value).getBytes(StandardCharsets.UTF_8);
      }
      return Provider.JSONB.toJson(value).getBytes(StandardCharsets.UTF_8);
    } catch (JsonbException e) {
      throw new CodecException(
          "topic " + topic + ": a " + value.getClass().getName() + " cannot be written as JSON", e);
    }
  }

  @Override
  public Object decode(String topic, byte[] bytes, Type type) {
    // Not as a stream, which takes the provider twice the time.
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      return type == Map.class ? JsonMaps.read(text) : Provider.JSONB.fromJson(text, type);
    } catch (JsonbException | JsonException e) {
      throw new CodecException(
          "topic "
              + topic
              + ": the value is not "
              + (type == Map.class ? "an object in JSON" : "JSON that fits " + type.getTypeName()),
          e);
    }
  }
}
