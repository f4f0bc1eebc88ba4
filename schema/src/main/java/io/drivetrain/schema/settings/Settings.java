package io.drivetrain.schema.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;

/**
 * Typed settings over a MicroProfile {@link Config}. Every refusal is a {@link SettingsException}
 * with the full key, the value and what is allowed. An empty value counts as unset. Immutable; as
 * thread-safe as the {@code Config} behind it.
 */
public final class Settings {
  private final Config config;

  /** What the keys in {@code config} begin with and callers leave out. */
  private final String start;

  /** What operators write before the keys. */
  private final String prefix;

  private Settings(Config config, String start, String prefix) {
    this.config = config;
    this.start = start;
    this.prefix = prefix;
  }

  /** Settings with keys exactly as in {@code config}. */
  public static Settings of(Config config) {
    return new Settings(config, "", "");
  }

  /**
   * Settings of a {@code Config} whose keys lack their prefix, as reactive messaging hands them to
   * a connector; errors name the full key.
   *
   * @param prefix what the keys lack, for example {@code mp.messaging.incoming.orders.}
   */
  public static Settings of(Config config, String prefix) {
    return new Settings(config, "", prefix);
  }

  /**
   * Settings with the keys of {@code config} that begin with a prefix, asked for without it; errors
   * name the full key.
   *
   * @param prefix with its dot, for example {@code drivetrain.producer.}
   */
  public static Settings below(Config config, String prefix) {
    return new Settings(config, prefix, prefix);
  }

  Config config() {
    return config;
  }

  /** The key as an operator writes it. */
  public String fullKey(String key) {
    return prefix + key;
  }

  /** The text behind a key, if set and not empty. */
  public Optional<String> text(String key) {
    return config
        .getOptionalValue(start + key, String.class)
        .map(String::trim)
        .filter(text -> !text.isEmpty());
  }

  /** Whether a key is set to nothing, which elsewhere counts as unset. */
  public boolean isEmpty(String key) {
    try {
      String raw = config.getConfigValue(key).getRawValue();
      return raw != null && raw.isBlank();
    } catch (UnsupportedOperationException e) {
      // Not every Config a runtime hands to connectors can tell.
      return false;
    }
  }

  /** The text behind a key, or the default. */
  public String text(String key, String defaultValue) {
    return text(key).orElse(defaultValue);
  }

  /** The text behind a key that must be set. */
  public String required(String key, String expected) {
    return text(key)
        .orElseThrow(
            () -> new SettingsException(fullKey(key) + " is not set; expected " + expected));
  }

  /** A comma-separated list; empty if unset. */
  public List<String> list(String key) {
    List<String> values = new ArrayList<>();
    for (String value : text(key).orElse("").split(",")) {
      if (!value.isBlank()) {
        values.add(value.trim());
      }
    }
    return List.copyOf(values);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key, boolean defaultValue) {
    return Boolean.parseBoolean(
        oneOf(key, List.of("true", "false"), Boolean.toString(defaultValue)));
  }

  /** One of the given words. */
  public String oneOf(String key, List<String> allowed, String defaultValue) {
    String value = text(key, defaultValue);
    if (!allowed.contains(value)) {
      throw SettingsException.of(fullKey(key), value, "one of " + String.join(", ", allowed));
    }
    return value;
  }

  /** A whole number within bounds, both inclusive. */
  public int integer(String key, int defaultValue, int min, int max) {
    return parsed(
            key,
            "a whole number from " + min + " to " + max,
            text -> {
              int number = Integer.parseInt(text);
              if (number < min || number > max) {
                throw new IllegalArgumentException();
              }
              return number;
            })
        .orElse(defaultValue);
  }

  /** A duration of zero or more, see {@link Durations}. */
  public Duration duration(String key, Duration defaultValue) {
    return parsed(key, Durations.EXPECTED, Durations::parse).orElse(defaultValue);
  }

  /**
   * Any other type.
   *
   * @param parser throws {@link IllegalArgumentException} for a text it does not take
   */
  public <T> Optional<T> parsed(String key, String expected, Function<String, T> parser) {
    return text(key)
        .map(
            text -> {
              try {
                return parser.apply(text);
              } catch (IllegalArgumentException e) {
                throw SettingsException.of(fullKey(key), text, expected);
              }
            });
  }

  /**
   * Refuses keys that nobody reads, which are most often misspelt.
   *
   * @param start how the keys to look at begin, for example {@code drivetrain.outbox.}
   * @param known every key that is read, whole, each beginning with {@code start}; one that ends
   *     with a dot admits all keys below it
   * @throws SettingsException for the first unknown one, with the nearest known
   */
  public void refuseUnknown(String start, Collection<String> known) {
    for (String key : keys()) {
      if (key.startsWith(start) && known.stream().noneMatch(name -> admits(name, key))) {
        // Compared without what they share, or every known key would be near.
        List<String> ends = known.stream().map(name -> name.substring(start.length())).toList();
        throw new SettingsException(
            fullKey(key)
                + " is not a setting"
                + Nearest.to(key.substring(start.length()), ends)
                    .map(end -> "; did you mean " + start + end + "?")
                    .orElse("; expected one of " + String.join(", ", known)));
      }
    }
  }

  private static boolean admits(String known, String key) {
    // An environment variable cannot tell dots from dashes, and some Config implementations list it
    // as drivetrain.outbox.data.source.
    String plainKey = key.replace('-', '.');
    String plainKnown = known.replace('-', '.');
    return known.endsWith(".") ? plainKey.startsWith(plainKnown) : plainKey.equals(plainKnown);
  }

  /** Every key set, without the prefix. */
  public Iterable<String> keys() {
    List<String> keys = new ArrayList<>();
    for (String key : config.getPropertyNames()) {
      if (key.startsWith(start)) {
        keys.add(key.substring(start.length()));
      }
    }
    return keys;
  }
}
