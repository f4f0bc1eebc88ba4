package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.settings.SettingsException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * A channel's configuration over that of a bean which {@code kafka-configuration} names. As
 * thread-safe as the former.
 */
public final class LayeredConfig implements Config {
  private static final String NAME = IncomingAttributes.KAFKA_CONFIGURATION.name();

  private final Config channel;

  /** Not changed once this is made. */
  private final Map<String, String> below = new HashMap<>();

  private LayeredConfig(Config channel, Map<String, ?> below) {
    this.channel = channel;
    below.forEach(
        (key, value) -> {
          if (value != null) {
            this.below.put(key, text(value));
          }
        });
  }

  /**
   * The channel's configuration itself if it names no bean.
   *
   * @param prefix of the channel's keys, for errors
   * @param beans finds a map by its name
   * @throws SettingsException if there is no such bean
   */
  public static Config of(
      Config channel, String prefix, Function<String, Optional<Map<String, ?>>> beans) {
    Optional<String> name = channel.getOptionalValue(NAME, String.class).map(String::trim);
    if (name.isEmpty() || name.get().isEmpty()) {
      return channel;
    }
    return new LayeredConfig(
        channel,
        beans
            .apply(name.get())
            .orElseThrow(
                () ->
                    SettingsException.of(
                        prefix + NAME,
                        name.get(),
                        "the @Identifier or @Named name of a bean of type Map<String, Object>")));
  }

  private static String text(Object value) {
    return value instanceof Class<?> type ? type.getName() : value.toString();
  }

  @Override
  public <T> T getValue(String name, Class<T> type) {
    return getOptionalValue(name, type).orElseGet(() -> channel.getValue(name, type));
  }

  @Override
  public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
    Optional<T> own = channel.getOptionalValue(name, type);
    return own.isPresent() || type != String.class
        ? own
        : Optional.ofNullable(below.get(name)).map(type::cast);
  }

  @Override
  public ConfigValue getConfigValue(String name) {
    return channel.getConfigValue(name);
  }

  @Override
  public Iterable<String> getPropertyNames() {
    Set<String> names = new LinkedHashSet<>(below.keySet());
    channel.getPropertyNames().forEach(names::add);
    return names;
  }

  @Override
  public Iterable<ConfigSource> getConfigSources() {
    return channel.getConfigSources();
  }

  @Override
  public <T> Optional<Converter<T>> getConverter(Class<T> type) {
    return channel.getConverter(type);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return channel.unwrap(type);
  }
}
