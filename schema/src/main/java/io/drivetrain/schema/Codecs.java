package io.drivetrain.schema;

import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The codecs this build knows, and which of them a topic uses. */
public final class Codecs {
  private static final Codec STRING = new StringCodec();
  private static final Codec BYTES = new BytesCodec();
  private static final Codec JSON = new JsonCodec();
  private static final List<String> NAMES = List.of("json", "string", "bytes");

  /** What brings a format of its own, by the format's name. */
  private static final String AVRO = "avro";

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
   * @throws SettingsException if the topic's settings cannot be used
   */
  public static Codec ofTopic(Settings root, String topic) {
    return TopicFormat.of(root, topic).values();
  }

  /** One of ours. */
  static Codec own(Settings root, String key) {
    return switch (root.text(key, "json")) {
      case "string" -> STRING;
      case "bytes" -> BYTES;
      default -> JSON;
    };
  }

  /**
   * What brings the format of that name; empty if it is one of ours.
   *
   * @throws SettingsException if nobody knows it
   */
  static Optional<CodecProvider> provider(Settings root, String key) {
    String name = root.text(key, "json");
    if (NAMES.contains(name)) {
      return Optional.empty();
    }
    List<CodecProvider> providers = providers();
    for (CodecProvider provider : providers) {
      if (provider.name().equals(name)) {
        return Optional.of(provider);
      }
    }
    List<String> known = new ArrayList<>(NAMES);
    providers.forEach(provider -> known.add(provider.name()));
    throw SettingsException.of(
        key,
        name,
        "one of "
            + String.join(", ", known)
            + (name.equals(AVRO) ? "; for avro, add io.drivetrain:drivetrain-avro" : ""));
  }

  private static List<CodecProvider> providers() {
    List<CodecProvider> found = providers(Codecs.class.getClassLoader());
    // A library shared by several applications does not see what they bring.
    return found.isEmpty() ? providers(Thread.currentThread().getContextClassLoader()) : found;
  }

  private static List<CodecProvider> providers(ClassLoader loader) {
    return ServiceLoader.load(CodecProvider.class, loader).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
