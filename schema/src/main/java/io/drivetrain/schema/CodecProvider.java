package io.drivetrain.schema;

import io.drivetrain.schema.settings.Settings;
import java.util.List;
import java.util.Optional;

/**
 * Brings a format that needs a library of its own, so that only applications that use it carry
 * that. Found by {@link java.util.ServiceLoader}. Thread-safe.
 */
public interface CodecProvider {

  /** The name under which configuration selects the format. */
  String name();

  /** The names, without {@code drivetrain.topics.<topic>.}, of the settings it reads of a topic. */
  List<String> settings();

  /**
   * The codecs of one topic, made at deployment: no socket and no thread yet.
   *
   * @param root the application's settings; not to be kept
   * @param topic as Kafka knows it
   * @param prefix of the topic's settings, with its dot
   * @param keys how the topic's keys are made
   * @throws io.drivetrain.schema.settings.SettingsException if anything cannot be used
   */
  Made make(Settings root, String topic, String prefix, KeyKind keys);

  /**
   * Codecs of one topic.
   *
   * @param keys present if the topic's keys have a schema
   */
  record Made(Codec values, Optional<KeyCodec> keys) {}
}
