package io.drivetrain.tests.security;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.security.SecuredApp.IN;
import static io.drivetrain.tests.security.SecuredApp.OUT;
import static io.drivetrain.tests.security.SecuredApp.copying;
import static io.drivetrain.tests.security.SecuredApp.incoming;
import static io.drivetrain.tests.security.SecuredApp.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.SecuredKafkaBroker;
import io.drivetrain.testkit.SecuredKafkaBroker.Login;
import io.drivetrain.tests.security.SecuredApp.Place;
import io.drivetrain.tests.weld.WeldApp;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Passwords and keys are planted into the configuration of applications that work, that wait, and
 * that are refused. Then everything anybody can read of them is searched: logs with stack traces,
 * the exception of the deployment, the state of the channels and the health checks.
 */
@ExtendWith(SecuredKafka.class)
class SecretsTest {
  private static final String LEAK = "hunter2";

  private final SecuredKafkaBroker secured;
  private final Place place;

  SecretsTest(SecuredKafkaBroker secured) {
    this.secured = secured;
    this.place = Place.allowedAt(secured);
  }

  /**
   * Everything that can be read of an application: until it is as the test says, and at its end.
   */
  private static String allThatIsShown(WeldApp.Builder builder, Consumer<WeldApp> untilThen) {
    StringWriter shown = new StringWriter();
    try (LogText log = LogText.captured()) {
      try (WeldApp app = builder.beans(PlainHealth.class).start()) {
        untilThen.accept(app);
        shown.append(app.get(Channels.class).list().toString());
        shown.append(app.get(PlainHealth.class).answer());
      } catch (AssertionError e) {
        throw e;
      } catch (RuntimeException e) {
        e.printStackTrace(new PrintWriter(shown));
      }
      shown.append(log.text());
    }
    return shown.toString();
  }

  private void copies(WeldApp app) {
    place.source().sendAll(0, List.of("a"));
    eventually(() -> assertThat(place.target().values()).containsExactly("a"));
  }

  private static void hasAProblem(WeldApp app) {
    eventually(() -> assertThat(incoming(app).problem()).isPresent());
  }

  private static void mustNotStart(WeldApp app) {
    throw new AssertionError("deployed");
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "SCRAM_SHA_256", "PLAIN_OVER_TLS", "CERTIFICATE"})
  void a_password_that_works_is_not_shown(Login login) {
    String shown =
        allThatIsShown(
            with(copying(place), "kafka.", secured.clientProperties(login)), this::copies);

    assertThat(shown)
        .contains("channel in: subscribed", "security.protocol = ", "drivetrain-channels")
        .doesNotContain(secured.password());
  }

  @Test
  void a_private_key_that_works_is_not_shown() {
    Map<String, String> properties = secured.clientProperties(Login.PEM_TEXT);
    String[] key = properties.get("ssl.keystore.key").split("\n");

    String shown = allThatIsShown(with(copying(place), "kafka.", properties), this::copies);

    assertThat(shown).contains("ssl.keystore.key = [hidden]");
    for (String line : key) {
      assertThat(line.startsWith("-----") || !shown.contains(line)).as(line).isTrue();
    }
  }

  @Test
  void a_channels_own_login_is_not_shown() {
    WeldApp.Builder app = copying(place);
    with(app, IN, secured.clientProperties(Login.PLAIN));
    with(app, OUT, secured.clientProperties(Login.SCRAM_SHA_512));

    assertThat(allThatIsShown(app, this::copies))
        .contains("sasl.jaas.config = [hidden]")
        .doesNotContain(secured.password());
  }

  @Test
  void a_password_that_is_refused_is_not_shown() {
    Map<String, String> properties = new HashMap<>(secured.clientProperties(Login.PLAIN));
    properties.computeIfPresent(
        "sasl.jaas.config", (key, jaas) -> jaas.replace(secured.password(), LEAK));

    assertThat(allThatIsShown(with(copying(place), "kafka.", properties), SecretsTest::hasAProblem))
        .contains("SaslAuthenticationException")
        .doesNotContain(LEAK);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hunter2",
        "org.apache.kafka.common.security.plain.PlainLoginModule hunter2;",
        "org.apache.kafka.common.security.plain.PlainLoginModule required password=my hunter2;",
        "org.apache.kafka.common.security.plain.PlainLoginModule required password=\"hunter2;",
        "org.apache.kafka.common.security.plain.PlainLoginModule required password=\"hunter2\"",
        "no.such.LoginModule required password=\"hunter2\";",
      })
  void a_login_that_cannot_be_read_is_not_shown(String jaas) {
    Map<String, String> properties = new HashMap<>(secured.clientProperties(Login.PLAIN));
    properties.put("sasl.jaas.config", jaas);

    assertThat(allThatIsShown(with(copying(place), "kafka.", properties), SecretsTest::hasAProblem))
        .contains("the Kafka consumer fails")
        .doesNotContain(LEAK);
  }

  @ParameterizedTest
  @CsvSource({
    "PEM_TEXT, ssl.keystore.key",
    "CERTIFICATE, ssl.keystore.password",
    "CERTIFICATE, ssl.truststore.password"
  })
  void a_key_or_a_password_that_opens_nothing_is_not_shown(Login login, String property) {
    Map<String, String> properties = new HashMap<>(secured.clientProperties(login));
    properties.put(
        property, "-----BEGIN PRIVATE KEY-----\n" + LEAK + "\n-----END PRIVATE KEY-----");

    assertThat(allThatIsShown(with(copying(place), "kafka.", properties), SecretsTest::hasAProblem))
        .contains("the Kafka consumer fails")
        .doesNotContain(LEAK);
  }

  @Test
  void what_only_plug_ins_know_is_not_shown_either() {
    WeldApp.Builder app =
        with(copying(place), "kafka.", secured.clientProperties(Login.PLAIN))
            .and("kafka.schema.registry.basic.auth.user.info", "app:" + LEAK)
            .and(IN + "audit.interceptor.api.key", LEAK)
            // A slip of the pen: nobody reads it.
            .and(IN + "sasl.jaas.confg", LEAK);

    assertThat(allThatIsShown(app, this::copies))
        .contains("schema.registry.basic.auth.user.info")
        .doesNotContain(LEAK);
  }

  @ParameterizedTest
  @CsvSource({"password", "sasl-jaas-config", "keystore-password"})
  void an_attribute_that_is_none_is_refused_without_its_value(String attribute) {
    assertThat(
            allThatIsShown(
                copying(place).and("kafka.bootstrap.servers", "a:1").and(IN + attribute, LEAK),
                SecretsTest::mustNotStart))
        .contains(IN + attribute + " is no attribute")
        .doesNotContain(LEAK);
  }

  @Test
  void a_plug_in_that_quotes_its_password_is_not_repeated() {
    WeldApp.Builder app =
        copying(place)
            .and("kafka.bootstrap.servers", "a:1")
            .and(IN + "value.deserializer", Talkative.class.getName())
            .and(IN + "registry.password", LEAK);

    assertThat(allThatIsShown(app, SecretsTest::mustNotStart))
        .contains("cannot log in with ***")
        .doesNotContain(LEAK);
  }

  /** As some do. */
  public static final class Talkative extends StringDeserializer {
    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
      throw new ConfigException("cannot log in with " + configs.get("registry.password"));
    }
  }
}
