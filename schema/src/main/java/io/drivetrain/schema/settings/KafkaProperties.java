package io.drivetrain.schema.settings;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.eclipse.microprofile.config.Config;

/**
 * The {@code kafka.*} settings that reach every client: {@code kafka.bootstrap.servers} is the
 * client property {@code bootstrap.servers}, and so on. Environment variables such as {@code
 * KAFKA_BOOTSTRAP_SERVERS} count, by MicroProfile Config's own rule, for the properties named in
 * {@link #FROM_ENVIRONMENT}: a variable's name does not tell dots from dashes, so Config cannot
 * list them by prefix.
 */
public final class KafkaProperties {
  private static final String PREFIX = "kafka.";

  /** Properties asked for by name, so that they can be given as environment variables. */
  static final String[] FROM_ENVIRONMENT = {
    CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
    CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
    CommonClientConfigs.GROUP_ID_CONFIG,
    "sasl.mechanism",
    "sasl.jaas.config",
    "ssl.truststore.location",
    "ssl.truststore.password",
    "ssl.truststore.type",
    "ssl.keystore.location",
    "ssl.keystore.password",
    "ssl.keystore.type",
    "ssl.key.password"
  };

  private KafkaProperties() {}

  /** The shared client properties, without the {@code kafka.} prefix. */
  public static Map<String, Object> common(Config config) {
    Map<String, Object> properties = new HashMap<>();
    for (String name : config.getPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        put(properties, config, name.substring(PREFIX.length()));
      }
    }
    for (String property : FROM_ENVIRONMENT) {
      put(properties, config, property);
    }
    return properties;
  }

  private static void put(Map<String, Object> properties, Config config, String property) {
    config
        .getOptionalValue(PREFIX + property, String.class)
        .filter(value -> !value.isBlank())
        .ifPresent(value -> properties.put(property, value));
  }

  /** The properties with every secret replaced by stars, for logs and errors. */
  public static Map<String, Object> masked(Map<String, ?> properties) {
    Map<String, Object> masked = new TreeMap<>();
    properties.forEach((name, value) -> masked.put(name, isSecret(name) ? "***" : value));
    return masked;
  }

  private static boolean isSecret(String property) {
    String name = property.toLowerCase(Locale.ROOT);
    return name.contains("password")
        || name.contains("secret")
        || name.contains("jaas")
        || name.contains("keystore.key")
        || name.contains("token")
        || name.contains("basic.auth");
  }
}
