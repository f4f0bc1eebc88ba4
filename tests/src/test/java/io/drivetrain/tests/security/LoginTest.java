package io.drivetrain.tests.security;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.security.SecuredApp.IN;
import static io.drivetrain.tests.security.SecuredApp.OUT;
import static io.drivetrain.tests.security.SecuredApp.copying;
import static io.drivetrain.tests.security.SecuredApp.incoming;
import static io.drivetrain.tests.security.SecuredApp.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.SecuredKafkaBroker;
import io.drivetrain.testkit.SecuredKafkaBroker.Login;
import io.drivetrain.tests.security.SecuredApp.Place;
import io.drivetrain.tests.weld.WeldApp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SecuredKafka.class)
class LoginTest {
  private final SecuredKafkaBroker secured;

  LoginTest(SecuredKafkaBroker secured) {
    this.secured = secured;
  }

  private void assertCopies(WeldApp.Builder builder, Place place) {
    place.source().sendAll(0, List.of("a", "b"));

    try (WeldApp app = builder.start()) {
      eventually(
          () ->
              assertThat(place.target().values())
                  .as(() -> incoming(app).toString())
                  .containsExactly("a", "b"));
    }
    assertThat(place.source().committed(place.group())).isEqualTo(Map.of(0, 2L));
  }

  @ParameterizedTest
  @EnumSource
  void every_login_works_with_settings_for_all_clients(Login login) {
    Place place = Place.allowedAt(secured);

    assertCopies(with(copying(place), "kafka.", secured.clientProperties(login)), place);
  }

  @ParameterizedTest
  @EnumSource(names = {"SCRAM_SHA_512", "CERTIFICATE", "PEM_TEXT"})
  void a_login_may_be_a_channels_own(Login login) {
    Place place = Place.allowedAt(secured);
    WeldApp.Builder app = copying(place);
    with(app, IN, secured.clientProperties(login));
    with(app, OUT, secured.clientProperties(login));

    assertCopies(app, place);
  }

  @Test
  void a_login_may_be_that_of_all_channels() {
    Place place = Place.allowedAt(secured);

    assertCopies(
        with(
            copying(place),
            "mp.messaging.connector.drivetrain.",
            secured.clientProperties(Login.PLAIN_OVER_TLS)),
        place);
  }

  @Test
  void a_channels_login_counts_for_more_than_that_of_all_clients() {
    Place place = Place.allowedAt(secured);
    WeldApp.Builder app = with(copying(place), "kafka.", secured.clientProperties(Login.PLAIN));
    app.and("kafka.sasl.jaas.config", wrongPassword().get("sasl.jaas.config"));
    with(app, IN, secured.clientProperties(Login.PLAIN));
    with(app, OUT, secured.clientProperties(Login.PLAIN));

    assertCopies(app, place);
  }

  /** The broker's certificate is of {@code localhost}; nothing says 127.0.0.1. */
  private Map<String, String> byAddress() {
    Map<String, String> properties = new HashMap<>(secured.clientProperties(Login.CERTIFICATE));
    properties.computeIfPresent(
        "bootstrap.servers", (key, servers) -> servers.replace("localhost", "127.0.0.1"));
    return properties;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", ""})
  void host_names_may_be_left_unchecked_for_all_clients(String value) {
    Place place = Place.allowedAt(secured);

    assertCopies(
        with(copying(place), "kafka.", byAddress())
            .and("kafka.ssl.endpoint.identification.algorithm", value),
        place);
  }

  @Test
  void host_names_may_be_left_unchecked_for_a_channel() {
    Place place = Place.allowedAt(secured);

    assertCopies(
        with(copying(place), "kafka.", byAddress())
            .and(IN + "ssl.endpoint.identification.algorithm", "")
            .and(OUT + "ssl.endpoint.identification.algorithm", "none"),
        place);
  }

  // What goes wrong.

  private Map<String, String> wrongPassword() {
    Map<String, String> properties = new HashMap<>(secured.clientProperties(Login.PLAIN));
    properties.computeIfPresent(
        "sasl.jaas.config", (key, jaas) -> jaas.replace(secured.password(), "guessed"));
    return properties;
  }

  private void assertProblem(WeldApp.Builder builder, String... words) {
    try (WeldApp app = builder.start()) {
      eventually(
          () ->
              assertThat(incoming(app).problem())
                  .hasValueSatisfying(problem -> assertThat(problem).contains(words)));
    }
  }

  @Test
  void a_wrong_password_is_said_to_be_one() {
    Place place = Place.allowedAt(secured);

    assertProblem(
        with(copying(place), "kafka.", wrongPassword()),
        "SaslAuthenticationException",
        "Invalid username");
  }

  @Test
  void a_broker_of_another_name_than_its_certificates_is_not_trusted() {
    Place place = Place.allowedAt(secured);

    assertProblem(with(copying(place), "kafka.", byAddress()), "127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https", "none"})
  void a_broker_whose_certificate_nobody_vouches_for_is_not_trusted(String nameCheck) {
    Place place = Place.allowedAt(secured);
    Map<String, String> properties = new HashMap<>(secured.clientProperties(Login.CERTIFICATE));
    properties.keySet().removeIf(name -> name.startsWith("ssl.truststore."));

    assertProblem(
        with(copying(place), "kafka.", properties)
            .and("kafka.ssl.endpoint.identification.algorithm", nameCheck),
        "unable to find valid certification path");
  }

  @Test
  void a_forbidden_topic_is_named_and_read_once_it_is_allowed() {
    Place place = Place.forbiddenAt(secured);
    secured.allowGroup(place.group());
    secured.allow(place.target());
    place.source().sendAll(0, List.of("a"));

    try (WeldApp app =
        with(copying(place), "kafka.", secured.clientProperties(Login.PLAIN)).start()) {
      eventually(
          () ->
              assertThat(incoming(app).problem())
                  .hasValueSatisfying(
                      problem ->
                          assertThat(problem)
                              .contains("TopicAuthorizationException", place.source().name())));

      secured.allow(place.source());

      eventually(() -> assertThat(place.target().values()).containsExactly("a"));
      eventually(() -> assertThat(incoming(app).problem()).isEmpty());
    }
  }

  @Test
  void a_forbidden_group_is_named_and_joined_once_it_is_allowed() {
    Place place = Place.forbiddenAt(secured);
    secured.allow(place.source());
    secured.allow(place.target());
    place.source().sendAll(0, List.of("a"));

    try (WeldApp app =
        with(copying(place), "kafka.", secured.clientProperties(Login.PLAIN)).start()) {
      eventually(
          () ->
              assertThat(incoming(app).problem())
                  .hasValueSatisfying(
                      problem ->
                          assertThat(problem)
                              .contains("GroupAuthorizationException", place.group())));

      secured.allowGroup(place.group());

      eventually(() -> assertThat(place.target().values()).containsExactly("a"));
    }
  }

  @Test
  void a_forbidden_target_fails_the_record_until_it_is_allowed() {
    Place place = Place.forbiddenAt(secured);
    secured.allow(place.source());
    secured.allowGroup(place.group());
    place.source().sendAll(0, List.of("a"));

    try (LogText log = LogText.captured();
        WeldApp app =
            with(copying(place), "kafka.", secured.clientProperties(Login.PLAIN))
                .and(IN + "pause-timeout", "100ms")
                .start()) {
      eventually(
          () ->
              assertThat(log.text())
                  .contains("channel out: a record was not sent")
                  .contains("TopicAuthorizationException")
                  .contains(place.target().name()));

      secured.allow(place.target());

      eventually(() -> assertThat(place.target().values()).containsExactly("a"));
    }
  }
}
