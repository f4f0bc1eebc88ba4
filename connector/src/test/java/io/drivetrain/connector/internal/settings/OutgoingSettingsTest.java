package io.drivetrain.connector.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.schema.partitioning.LibrdkafkaPartitioner;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutgoingSettingsTest {
  private final MapConfig channel =
      MapConfig.of("topic", "orders", "bootstrap.servers", "localhost:9092");

  private OutgoingSettings with(String... keysAndValues) {
    return OutgoingSettings.read("out", channel.and(keysAndValues), MapConfig.of());
  }

  @Test
  void a_record_counts_as_sent_when_every_replica_has_it() {
    OutgoingSettings settings = with();

    assertThat(settings.topic()).isEqualTo("orders");
    assertThat(settings.producer().closeTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.producer().properties())
        .containsEntry("acks", "all")
        .containsEntry("linger.ms", "0");
  }

  @Test
  void kafkas_own_settings_reach_the_producer() {
    assertThat(with("compression.type", "lz4", "linger.ms", "20").producer().properties())
        .containsEntry("compression.type", "lz4")
        .containsEntry("linger.ms", "20");
  }

  @Test
  void plain_payloads_have_no_key_and_any_partition_unless_they_are_set() {
    assertThat(with().key()).isEmpty();
    assertThat(with().partition()).isEmpty();
    assertThat(with("partition", "-1").partition()).isEmpty();
    assertThat(with().propagates()).isFalse();
    assertThat(with("key", "all", "partition", "0"))
        .extracting(OutgoingSettings::key, OutgoingSettings::partition)
        .containsExactly(Optional.of("all"), Optional.of(0));
    assertThat(with("propagate-headers", "a, b").propagateHeaders()).containsExactly("a", "b");
    assertThat(with("propagate-record-key", "true").propagates()).isTrue();
  }

  @Test
  void keys_go_where_kafkas_own_producer_sends_them_unless_librdkafkas_rule_is_named() {
    assertThat(with().producer().properties()).doesNotContainKey("partitioner.class");
    assertThat(with("partitioner", "consistent_random").producer().properties())
        .containsEntry("partitioner.class", LibrdkafkaPartitioner.class)
        .containsEntry("partitioner", "consistent_random");
  }

  @Test
  void all_producers_may_share_a_partitioner_and_a_channel_may_have_its_own() {
    MapConfig root = MapConfig.of("kafka.partitioner", "fnv1a");

    assertThat(OutgoingSettings.read("out", channel, root).producer().properties())
        .containsEntry("partitioner", "fnv1a");
    assertThat(
            OutgoingSettings.read("out", channel.and("partitioner", "default"), root)
                .producer()
                .properties())
        .doesNotContainKeys("partitioner", "partitioner.class");
  }

  @Test
  void an_attribute_that_came_from_the_environment_may_be_listed_with_dots() {
    assertThat(with("close-timeout", "3s", "close.timeout", "3s").producer().closeTimeout())
        .hasSeconds(3);
    assertThatThrownBy(() -> with("close.timeout", "3s"))
        .hasMessageContaining("did you mean close-timeout?");
  }

  @Test
  void the_topic_is_the_channels_name_unless_it_is_set() {
    MapConfig servers = MapConfig.of("bootstrap.servers", "localhost:9092");

    assertThat(OutgoingSettings.read("out", servers, MapConfig.of()).topic()).isEqualTo("out");
  }

  @Test
  void a_mistake_is_refused_in_a_sentence() {
    assertThatThrownBy(() -> with("topik", "x"))
        .hasMessageContaining("mp.messaging.outgoing.out.topik is no attribute")
        .hasMessageContaining("did you mean topic?");
    assertThatThrownBy(() -> with("partitioner", "crc32"))
        .hasMessageStartingWith(
            "mp.messaging.outgoing.out.partitioner is 'crc32'; expected one of default,");
    assertThatThrownBy(() -> with("partitioner", "fnv1a", "partitioner.class", "com.example.Own"))
        .hasMessageContaining("expected one of both");
    assertThatThrownBy(() -> with("partition", "-2"))
        .hasMessageContaining("partition is '-2'; expected a whole number from -1");
    assertThatThrownBy(() -> with("acks", "some")).hasMessageContaining("Kafka says");
    assertThatThrownBy(() -> with("close-timeout", "never"))
        .hasMessageContaining("close-timeout is 'never'; expected a duration");
  }
}
