package io.drivetrain.openliberty;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.openliberty.variants.StreamKiller;
import io.drivetrain.openliberty.variants.UnwatchedThing;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What cannot work is refused when it is deployed, with one sentence. Each test drops a copy of the
 * shop with one thing changed into a running server.
 */
@UseKafka(own = true)
@UsePostgres
class WrongDeploymentsTest {
  private static final Duration DEPLOYMENT = Duration.ofSeconds(90);
  private static ShopServer server;

  @BeforeAll
  static void start(KafkaBroker broker, Postgres postgres) {
    server = Servers.with(WrongDeploymentsTest.class, broker, postgres, postgres.createDatabase());
    Servers.liberty(server)
        .override(
            "dropins",
            "<applicationMonitor updateTrigger='polled' pollingRate='200ms'"
                + " dropinsEnabled='true'/>"
                + "<dataSource id='other' jndiName='jdbc/other' type='javax.sql.XADataSource'>"
                + "<jdbcDriver libraryRef='postgresql'/>"
                + "<properties.postgresql URL='"
                + postgres.jdbcUrl(postgres.createDatabase())
                + "' user='"
                + postgres.user()
                + "' password='${database.password}'/></dataSource>");
    server.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_copy_without_changes_is_deployed() {
    deploy("control", variant -> {});

    assertThat(Servers.liberty(server).awaitDeployment("control", DEPLOYMENT)).isTrue();
  }

  @Test
  void an_unknown_attribute_is_refused_with_the_nearest_name() {
    assertThat(
            refusal(
                "attribute",
                variant -> variant.setting("mp.messaging.incoming.billing.pause-timout", "1s")))
        .contains("mp.messaging.incoming.billing.pause-timout", "pause-timeout");
  }

  @Test
  void a_duration_that_is_none_is_refused_with_what_is_allowed() {
    assertThat(
            refusal(
                "duration",
                variant -> variant.setting("mp.messaging.incoming.billing.pause-timeout", "10x")))
        .contains("mp.messaging.incoming.billing.pause-timeout", "'10x'", "10s");
  }

  @Test
  void a_channel_with_a_topic_and_a_pattern_is_refused() {
    assertThat(
            refusal(
                "topic",
                variant -> variant.setting("mp.messaging.incoming.billing.pattern", "orders-.*")))
        .contains("mp.messaging.incoming.billing.topic is not the only one set");
  }

  @Test
  void a_data_source_that_does_not_exist_is_refused() {
    assertThat(
            refusal(
                "nowhere",
                variant -> variant.setting("drivetrain.outbox.data-source", "jdbc/nowhere")))
        .contains("drivetrain.outbox.data-source", "jdbc/nowhere");
  }

  @Test
  void entities_and_outbox_on_different_data_sources_are_refused() {
    assertThat(
            refusal(
                "different",
                variant -> variant.setting("drivetrain.outbox.data-source", "jdbc/other")))
        .contains("jdbc/shop", "jdbc/other");
  }

  @Test
  void a_schema_that_is_not_migrated_is_refused_when_start_up_only_validates() {
    assertThat(
            refusal(
                "unmigrated",
                variant ->
                    variant
                        .setting("drivetrain.outbox.schema", "unmigrated")
                        .setting("drivetrain.migrations.at-start", "validate")))
        .contains("unmigrated");
  }

  @Test
  void a_method_that_would_end_its_stream_is_refused() {
    assertThat(
            refusal(
                "killer",
                variant ->
                    variant
                        .with(StreamKiller.class)
                        .setting("mp.messaging.incoming.killer.connector", "drivetrain")
                        .setting("mp.messaging.incoming.killer.topic", "orders")))
        .contains("StreamKiller", "consume", "POST_PROCESSING");
  }

  @Test
  void a_published_entity_without_listener_is_refused_with_the_line_to_add() {
    assertThat(
            refusal(
                "unwatched",
                variant ->
                    variant
                        .with(UnwatchedThing.class)
                        .edit(
                            "META-INF/persistence.xml",
                            xml ->
                                xml.replaceFirst(
                                    "<class>",
                                    "<class>"
                                        + UnwatchedThing.class.getName()
                                        + "</class><class>"))))
        .contains(
            "UnwatchedThing", "@EntityListeners(io.drivetrain.entitysync.PublishedListener.class)");
  }

  private static void deploy(String name, Consumer<WarVariant> change) {
    Path home = Servers.liberty(server).home();
    WarVariant variant =
        new WarVariant(Installation.built().war(), home.resolve("variants").resolve(name));
    change.accept(variant);
    variant.moveTo(home.resolve("dropins").resolve(name + ".war"));
  }

  /** Deploys a variant that must be refused and returns the one line that says why. */
  private static String refusal(String name, Consumer<WarVariant> change) {
    deploy(name, change);
    assertThat(Servers.liberty(server).awaitDeployment(name, DEPLOYMENT))
        .as("deployed although it cannot work")
        .isFalse();
    // What fails while beans are made is reported by the application's name; what fails in its
    // start-up observers by the web container, between the two lines that name the application.
    String log = Servers.liberty(server).messages();
    String section =
        log.substring(log.lastIndexOf("CWWKZ0018I: Starting application " + name + "."));
    Pattern reason = Pattern.compile("CWWKZ000[24]E.*application " + name + "\\b|SRVE0283E");
    List<String> lines = section.lines().filter(reason.asPredicate()).toList();
    assertThat(lines).hasSize(1);
    assertThat(section).as("said of each channel").doesNotContain("the runtime cancelled");
    return lines.get(0);
  }
}
