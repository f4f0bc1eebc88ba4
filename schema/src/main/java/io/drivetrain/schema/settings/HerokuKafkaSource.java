package io.drivetrain.schema.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The variables with which Apache Kafka on Heroku tells an application where its brokers are, as
 * {@code kafka.*} settings: {@code KAFKA_URL}, {@code KAFKA_TRUSTED_CERT}, {@code
 * KAFKA_CLIENT_CERT} and {@code KAFKA_CLIENT_CERT_KEY}. Empty where they are not set. Immutable.
 *
 * <p>It counts for more than the application's microprofile-config.properties (100), where one
 * would write the brokers of a developer's machine, and for less than environment variables (300)
 * and system properties (400), by which an operator overrules it.
 */
public final class HerokuKafkaSource implements ConfigSource {
  static final int ORDINAL = 250;

  /** Why the variables cannot be used: whoever asks for Kafka's settings fails with it. */
  static final String PROBLEM = "drivetrain.heroku-kafka.problem";

  private static final String URL = "KAFKA_URL";
  private static final String TRUSTED = "KAFKA_TRUSTED_CERT";
  private static final String CERTIFICATE = "KAFKA_CLIENT_CERT";
  private static final String KEY = "KAFKA_CLIENT_CERT_KEY";
  private static final String EXPECTED = "kafka+ssl://host:port or kafka://host:port";
  private static final Pattern BROKER = Pattern.compile("(kafka|kafka\\+ssl)://([^/@\\s]+:\\d+)/?");

  private final Map<String, String> properties;

  /** From the environment of this process. */
  public HerokuKafkaSource() {
    this(System.getenv());
  }

  HerokuKafkaSource(Map<String, String> environment) {
    Map<String, String> found;
    try {
      found = read(environment);
    } catch (SettingsException e) {
      // Not thrown: every look at any setting of the application would fail with it.
      found = Map.of(PROBLEM, e.getMessage());
    }
    properties = Map.copyOf(found);
  }

  private static Map<String, String> read(Map<String, String> environment) {
    String urls = value(environment, URL);
    Set<String> certificates =
        Stream.of(TRUSTED, CERTIFICATE, KEY)
            .filter(name -> !value(environment, name).isEmpty())
            .collect(Collectors.toSet());
    if (certificates.isEmpty() && !urls.contains("://")) {
      // Not Heroku's: others call the address of their brokers so, too.
      return Map.of();
    }
    if (urls.isEmpty()) {
      throw new SettingsException(
          URL
              + " is not set, while "
              + String.join(", ", certificates.stream().sorted().toList())
              + " of Apache Kafka on Heroku is there; expected "
              + EXPECTED
              + " of each broker, separated by commas");
    }
    Map<String, String> kafka = new HashMap<>();
    if (servers(urls, kafka)) {
      secure(environment, certificates, kafka);
    }
    Map<String, String> prefixed = new HashMap<>();
    kafka.forEach((name, value) -> prefixed.put(KafkaProperties.PREFIX + name, value));
    return prefixed;
  }

  /** Adds the addresses; says whether to speak TLS. */
  private static boolean servers(String urls, Map<String, String> kafka) {
    List<String> servers = new ArrayList<>();
    List<String> schemes = new ArrayList<>();
    for (String url : urls.split(",")) {
      var broker = BROKER.matcher(url.trim());
      if (!broker.matches() || (!schemes.isEmpty() && !schemes.contains(broker.group(1)))) {
        throw SettingsException.of(
            URL,
            // Whoever misuses it may have put a password there.
            urls.replaceAll("//[^/@,]*@", "//" + Secrets.MASK + "@"),
            EXPECTED + " of each broker, separated by commas");
      }
      schemes.add(broker.group(1));
      servers.add(broker.group(2));
    }
    kafka.put("bootstrap.servers", String.join(",", servers));
    return schemes.get(0).equals("kafka+ssl");
  }

  private static void secure(
      Map<String, String> environment, Set<String> certificates, Map<String, String> kafka) {
    List<String> missing =
        Stream.of(TRUSTED, CERTIFICATE, KEY).filter(name -> !certificates.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new SettingsException(
          String.join(", ", missing)
              + (missing.size() == 1 ? " is" : " are")
              + " not set, while "
              + URL
              + " says kafka+ssl; expected all of "
              + String.join(", ", URL, TRUSTED, CERTIFICATE, KEY)
              + ", as Heroku sets them");
    }
    kafka.put("security.protocol", "SSL");
    kafka.put("ssl.truststore.type", "PEM");
    kafka.put("ssl.truststore.certificates", value(environment, TRUSTED));
    kafka.put("ssl.keystore.type", "PEM");
    kafka.put("ssl.keystore.certificate.chain", value(environment, CERTIFICATE));
    kafka.put("ssl.keystore.key", PemKeys.asPkcs8(KEY, value(environment, KEY)));
    // The brokers' certificates are not of the host names they answer at; that they are of this
    // cluster, KAFKA_TRUSTED_CERT proves.
    kafka.put("ssl.endpoint.identification.algorithm", "none");
  }

  private static String value(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "").trim();
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }

  @Override
  public Set<String> getPropertyNames() {
    return properties.keySet();
  }

  @Override
  public Map<String, String> getProperties() {
    return properties;
  }

  @Override
  public String getValue(String name) {
    return properties.get(name);
  }

  @Override
  public String getName() {
    return "Apache Kafka on Heroku";
  }

  /** Without the values, among which is a private key. */
  @Override
  public String toString() {
    return getName() + properties.keySet();
  }
}
