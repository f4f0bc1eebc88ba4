package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.settings.Nearest;
import io.drivetrain.schema.settings.RuntimeAttributes;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sorts the keys of a channel: ours, the runtime's, Kafka's, or a mistake. A mistake fails the
 * deployment with the nearest name, because an attribute that is silently ignored is found out in
 * production.
 */
final class AttributeNames {
  private final Set<String> own = new TreeSet<>();
  private final Set<String> kafka;

  AttributeNames(List<Attribute> attributes, Set<String> kafka) {
    attributes.forEach(attribute -> own.add(attribute.name()));
    this.kafka = kafka;
  }

  /**
   * Checks every key.
   *
   * @return the keys and values that are Kafka's
   * @throws SettingsException for an unknown attribute
   */
  Map<String, Object> clientProperties(Settings settings) {
    Map<String, Object> properties = new HashMap<>();
    for (String key : settings.keys()) {
      if (kafka.contains(key)) {
        settings.text(key).ifPresent(value -> properties.put(key, value));
      } else if (!own.contains(key)
          && !RuntimeAttributes.include(key)
          && !isFromEnvironment(settings, key)) {
        refuseMistake(settings, key);
        settings.text(key).ifPresent(value -> properties.put(key, value));
      }
    }
    return properties;
  }

  /**
   * An environment variable cannot tell dots from dashes, and some Config implementations list it
   * with dots, beside the attribute that gets its value.
   */
  private boolean isFromEnvironment(Settings settings, String key) {
    return own.stream()
        .anyMatch(
            name ->
                name.replace('-', '.').equals(key)
                    && settings.text(name).isPresent()
                    && settings.text(name).equals(settings.text(key)));
  }

  private void refuseMistake(Settings settings, String key) {
    Optional<String> nearest = Nearest.to(key, own);
    boolean dotted = key.indexOf('.') >= 0;
    // A dotted key may be the property of an interceptor or a serializer, unless it is one of ours
    // with a slip of the pen.
    if (dotted && (nearest.isEmpty() || Nearest.edits(key, nearest.get()) > 2)) {
      return;
    }
    throw new SettingsException(
        settings.fullKey(key)
            + " is no attribute of the drivetrain connector; "
            + nearest
                .map(name -> "did you mean " + name + "?")
                .orElseGet(() -> "expected one of " + String.join(", ", own)));
  }
}
