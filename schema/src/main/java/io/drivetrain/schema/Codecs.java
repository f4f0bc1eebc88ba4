package io.drivetrain.schema;

import io.drivetrain.schema.settings.Settings;
import java.util.List;

/** The codecs this build knows, and which of them a topic uses. */
public final class Codecs {
  private static final Codec STRING = new StringCodec();
  private static final Codec BYTES = new BytesCodec();
  private static final Codec JSON = new JsonCodec();
  private static final List<String> NAMES = List.of("json", "string", "bytes");

  private Codecs() {}

  /** UTF-8 text. */
  public static Codec string() {
    return STRING;
  }

  /** Bytes as they are. */
  public static Codec bytes() {
    return BYTES;
  }

  /**
   * JSON by JSON-B; the provider is looked up at first use, so an application without one may still
   * use the others.
   */
  public static Codec json() {
    return JSON;
  }

  /**
   * The codec of a topic's values: {@code drivetrain.topics.<topic>.codec}, default {@code json}.
   *
   * @throws io.drivetrain.schema.settings.SettingsException if the configured name is unknown
   */
  public static Codec ofTopic(Settings root, String topic) {
    return named(root.oneOf("drivetrain.topics." + topic + ".codec", NAMES, "json"));
  }

  private static Codec named(String name) {
    return switch (name) {
      case "string" -> STRING;
      case "bytes" -> BYTES;
      default -> JSON;
    };
  }
}
