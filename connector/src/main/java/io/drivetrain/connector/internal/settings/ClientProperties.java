package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.settings.KafkaProperties;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.ConfigException;
import org.eclipse.microprofile.config.Config;

/**
 * The properties of one Kafka client: the channel's own over the {@code kafka.*} of all clients.
 */
final class ClientProperties {
  private static final Pattern SERVER = Pattern.compile("(\\w+://)?\\[?[^\\s,]+]?:\\d{1,5}");

  private ClientProperties() {}

  /**
   * Merges.
   *
   * @param known the properties of this kind of client
   * @param others those of the other kind, which a client would complain of
   */
  static Map<String, Object> merge(
      Config root, Map<String, Object> own, Set<String> known, Set<String> others) {
    Map<String, Object> properties = new HashMap<>();
    KafkaProperties.common(root)
        .forEach(
            (name, value) -> {
              // Ours for producers, as their partitioner.class is.
              String kin = name.equals("partitioner") ? "partitioner.class" : name;
              if (known.contains(kin) || !others.contains(kin)) {
                properties.put(name, value);
              }
            });
    properties.putAll(own);
    return properties;
  }

  static void requireBootstrapServers(Settings settings, Map<String, Object> properties) {
    String key = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;
    Object servers = properties.get(key);
    if (servers == null) {
      throw new SettingsException(
          settings.fullKey(key)
              + " is not set, nor is kafka.bootstrap.servers; expected host:port of one or more"
              + " brokers, separated by commas");
    }
    for (String server : List.of(servers.toString().split(","))) {
      if (!server.isBlank() && !SERVER.matcher(server.trim()).matches()) {
        throw SettingsException.of(
            settings.fullKey(key), servers.toString(), "host:port of one or more brokers");
      }
    }
  }

  /** Lets Kafka check its own properties now instead of when the first client is made. */
  static void check(
      Settings settings, Map<String, Object> properties, Consumer<Map<String, Object>> parser) {
    try {
      parser.accept(properties);
    } catch (ConfigException e) {
      throw new SettingsException(settings.fullKey("") + "*: Kafka says: " + e.getMessage());
    }
  }
}
