package io.drivetrain.connector.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.internal.MapConfig;
import java.time.Duration;
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
    assertThat(settings.closeTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.producer()).containsEntry("acks", "all").containsEntry("linger.ms", "0");
  }

  @Test
  void kafkas_own_settings_reach_the_producer() {
    assertThat(with("compression.type", "lz4", "linger.ms", "20").producer())
        .containsEntry("compression.type", "lz4")
        .containsEntry("linger.ms", "20");
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
    assertThatThrownBy(() -> with("acks", "some")).hasMessageContaining("Kafka says");
    assertThatThrownBy(() -> with("close-timeout", "never"))
        .hasMessageContaining("close-timeout is 'never'; expected a duration");
  }
}
