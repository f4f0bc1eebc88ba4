package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.schema.settings.Nearest;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.Collection;
import java.util.List;

/** Names of the settings of published entities, and the check that no other is set. */
public final class PublishedSettings {
  static final String PREFIX = "drivetrain.entity-sync.published.";
  static final String ENABLED = "enabled";

  /** Whether anything is published. */
  static final String ALL_ENABLED = PREFIX + ENABLED;

  static final String TOPIC = "topic";
  static final String KEY = "key";
  static final String WATCH = "watch";
  static final String ON = "on";

  /** Those that mean one {@code @Published}. */
  static final List<String> OF_ONE = List.of(TOPIC, KEY, WATCH, ON);

  private static final String ROOT = "drivetrain.entity-sync.";
  private static final List<String> NAMES = List.of(ENABLED, TOPIC, KEY, WATCH, ON);

  private PublishedSettings() {}

  /**
   * Refuses settings that nothing reads.
   *
   * @param entities simple names of the published entities
   * @param others how the names begin that others check
   * @throws SettingsException naming the key and the nearest one that exists
   */
  public static void check(Settings settings, Collection<String> entities, List<String> others) {
    for (String key : settings.keys()) {
      if (key.equals(ALL_ENABLED)) {
        settings.flag(key, true);
      } else if (key.startsWith(PREFIX)) {
        check(key, entities);
      } else if (key.startsWith(ROOT) && others.stream().noneMatch(key::startsWith)) {
        throw new SettingsException(
            key + " is not a setting; expected " + PREFIX + "<Entity>.<" + names() + ">");
      }
    }
  }

  private static void check(String key, Collection<String> entities) {
    String rest = key.substring(PREFIX.length());
    int dot = rest.indexOf('.');
    String entity = dot < 0 ? rest : rest.substring(0, dot);
    String name = dot < 0 ? "" : rest.substring(dot + 1);
    if (!entities.contains(entity)) {
      throw new SettingsException(
          key
              + " names no @Published entity"
              + meant(entity, entities)
              + " There are: "
              + String.join(", ", entities.stream().sorted().toList()));
    }
    if (!NAMES.contains(name)) {
      throw new SettingsException(
          key + " is not a setting" + meant(name, NAMES) + " Expected one of " + names());
    }
  }

  private static String meant(String word, Collection<String> known) {
    return Nearest.to(word, known).map(near -> "; did you mean " + near + "?").orElse(".");
  }

  private static String names() {
    return String.join(", ", NAMES);
  }
}
