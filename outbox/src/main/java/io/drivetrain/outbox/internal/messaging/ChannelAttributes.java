package io.drivetrain.outbox.internal.messaging;

import io.drivetrain.schema.settings.Nearest;
import io.drivetrain.schema.settings.RuntimeAttributes;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What may be set on a channel of the outbox. */
final class ChannelAttributes {
  static final String TOPIC = "topic";

  private static final Set<String> SERIALIZERS =
      Set.of(
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

  /** What a direct channel may leave behind. */
  private static final Set<String> HARMLESS = harmless();

  private ChannelAttributes() {}

  private static Set<String> harmless() {
    Set<String> names = new HashSet<>(ProducerConfig.configNames());
    names.add("close-timeout");
    names.removeAll(SERIALIZERS);
    return names;
  }

  /**
   * Refuses what would be ignored although it was meant.
   *
   * @throws SettingsException for the first such attribute
   */
  static void check(Settings settings) {
    for (String key : settings.keys()) {
      if (SERIALIZERS.contains(key) && settings.text(key).isPresent()) {
        throw new SettingsException(
            settings.fullKey(key)
                + " cannot be set: the outbox encodes when the event is published, by the codec"
                + " drivetrain.topics.<topic>.codec");
      }
      // The properties of a client's plug-ins have dots.
      boolean foreign = key.indexOf('.') >= 0 || RuntimeAttributes.include(key);
      if (!foreign && !key.equals(TOPIC) && !HARMLESS.contains(key)) {
        throw new SettingsException(
            settings.fullKey(key)
                + " is no attribute of the drivetrain-outbox connector; "
                + Nearest.to(key, Set.of(TOPIC))
                    .map(name -> "did you mean " + name + "?")
                    .orElse("expected topic"));
      }
    }
  }
}
