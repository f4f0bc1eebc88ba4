package io.drivetrain.connector.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;

/** Configuration from a map, as a runtime hands it to a connector. */
public final class MapConfig implements Config {
  private final Map<String, String> values = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  private MapConfig() {}

  /** Key, value, key, value. */
  public static MapConfig of(String... keysAndValues) {
    MapConfig config = new MapConfig();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      config.values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return config;
  }

  /** The same with more. */
  public MapConfig and(String... keysAndValues) {
    MapConfig config = of(keysAndValues);
    values.forEach(config.values::putIfAbsent);
    return config;
  }

  /** The keys whose values somebody wanted to know. */
  public Set<String> asked() {
    return Set.copyOf(asked);
  }

  @Override
  public <T> T getValue(String name, Class<T> type) {
    return getOptionalValue(name, type).orElseThrow();
  }

  @Override
  public ConfigValue getConfigValue(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
    asked.add(name);
    return Optional.ofNullable(values.get(name)).map(type::cast);
  }

  @Override
  public Iterable<String> getPropertyNames() {
    return List.copyOf(values.keySet());
  }

  @Override
  public Iterable<ConfigSource> getConfigSources() {
    return List.of();
  }

  @Override
  public <T> Optional<Converter<T>> getConverter(Class<T> type) {
    return Optional.empty();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    throw new IllegalArgumentException();
  }
}
