package io.drivetrain.connector.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.settings.PeerAttribute.Fate;
import io.drivetrain.schema.settings.SettingsException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerAttributesTest {
  private static final MapConfig INCOMING =
      MapConfig.of("bootstrap.servers", "localhost:9092", "group.id", "g");
  private static final MapConfig OUTGOING = MapConfig.of("bootstrap.servers", "localhost:9092");

  private static IncomingSettings incoming(MapConfig channel) {
    return IncomingSettings.read("in", channel, MapConfig.of(), Optional::empty);
  }

  private static OutgoingSettings outgoing(MapConfig channel) {
    return OutgoingSettings.read("out", channel, MapConfig.of());
  }

  /** A key that an attribute stands for. */
  private static String key(PeerAttribute attribute) {
    return attribute.name().replace("*", attribute.name().endsWith(".*") ? "x" : ".x");
  }

  private static String value(PeerAttribute attribute) {
    return attribute.values().stream().sorted().findFirst().orElse("anything");
  }

  static Stream<PeerAttribute> incomingAttributes() {
    return PeerAttributes.INCOMING.all().stream();
  }

  static Stream<PeerAttribute> outgoingAttributes() {
    return PeerAttributes.OUTGOING.all().stream();
  }

  @ParameterizedTest
  @MethodSource("incomingAttributes")
  void an_incoming_channel_fares_as_documented(PeerAttribute attribute) {
    String key = key(attribute);
    MapConfig channel = INCOMING.and(key, value(attribute));
    List<String> warnings = PeerAttributes.incomingWarnings("in", channel);

    if (attribute.fate() == Fate.REFUSED) {
      assertThatThrownBy(() -> incoming(channel))
          .isInstanceOf(SettingsException.class)
          .hasMessage(
              "mp.messaging.incoming.in.%s is '%s', and the drivetrain connector has nothing like"
                      .formatted(key, value(attribute))
                  + " it: "
                  + attribute.instead());
    } else {
      // It does not reach the Kafka client either.
      assertThat(incoming(channel).consumer()).doesNotContainKey(key);
    }
    assertThat(warnings)
        .isEqualTo(
            attribute.fate() == Fate.WITHOUT_EFFECT
                ? List.of(
                    "mp.messaging.incoming.in."
                        + key
                        + " has no effect here: "
                        + attribute.instead())
                : List.of());
  }

  @ParameterizedTest
  @MethodSource("outgoingAttributes")
  void an_outgoing_channel_fares_as_documented(PeerAttribute attribute) {
    String key = key(attribute);
    MapConfig channel = OUTGOING.and(key, value(attribute));

    if (attribute.fate() == Fate.REFUSED) {
      assertThatThrownBy(() -> outgoing(channel))
          .isInstanceOf(SettingsException.class)
          .hasMessageStartingWith("mp.messaging.outgoing.out." + key + " is ")
          .hasMessageEndingWith(attribute.instead());
    } else {
      assertThat(outgoing(channel).producer().properties()).doesNotContainKey(key);
    }
    assertThat(PeerAttributes.outgoingWarnings("out", channel))
        .hasSize(attribute.fate() == Fate.WITHOUT_EFFECT ? 1 : 0);
  }

  @Test
  void no_attribute_of_ours_is_taken_for_anothers() {
    for (Attribute own : IncomingAttributes.ALL) {
      assertThat(PeerAttributes.INCOMING.include(own.name())).as(own.name()).isFalse();
    }
    for (Attribute own : OutgoingAttributes.ALL) {
      assertThat(PeerAttributes.OUTGOING.include(own.name())).as(own.name()).isFalse();
    }
  }

  @Test
  void a_channel_of_smallrye_kafka_with_everyday_attributes_is_read() {
    MapConfig channel =
        INCOMING.and(
            "topic", "orders",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false",
            "value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer",
            "commit-strategy", "throttled",
            "throttled.unprocessed-record-max-age.ms", "60000",
            "failure-strategy", "dead-letter-queue",
            "dead-letter-queue.topic", "orders-dead",
            "client-id-prefix", "shop-",
            "graceful-shutdown", "true",
            "health-readiness-enabled", "false",
            "poll-timeout", "500");

    assertThat(incoming(channel).consumer())
        .containsEntry("client.id", "shop-in")
        .containsEntry("group.id", "g");
    assertThat(PeerAttributes.incomingWarnings("in", channel)).hasSize(2);
  }

  @Test
  void a_prefix_stands_before_a_client_id_that_is_set() {
    assertThat(incoming(INCOMING.and("client-id-prefix", "a-", "client.id", "b")).consumer())
        .containsEntry("client.id", "a-b");
    assertThat(
            outgoing(OUTGOING.and("client-id-prefix", "a-", "channel-name", "out"))
                .producer()
                .properties())
        .containsEntry("client.id", "a-out");
  }

  @Test
  void a_close_timeout_without_a_unit_is_in_milliseconds() {
    assertThat(outgoing(OUTGOING.and("close-timeout", "1500")).producer().closeTimeout())
        .hasMillis(1_500);
    assertThat(outgoing(OUTGOING.and("close-timeout", "2s")).producer().closeTimeout())
        .hasSeconds(2);
  }

  @Test
  void batch_may_say_what_the_method_takes_and_nothing_else() {
    assertThatCode(() -> IncomingSettings.checkBatch("in", INCOMING.and("batch", "true"), true))
        .doesNotThrowAnyException();
    assertThatCode(() -> IncomingSettings.checkBatch("in", INCOMING, true))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> IncomingSettings.checkBatch("in", INCOMING.and("batch", "true"), false))
        .hasMessage(
            "mp.messaging.incoming.in.batch is 'true'; expected false or nothing, for the method"
                + " takes one record; take a List of them");
    assertThatThrownBy(
            () -> IncomingSettings.checkBatch("in", INCOMING.and("batch", "false"), true))
        .hasMessageContaining("expected true or nothing, for the method takes a batch");
  }

  @Test
  void a_bean_may_hold_settings_and_the_channels_own_win() {
    Map<String, Object> bean =
        Map.of("bootstrap.servers", "bean:1", "fetch.min.bytes", 7, "group.id", "bean");
    MapConfig channel =
        MapConfig.of("group.id", "own", "kafka-configuration", "shared", "topic", "t");

    IncomingSettings settings =
        IncomingSettings.read(
            "in",
            LayeredConfig.of(channel, "", name -> Optional.of(bean)),
            MapConfig.of("kafka.bootstrap.servers", "all:1"),
            Optional::empty);

    assertThat(settings.consumer())
        .containsEntry("bootstrap.servers", "bean:1")
        .containsEntry("fetch.min.bytes", "7")
        .containsEntry("group.id", "own");
  }

  @Test
  void a_bean_that_is_not_there_is_an_error() {
    MapConfig channel = MapConfig.of("kafka-configuration", "shared");

    assertThatThrownBy(
            () -> LayeredConfig.of(channel, "mp.messaging.incoming.in.", name -> Optional.empty()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "mp.messaging.incoming.in.kafka-configuration is 'shared'; expected the @Identifier or"
                + " @Named name of a bean of type Map<String, Object>");
  }
}
