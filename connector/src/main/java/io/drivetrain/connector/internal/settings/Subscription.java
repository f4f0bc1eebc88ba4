package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.Topics;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What an incoming channel reads: topics by name, or a pattern of names. Immutable.
 *
 * @param topics empty if by pattern
 */
record Subscription(List<String> topics, Optional<Pattern> pattern) {
  private static final String TOPIC = IncomingAttributes.TOPIC.name();
  private static final String TOPICS = IncomingAttributes.TOPICS.name();
  private static final String PATTERN = IncomingAttributes.PATTERN.name();

  /**
   * Reads and checks; the channel's name is the topic if nothing says otherwise.
   *
   * @param names what Kafka knows them by
   * @throws SettingsException if more than one way is used, or the pattern is none
   */
  static Subscription read(Settings settings, String channel, Topics names) {
    Subscription said = read(settings, channel);
    return new Subscription(
        said.topics().stream().map(names::physical).toList(), said.pattern().map(names::physical));
  }

  private static Subscription read(Settings settings, String channel) {
    Optional<String> topic = settings.text(TOPIC);
    List<String> listed = settings.list(TOPICS);
    String pattern = settings.text(PATTERN, "false");
    if (pattern.equals("true")) {
      // As in smallrye-kafka, where the flag says that the topic is a pattern.
      refuseMoreThanOne(settings, topic.isPresent(), !listed.isEmpty());
      String expression = settings.required(TOPIC, "a regular expression, for pattern is true");
      return new Subscription(List.of(), Optional.of(compiled(settings, TOPIC, expression)));
    }
    boolean byPattern = !pattern.equals("false");
    refuseMoreThanOne(settings, byPattern, topic.isPresent(), !listed.isEmpty());
    if (byPattern) {
      return new Subscription(List.of(), Optional.of(compiled(settings, PATTERN, pattern)));
    }
    return listed.isEmpty()
        ? new Subscription(List.of(topic.orElse(channel)), Optional.empty())
        : new Subscription(listed, Optional.empty());
  }

  private static void refuseMoreThanOne(Settings settings, boolean... ways) {
    int used = 0;
    for (boolean way : ways) {
      used += way ? 1 : 0;
    }
    if (used > 1) {
      throw new SettingsException(
          settings.fullKey(TOPIC)
              + " is not the only one set; expected at most one of topic, topics and pattern");
    }
  }

  private static Pattern compiled(Settings settings, String key, String expression) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw SettingsException.of(
          settings.fullKey(key), expression, "a regular expression for topic names");
    }
  }
}
