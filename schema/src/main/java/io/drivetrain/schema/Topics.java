package io.drivetrain.schema;

import io.drivetrain.schema.settings.PerConfig;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What topics are called: applications and their settings say {@code orders}, and with {@code
 * drivetrain.topic-prefix=staging.} Kafka knows {@code staging.orders}. The one place that knows of
 * the prefix. Immutable, thread-safe.
 *
 * <p>Both directions leave a name alone that is in that form already, so a record may be sent on
 * under the topic it came from. Therefore no topic's own name may begin with the prefix.
 */
public final class Topics {
  static final String PREFIX = "drivetrain.topic-prefix";

  /** Whether a topic has the prefix: {@code drivetrain.topics.<topic>.prefixed}. */
  static final String PREFIXED = "prefixed";

  /** Where the settings of topics are, {@code drivetrain.topics.<topic>.<name>}. */
  static final String SETTINGS = "drivetrain.topics.";

  private static final Pattern ALLOWED = Pattern.compile("[a-zA-Z0-9._-]{1,100}");
  private static final PerConfig<Topics> TOPICS = new PerConfig<>(Topics::read);

  private final String prefix;
  private final Set<String> foreign;

  private Topics(String prefix, Set<String> foreign) {
    this.prefix = prefix;
    this.foreign = Set.copyOf(foreign);
  }

  /**
   * Those of an application.
   *
   * @throws SettingsException if the prefix cannot begin a topic's name
   */
  public static Topics of(Settings root) {
    return TOPICS.of(root);
  }

  private static Topics read(Settings root) {
    String prefix = root.text(PREFIX, "");
    if (!prefix.isEmpty() && !ALLOWED.matcher(prefix).matches()) {
      throw SettingsException.of(
          PREFIX, prefix, "1 to 100 letters, digits, dots, dashes or underscores");
    }
    Set<String> foreign = new TreeSet<>();
    for (String key : root.keys()) {
      if (key.startsWith(SETTINGS) && key.endsWith("." + PREFIXED)) {
        int end = key.length() - PREFIXED.length() - 1;
        if (end > SETTINGS.length() && !root.flag(key, true)) {
          foreign.add(key.substring(SETTINGS.length(), end));
        }
      }
    }
    return new Topics(prefix, foreign);
  }

  /** The name that Kafka knows; null stays null. */
  public String physical(String topic) {
    return topic == null || isForeign(topic) || topic.startsWith(prefix) ? topic : prefix + topic;
  }

  /** The name that settings and annotations use. */
  public String logical(String topic) {
    return isForeign(topic) || !topic.startsWith(prefix) ? topic : topic.substring(prefix.length());
  }

  /** What matches the names that Kafka knows, of an expression for those without prefix. */
  public Pattern physical(Pattern names) {
    return prefix.isEmpty()
        ? names
        : Pattern.compile(Pattern.quote(prefix) + "(?:" + names.pattern() + ")");
  }

  private boolean isForeign(String topic) {
    return !foreign.isEmpty() && foreign.contains(topic);
  }
}
