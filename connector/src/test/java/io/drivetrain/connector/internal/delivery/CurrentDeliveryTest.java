package io.drivetrain.connector.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.Delivery;
import io.drivetrain.schema.CodecException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CurrentDeliveryTest {
  private final List<ProducerRecord<?, ?>> sent = new ArrayList<>();
  private final List<CompletableFuture<?>> answers = new ArrayList<>();
  private final LiveDelivery live = new LiveDelivery("in");
  private final Delivery delivery = new CurrentDelivery(this::send);

  private CompletableFuture<?> send(ProducerRecord<?, ?> record) {
    if (record.value() instanceof Object[]) {
      throw new CodecException("cannot be encoded");
    }
    CompletableFuture<?> answer = new CompletableFuture<>();
    sent.add(record);
    answers.add(answer);
    return answer;
  }

  @BeforeEach
  void process() {
    live.bind();
    next();
  }

  private void next() {
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("in", 0, 0, null, new byte[0]);
    live.begin(record, record, 1, 1, null);
  }

  @AfterEach
  void unbind() {
    live.unbind();
    Thread.interrupted();
  }

  @Test
  void what_a_delivery_produces_goes_where_it_says() {
    delivery.produce("orders", 7, "v");

    assertThat(sent).containsExactly(new ProducerRecord<>("orders", 7, "v"));
  }

  @Test
  void a_delivery_is_done_when_everything_it_produced_is_confirmed() {
    delivery.produce("orders", "k", "v");
    delivery.produce("orders", "k", "w");
    answers.forEach(answer -> answer.complete(null));

    assertThat(live.awaitSends()).isNull();
  }

  @Test
  void one_send_that_fails_fails_the_attempt_and_is_forgotten_with_it() {
    RecordTooLargeException failure = new RecordTooLargeException();
    delivery.produce("orders", "k", "v");
    delivery.produce("orders", "k", "w");
    answers.get(0).complete(null);
    answers.get(1).completeExceptionally(failure);
    assertThat(live.awaitSends()).isSameAs(failure);

    next();
    assertThat(live.awaitSends()).isNull();
  }

  @Test
  void what_an_attempt_sent_that_failed_by_itself_concerns_no_later_one() {
    delivery.produce("orders", "k", "v");

    next();
    answers.get(0).completeExceptionally(new RecordTooLargeException());

    assertThat(live.awaitSends()).isNull();
  }

  @Test
  void a_record_that_cannot_be_encoded_fails_the_attempt_even_if_the_method_swallows_it() {
    assertThatThrownBy(() -> delivery.produce("orders", "k", new Object[0]))
        .isInstanceOf(CodecException.class);

    assertThat(live.awaitSends()).isInstanceOf(CodecException.class);
  }

  @Test
  void an_interruption_ends_one_attempt_and_not_the_later_ones() {
    delivery.produce("orders", "k", "v");
    Thread.currentThread().interrupt();
    assertThat(live.awaitSends()).isInstanceOf(InterruptedException.class);

    next();
    delivery.produce("orders", "k", "v");
    answers.get(1).complete(null);
    assertThat(live.awaitSends()).isNull();
  }

  @Test
  void nothing_is_produced_outside_a_delivery() {
    live.end();

    assertThatThrownBy(() -> delivery.produce("orders", "k", "v"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this thread is processing no record");
    assertThat(sent).isEmpty();
  }

  @Test
  void a_snapshot_cannot_produce_and_says_what_to_do_instead() {
    Delivery snapshot = delivery.snapshot();

    assertThatThrownBy(() -> snapshot.produce("orders", "k", "v"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("snapshot")
        .hasMessageContaining("KafkaSender");
    assertThat(sent).isEmpty();
  }
}
