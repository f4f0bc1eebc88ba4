package io.drivetrain.schema.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.eclipse.microprofile.config.Config;

/**
 * The {@code kafka.*} settings that reach every client: {@code kafka.bootstrap.servers} is the
 * client property {@code bootstrap.servers}, and so on. Environment variables such as {@code
 * KAFKA_BOOTSTRAP_SERVERS} count, by MicroProfile Config's own rule, for the properties that say
 * where the brokers are and how to log in: a variable's name does not tell dots from dashes, so
 * Config cannot list them by prefix.
 */
public final class KafkaProperties {
  static final String PREFIX = "kafka.";

  private static final String ENDPOINT = SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG;

  /** What switches the check of host names off, for those whose configuration cannot say "". */
  private static final String NONE = "none";

  /** Properties asked for by name, so that they can be given as environment variables. */
  private static final List<String> FROM_ENVIRONMENT =
      Stream.concat(ConsumerConfig.configNames().stream(), ProducerConfig.configNames().stream())
          .distinct()
          .filter(
              name ->
                  name.startsWith("sasl.")
                      || name.startsWith("ssl.")
                      || name.startsWith("security.")
                      || name.equals(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                      || name.equals(CommonClientConfigs.GROUP_ID_CONFIG))
          .sorted()
          .toList();

  /** Heroku's variables, which some implementations list as properties; no client knows them. */
  private static final Set<String> HEROKU =
      Set.of("url", "trusted.cert", "client.cert", "client.cert.key", "prefix");

  private KafkaProperties() {}

  /**
   * The shared client properties, without the {@code kafka.} prefix.
   *
   * @throws SettingsException if Heroku's variables are there but cannot be used
   */
  public static Map<String, Object> common(Config config) {
    config
        .getOptionalValue(HerokuKafkaSource.PROBLEM, String.class)
        .ifPresent(
            problem -> {
              throw new SettingsException(problem);
            });
    Map<String, Object> properties = new HashMap<>();
    Settings settings = Settings.of(config);
    for (String name : config.getPropertyNames()) {
      if (name.startsWith(PREFIX) && !HEROKU.contains(name.substring(PREFIX.length()))) {
        put(properties, settings, name.substring(PREFIX.length()));
      }
    }
    for (String property : FROM_ENVIRONMENT) {
      put(properties, settings, property);
    }
    return properties;
  }

  private static void put(Map<String, Object> properties, Settings settings, String property) {
    value(settings, PREFIX + property, property)
        .ifPresent(value -> properties.put(property, value));
  }

  /**
   * What a client property is set to. An empty value counts as unset, as everywhere, but for {@code
   * ssl.endpoint.identification.algorithm}, where Kafka takes it, and {@code none}, for: do not
   * check host names.
   *
   * @param key the setting's, with whatever prefix
   * @param property Kafka's name for it
   */
  public static Optional<String> value(Settings settings, String key, String property) {
    Optional<String> value = settings.text(key);
    if (!property.equals(ENDPOINT)) {
      return value;
    }
    return value
        .map(text -> text.equals(NONE) ? "" : text)
        .or(() -> settings.isEmpty(key) ? Optional.of("") : Optional.empty());
  }
}
