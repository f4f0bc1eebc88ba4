package io.drivetrain.tests.documentation;

import io.drivetrain.schema.settings.KafkaProperties;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Which environment variables mean something to Drivetrain, its commands or the shop's servers. */
final class KnownVariables {
  private static final Pattern LITERAL = Pattern.compile("\"([a-z][a-z.-]+)\"");
  private static final Pattern KAFKA_OPTION = Pattern.compile("-Dkafka\\.([a-z.]+)=\\S+");
  private static final Pattern JVM_OPTION = Pattern.compile("-XX:[+-]?[A-Za-z]+(=\\d+)?");

  /** From the start of a variable's name to the class whose settings follow. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "DRIVETRAIN_OUTBOX_", "OutboxSettings",
          "DRIVETRAIN_MIGRATIONS_", "MigrationSettings",
          "DRIVETRAIN_PRODUCER_", "OutgoingAttributes",
          "MP_MESSAGING_CONNECTOR_DRIVETRAIN_", "IncomingAttributes");

  /**
   * One environment variable as the specification has it: found by a property's name, and listed as
   * no property.
   */
  private record Unlisted(String name, String value) implements ConfigSource {
    @Override
    public String getName() {
      return "environment";
    }

    @Override
    public Set<String> getPropertyNames() {
      return Set.of();
    }

    @Override
    public String getValue(String property) {
      String variable = property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
      return variable.equals(name) ? value : null;
    }
  }

  private KnownVariables() {}

  static boolean include(String name, String value) {
    if (name.equals("JAVA_TOOL_OPTIONS")) {
      return Stream.of(value.strip().split("\\s+")).allMatch(KnownVariables::isOption);
    }
    if (name.startsWith("KAFKA_")) {
      return reachesKafka(name, value);
    }
    for (Map.Entry<String, String> settings : SETTINGS.entrySet()) {
      if (name.startsWith(settings.getKey())) {
        String end = name.substring(settings.getKey().length());
        return variables(settings.getValue()).contains(end);
      }
    }
    return Repository.text(Repository.source("CommandLine")).contains("\"" + name + "\"")
        || isReadByBothServers(name);
  }

  private static boolean isOption(String option) {
    Matcher kafka = KAFKA_OPTION.matcher(option);
    return kafka.matches()
        ? ConsumerConfig.configNames().contains(kafka.group(1))
            || ProducerConfig.configNames().contains(kafka.group(1))
        : JVM_OPTION.matcher(option).matches();
  }

  private static boolean reachesKafka(String name, String value) {
    Map<String, Object> properties =
        KafkaProperties.common(
            new SmallRyeConfigBuilder().withSources(new Unlisted(name, value)).build());
    String property = name.substring("KAFKA_".length()).toLowerCase(Locale.ROOT).replace('_', '.');
    return value.equals(properties.get(property));
  }

  private static Set<String> variables(String source) {
    return LITERAL
        .matcher(Repository.text(Repository.source(source)))
        .results()
        .map(found -> found.group(1).replaceAll("[.-]", "_").toUpperCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private static boolean isReadByBothServers(String name) {
    String variable = name.toLowerCase(Locale.ROOT).replace('_', '.');
    return Repository.text("openliberty/src/main/liberty/server.xml")
            .contains("${" + variable + "}")
        && Repository.text("wildfly/src/main/wildfly/shop.cli").contains("${env." + name + ":");
  }
}
