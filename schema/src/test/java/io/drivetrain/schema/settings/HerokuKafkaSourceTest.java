package io.drivetrain.schema.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HerokuKafkaSourceTest {
  private static final String KEY_TEXT =
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----";

  private static Map<String, String> heroku() {
    return new HashMap<>(
        Map.of(
            "KAFKA_URL", "kafka+ssl://ec2-1:9096,kafka+ssl://ec2-2:9096",
            "KAFKA_TRUSTED_CERT", "authority 1\nauthority 2",
            "KAFKA_CLIENT_CERT", "certificate",
            "KAFKA_CLIENT_CERT_KEY", KEY_TEXT,
            "KAFKA_PREFIX", "wabash-58799."));
  }

  /** As in an application: the variables are seen by the environment's own source, too. */
  private static Config config(Map<String, String> environment, Map<String, String> file) {
    return new SmallRyeConfigBuilder()
        .withSources(
            new HerokuKafkaSource(environment),
            new EnvConfigSource(environment, 300),
            new PropertiesConfigSource(file, "microprofile-config.properties", 100))
        .build();
  }

  private static Map<String, Object> kafka(Map<String, String> environment) {
    return KafkaProperties.common(config(environment, Map.of()));
  }

  @Test
  void the_variables_become_the_settings_of_every_client() {
    assertThat(kafka(heroku()))
        .containsOnly(
            Map.entry("bootstrap.servers", "ec2-1:9096,ec2-2:9096"),
            Map.entry("security.protocol", "SSL"),
            Map.entry("ssl.truststore.type", "PEM"),
            Map.entry("ssl.truststore.certificates", "authority 1\nauthority 2"),
            Map.entry("ssl.keystore.type", "PEM"),
            Map.entry("ssl.keystore.certificate.chain", "certificate"),
            Map.entry("ssl.keystore.key", KEY_TEXT),
            Map.entry("ssl.endpoint.identification.algorithm", ""));
  }

  @Test
  void brokers_without_tls_need_no_certificates() {
    assertThat(kafka(Map.of("KAFKA_URL", "kafka://broker:9092")))
        .containsOnly(Map.entry("bootstrap.servers", "broker:9092"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "broker:9092", "broker:9092,other:9092"})
  void it_is_silent_without_herokus_variables(String url) {
    assertThat(new HerokuKafkaSource(Map.of()).getProperties()).isEmpty();
    // Others name the address of their brokers so as well.
    assertThat(new HerokuKafkaSource(Map.of("KAFKA_URL", url)).getProperties()).isEmpty();
  }

  @Test
  void it_overrules_the_applications_file_and_gives_way_to_an_operators_variable() {
    Map<String, String> file = Map.of("kafka.bootstrap.servers", "localhost:9092");
    Map<String, String> environment = heroku();

    assertThat(KafkaProperties.common(config(environment, file)))
        .containsEntry("bootstrap.servers", "ec2-1:9096,ec2-2:9096");

    environment.put("KAFKA_BOOTSTRAP_SERVERS", "other:9096");
    assertThat(KafkaProperties.common(config(environment, file)))
        .containsEntry("bootstrap.servers", "other:9096");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KAFKA_TRUSTED_CERT", "KAFKA_CLIENT_CERT", "KAFKA_CLIENT_CERT_KEY"})
  void a_variable_that_is_missing_is_named(String variable) {
    Map<String, String> environment = heroku();
    environment.remove(variable);

    assertThatThrownBy(() -> kafka(environment))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(variable + " is not set, while KAFKA_URL says kafka+ssl; expected");
  }

  @Test
  void certificates_without_an_address_are_an_error() {
    Map<String, String> environment = heroku();
    environment.remove("KAFKA_URL");

    assertThatThrownBy(() -> kafka(environment))
        .hasMessageStartingWith("KAFKA_URL is not set, while KAFKA_CLIENT_CERT,");
  }

  @ParameterizedTest
  @CsvSource({
    "https://broker:9092, https://broker:9092",
    "kafka+ssl://broker, kafka+ssl://broker",
    "'kafka://a:1,kafka+ssl://b:2', 'kafka://a:1,kafka+ssl://b:2'",
    "'kafka://a:1,b:2', 'kafka://a:1,b:2'",
    "kafka://app:hunter2@a:1, kafka://***@a:1",
  })
  void an_address_that_is_none_is_refused_without_a_password(String url, String shown) {
    assertThatThrownBy(() -> kafka(Map.of("KAFKA_URL", url)))
        .hasMessage(
            "KAFKA_URL is '"
                + shown
                + "'; expected kafka+ssl://host:port or kafka://host:port of each broker,"
                + " separated by commas");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----"
      })
  void a_key_of_another_form_is_refused_and_not_shown(String key) {
    Map<String, String> environment = heroku();
    environment.put("KAFKA_CLIENT_CERT_KEY", key);

    assertThatThrownBy(() -> kafka(environment))
        .hasMessage(
            "KAFKA_CLIENT_CERT_KEY is '***'; expected a private key as PEM text, PKCS #8 or RSA");
  }

  @Test
  void an_rsa_key_in_the_old_form_becomes_one_that_java_reads() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    byte[] pkcs8 = pair.getPrivate().getEncoded();
    // What it holds is the old form: SEQUENCE, version and algorithm are 26 bytes before it.
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    Map<String, String> environment = heroku();
    environment.put(
        "KAFKA_CLIENT_CERT_KEY",
        "-----BEGIN RSA PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pkcs1)
            + "\n-----END RSA PRIVATE KEY-----\n");

    String pem = kafka(environment).get("ssl.keystore.key").toString();

    String base64 = pem.replaceAll("-----[A-Z ]+-----", "");
    assertThat(
            KeyFactory.getInstance("RSA")
                .generatePrivate(
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64.trim()))))
        .isEqualTo(pair.getPrivate());
  }

  @Test
  void looking_at_other_settings_never_fails() {
    Config config = config(Map.of("KAFKA_URL", "kafka+ssl://broker:1"), Map.of("colour", "red"));

    assertThatCode(() -> config.getValue("colour", String.class)).doesNotThrowAnyException();
  }

  @Test
  void it_is_found_by_microprofile_config_and_shows_no_secret() {
    assertThat(ServiceLoader.load(ConfigSource.class))
        .hasAtLeastOneElementOfType(HerokuKafkaSource.class);
    assertThat(new HerokuKafkaSource(heroku()))
        .asString()
        .doesNotContain("MIIE")
        .contains("kafka.ssl.keystore.key");
  }
}
