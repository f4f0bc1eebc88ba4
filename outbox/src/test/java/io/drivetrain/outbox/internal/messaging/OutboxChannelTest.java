package io.drivetrain.outbox.internal.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.fixture.MapConfig;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

class OutboxChannelTest {
  private final List<EncodedMessage> published = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private RuntimeException refusal;

  private final PendingMessages outbox =
      (slot, change) -> {
        if (refusal != null) {
          throw refusal;
        }
        published.addAll(change.apply(null).messages());
      };

  @Test
  void a_plain_payload_goes_to_the_channels_topic_and_is_acknowledged() {
    channel("orders").onNext(message("text"));

    assertThat(published).hasSize(1);
    assertThat(published.get(0).topic()).isEqualTo("orders");
    assertThat(published.get(0).key()).isNull();
    assertThat(text(published.get(0).value())).isEqualTo("text");
    assertThat(answers).containsExactly("ack");
  }

  @Test
  void a_record_keeps_topic_partition_timestamp_key_and_headers() {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>("own", 3, 99L, "key", new byte[] {1});
    record.headers().add("h", new byte[] {2});

    channel("orders").onNext(message(record));

    EncodedMessage message = published.get(0);
    assertThat(message.topic()).isEqualTo("own");
    assertThat(message.partition()).isEqualTo(3);
    assertThat(message.timestamp()).isEqualTo(99L);
    assertThat(text(message.key())).isEqualTo("key");
    assertThat(message.value()).containsExactly(1);
    assertThat(message.headers()).hasSize(1);
    assertThat(message.headers().get(0).name()).isEqualTo("h");
  }

  @Test
  void without_a_transaction_it_is_nacked_with_the_channel_and_the_sentence() {
    refusal = new IllegalStateException("Nothing can be published: no transaction is active");

    channel("orders").onNext(message("text"));

    assertThat(answers)
        .containsExactly("nack channel out: Nothing can be published: no transaction is active");
  }

  @Test
  void without_a_topic_only_records_are_taken() {
    channel(null).onNext(message("text"));

    assertThat(answers.get(0)).contains("mp.messaging.outgoing.out.topic is not set");
    assertThat(published).isEmpty();
  }

  @Test
  void an_answer_that_throws_does_not_end_the_channel() {
    Supplier<java.util.concurrent.CompletionStage<Void>> throwing =
        () -> {
          throw new IllegalStateException("x");
        };
    OutboxChannel channel = channel("orders");

    assertThatCode(() -> channel.onNext(Message.of("a", throwing))).doesNotThrowAnyException();
    channel.onNext(message("b"));

    assertThat(published).hasSize(2);
  }

  @Test
  void attributes_of_a_direct_channel_may_stay_but_a_misspelt_one_is_refused() {
    assertThatCode(
            () ->
                check(
                    Map.of(
                        "connector", "drivetrain-outbox",
                        "channel-name", "out",
                        "topic", "t",
                        "bootstrap.servers", "b",
                        "acks", "all",
                        "merge", "true")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(Map.of("topik", "t")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("mp.messaging.outgoing.out.topik is no attribute")
        .hasMessageContaining("did you mean topic?");
    assertThatThrownBy(() -> check(Map.of("value.serializer", "x")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("value.serializer cannot be set");
  }

  private static void check(Map<String, String> attributes) {
    ChannelAttributes.check(Settings.of(MapConfig.of(attributes), "mp.messaging.outgoing.out."));
  }

  private OutboxChannel channel(String topic) {
    return new OutboxChannel(
        "out", Optional.ofNullable(topic), outbox, Settings.of(MapConfig.of(Map.of())));
  }

  private Message<Object> message(Object payload) {
    Function<Throwable, java.util.concurrent.CompletionStage<Void>> nack =
        failure -> {
          answers.add("nack " + failure.getMessage());
          return CompletableFuture.completedFuture(null);
        };
    return Message.of(
        payload,
        () -> {
          answers.add("ack");
          return CompletableFuture.completedFuture(null);
        },
        nack);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
