package io.drivetrain.connector.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.policy.ProcessingTimeout;
import io.drivetrain.schema.settings.SettingsException;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncomingSettingsTest {
  private final MapConfig channel =
      MapConfig.of(
          "channel-name", "orders",
          "connector", "drivetrain",
          "topic", "orders-topic",
          "group.id", "shop",
          "bootstrap.servers", "localhost:9092");

  private static IncomingSettings read(MapConfig channel, MapConfig root) {
    return IncomingSettings.read("orders", channel, root, Optional::empty);
  }

  private IncomingSettings with(String... keysAndValues) {
    return read(channel.and(keysAndValues), MapConfig.of());
  }

  private void assertRefused(String sentence, String... keysAndValues) {
    assertThatThrownBy(() -> with(keysAndValues))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void nothing_but_topic_group_and_brokers_is_needed() {
    IncomingSettings settings = with();

    assertThat(settings.topics()).containsExactly("orders-topic");
    assertThat(settings.failurePolicy().backoff())
        .isEqualTo(new Backoff(Optional.of(Duration.ofSeconds(10)), false, Duration.ofMinutes(5)));
    assertThat(settings.batches().runRecords()).isEqualTo(500);
    assertThat(settings.commitInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.consumer())
        .containsEntry("auto.offset.reset", "earliest")
        .containsEntry("enable.auto.commit", "false")
        .containsEntry("max.poll.records", "2000")
        .containsEntry("group.id", "shop")
        .containsEntry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
  }

  @Test
  void the_prefix_is_part_of_every_name_that_kafka_hears() {
    MapConfig root = MapConfig.of("drivetrain.topic-prefix", "staging.");
    MapConfig byPattern =
        MapConfig.of(
            "pattern", "orders-.*", "group.id", "shop", "bootstrap.servers", "localhost:9092");

    assertThat(read(channel, root).topics()).containsExactly("staging.orders-topic");
    assertThat(read(channel, root).deadLetters().topic())
        .isEqualTo("staging.dead-letter-topic-orders");
    assertThat(read(byPattern, root).reads("staging.orders-1")).isTrue();
    assertThat(read(byPattern, root).reads("orders-1")).isFalse();
    assertThat(OutgoingSettings.read("orders", channel, root).topic())
        .isEqualTo("staging.orders-topic");
  }

  @Test
  void a_delivery_may_take_as_long_as_it_likes_unless_a_limit_is_set() {
    assertThat(with().processingTimeout()).isEmpty();
    assertThat(with("processing-timeout", "0").processingTimeout()).isEmpty();
    assertThat(with("processing-timeout", "30s").processingTimeout())
        .contains(new ProcessingTimeout(Duration.ofSeconds(30), false));
    assertThat(
            with("processing-timeout", "30s", "processing-timeout-action", "interrupt")
                .processingTimeout())
        .contains(new ProcessingTimeout(Duration.ofSeconds(30), true));
    assertRefused(
        "mp.messaging.incoming.orders.processing-timeout-action is 'kill'; expected one of report,"
            + " interrupt",
        "processing-timeout-action",
        "kill");
  }

  @Test
  void every_attribute_is_read() {
    IncomingSettings settings =
        with(
            "pause-timeout", "250ms",
            "pause-with-exponential-backoff", "true",
            "max-pause-timeout", "PT1M",
            "batch-size", "7",
            "batch-bytes", "64000",
            "batch-wait", "2s",
            "queue-records", "100",
            "queue-bytes", "1000",
            "revoke-timeout", "3s",
            "close-timeout", "4s",
            "auto.commit.interval.ms", "1000",
            "value.deserializer", "com.example.Avro",
            "failure-strategy", "pause");

    assertThat(settings.failurePolicy().backoff())
        .isEqualTo(new Backoff(Optional.of(Duration.ofMillis(250)), true, Duration.ofMinutes(1)));
    assertThat(settings.batches().runRecords()).isEqualTo(7);
    assertThat(settings.batches().runBytes()).isEqualTo(64_000);
    assertThat(settings.batches().batchWaitNanos()).isEqualTo(2_000_000_000L);
    assertThat(settings.records().bufferRecords()).isEqualTo(100);
    assertThat(settings.records().bufferBytes()).isEqualTo(1000);
    assertThat(settings.revokeTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.closeTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.commitInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.valueDeserializer()).contains("com.example.Avro");
    assertThat(settings.consumer().get("value.deserializer")).asString().contains("ByteArray");
  }

  @Test
  void a_pause_may_have_no_end_and_may_be_nothing() {
    assertThat(with("pause-timeout", "-1").failurePolicy().backoff().pause()).isEmpty();
    assertThat(with("pause-timeout", "0").failurePolicy().backoff().pause())
        .contains(Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pause-timeout | 10x | mp.messaging.incoming.orders.pause-timeout is '10x'; expected a"
            + " duration such as 10s or PT10S, 0, or -1",
        "max-pause-timeout | soon | max-pause-timeout is 'soon'; expected a duration",
        "pause-with-exponential-backoff | yes | is 'yes'; expected one of true, false",
        "failure-strategy | explode | failure-strategy is 'explode'; expected one of pause,"
            + " dead-letter-queue, ignore, fail",
        "ordering | keys | ordering is 'keys'; expected one of partition, key",
        "batch-bytes | 1MB | batch-bytes is '1MB'; expected a whole number from 0",
        "batch-size | 0 | batch-size is '0'; expected a whole number from 1",
        "pause-timout | 10s | mp.messaging.incoming.orders.pause-timout is no attribute of the"
            + " drivetrain connector; did you mean pause-timeout?",
        "pause.timeout | 10s | did you mean pause-timeout?",
        "pausetimeout | 10s | did you mean pause-timeout?",
        "colour | red | is no attribute of the drivetrain connector; expected one of",
        "enable.auto.commit | true | enable.auto.commit is 'true'; expected false",
        "bootstrap.servers | localhost | bootstrap.servers is 'localhost'; expected host:port",
        "fetch.min.bytes | many | mp.messaging.incoming.orders.*: Kafka says: Invalid value many",
        "fetch.max.wait.ms | 30000 | fetch.max.wait.ms is '30000'; expected less than"
            + " request.timeout.ms, which is 30000",
        "topics | a,b | topic is not the only one set; expected at most one",
        "pattern | a.* | topic is not the only one set; expected at most one"
      })
  void a_mistake_is_refused_in_a_sentence(String key, String value, String sentence) {
    assertRefused(sentence, key, value);
  }

  @Test
  void exactly_once_needs_order_per_partition() {
    assertThat(with("exactly-once", "true").exactlyOnce()).isTrue();
    assertThatThrownBy(
            () ->
                read(
                    MapConfig.of(
                        "bootstrap.servers",
                        "localhost:9092",
                        "topic",
                        "t",
                        "group.id",
                        "g",
                        "ordering",
                        "key",
                        "exactly-once",
                        "true"),
                    MapConfig.of()))
        .hasMessageContaining("exactly-once is 'true'; expected false with ordering=key");
  }

  @Test
  void a_channel_needs_brokers_and_a_group() {
    MapConfig servers = MapConfig.of("bootstrap.servers", "localhost:9092", "topic", "t");

    assertThatThrownBy(() -> read(MapConfig.of("topic", "t"), MapConfig.of()))
        .hasMessageContaining("bootstrap.servers is not set, nor is kafka.bootstrap.servers");
    assertThatThrownBy(() -> read(servers, MapConfig.of()))
        .hasMessageContaining("group.id is not set, nor is kafka.group.id");
  }

  @Test
  void the_group_is_named_after_application_and_channel_unless_it_is_set() {
    MapConfig servers = MapConfig.of("bootstrap.servers", "localhost:9092", "topic", "t");

    assertThat(
            IncomingSettings.read("orders", servers, MapConfig.of(), () -> Optional.of("shop"))
                .consumer())
        .containsEntry("group.id", "shop-orders");
  }

  @Test
  void what_all_clients_share_is_used_unless_the_channel_says_otherwise() {
    MapConfig root =
        MapConfig.of(
            "kafka.bootstrap.servers", "shared:9092",
            "kafka.group.id", "everybody",
            "kafka.security.protocol", "PLAINTEXT",
            "kafka.linger.ms", "5",
            "kafka.partitioner", "fnv1a");

    IncomingSettings settings = read(MapConfig.of("topic", "t", "group.id", "own"), root);

    assertThat(settings.consumer())
        .containsEntry("bootstrap.servers", "shared:9092")
        .containsEntry("group.id", "own")
        .containsEntry("security.protocol", "PLAINTEXT")
        .doesNotContainKeys("linger.ms", "partitioner");
  }

  @Test
  void what_is_neither_ours_nor_alike_goes_to_the_client_and_its_plug_ins() {
    assertThat(with("my.interceptor.setting", "x", "max.partition.fetch.bytes", "7").consumer())
        .containsEntry("my.interceptor.setting", "x")
        .containsEntry("max.partition.fetch.bytes", "7");
  }

  @Test
  void what_the_runtime_itself_reads_is_left_to_it() {
    assertThat(
            with("concurrency", "3", "enabled", "true", "MP_MESSAGING_INCOMING_X", "y").consumer())
        .doesNotContainKeys("concurrency", "enabled", "MP_MESSAGING_INCOMING_X");
  }

  @Test
  void the_new_group_protocol_brings_its_own_assignors() {
    assertThat(with("group.protocol", "consumer").consumer())
        .containsEntry("group.protocol", "consumer")
        .doesNotContainKey("partition.assignment.strategy");
  }

  @Test
  void a_revocation_never_takes_longer_than_the_group_waits() {
    assertThat(with("revoke-timeout", "1h", "max.poll.interval.ms", "10000").revokeTimeout())
        .isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void topics_are_given_by_name_by_list_or_by_pattern() {
    MapConfig base = MapConfig.of("bootstrap.servers", "a:1", "group.id", "g");

    assertThat(read(base, MapConfig.of()).topics()).containsExactly("orders");
    assertThat(read(base.and("topics", "a, b"), MapConfig.of()).topics()).containsExactly("a", "b");
    assertThat(pattern(base.and("pattern", "or.*"))).isEqualTo("or.*");
  }

  @Test
  void a_pattern_may_be_given_as_smallrye_kafka_does_by_a_flag_and_the_topic() {
    MapConfig base = MapConfig.of("bootstrap.servers", "a:1", "group.id", "g");

    assertThat(pattern(base.and("pattern", "true", "topic", "or.*"))).isEqualTo("or.*");
    assertThat(read(base.and("pattern", "false", "topic", "or"), MapConfig.of()).topics())
        .containsExactly("or");
    assertThatThrownBy(() -> read(base.and("pattern", "true"), MapConfig.of()))
        .hasMessageContaining("orders.topic is not set; expected a regular expression");
    assertThatThrownBy(() -> read(base.and("pattern", "true", "topics", "a"), MapConfig.of()))
        .hasMessageContaining("orders.topic is not set; expected a regular expression");
    assertThatThrownBy(
            () -> read(base.and("pattern", "true", "topic", "a", "topics", "b"), MapConfig.of()))
        .hasMessageContaining("at most one of topic, topics and pattern");
  }

  @Test
  void a_pattern_that_is_none_is_refused() {
    MapConfig base = MapConfig.of("bootstrap.servers", "a:1", "group.id", "g");

    assertThatThrownBy(() -> read(base.and("pattern", "a("), MapConfig.of()))
        .hasMessageContaining("orders.pattern is 'a('; expected a regular expression");
    assertThatThrownBy(() -> read(base.and("pattern", "true", "topic", "a("), MapConfig.of()))
        .hasMessageContaining("orders.topic is 'a('; expected a regular expression");
  }

  private static String pattern(MapConfig channel) {
    return read(channel, MapConfig.of()).pattern().orElseThrow().pattern();
  }

  @Test
  void secrets_are_not_in_the_text() {
    assertThat(with("sasl.jaas.config", "password=\"hunter2\"").toString())
        .doesNotContain("hunter2");
  }
}
