package io.drivetrain.connector.internal.deadletter;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterTopicTest {
  private static final byte[] BYTES = {0, -1, 127, -128};
  private static final Exception BOOM = new IllegalStateException("boom");

  /** Confirms nothing by itself. */
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

  private final DeadLetterTopic topic =
      new DeadLetterTopic("orders", "shop", "dead-orders", () -> producer);

  @AfterEach
  void close() {
    topic.close();
    Thread.interrupted();
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    return new ConsumerRecord<>(
        "origin",
        3,
        offset,
        1_234,
        TimestampType.CREATE_TIME,
        4,
        4,
        BYTES,
        BYTES,
        new RecordHeaders().add("own", BYTES).add("empty", null),
        Optional.empty());
  }

  private CompletableFuture<DeadLetterTopic.Sent> sending(int records) {
    List<ConsumerRecord<byte[], byte[]>> list = new ArrayList<>();
    for (int offset = 0; offset < records; offset++) {
      list.add(record(offset));
    }
    CompletableFuture<DeadLetterTopic.Sent> sent =
        CompletableFuture.supplyAsync(() -> topic.send(list, BOOM, 1));
    eventually(() -> assertThat(producer.history()).hasSize(records));
    return sent;
  }

  private ProducerRecord<byte[], byte[]> letter(Throwable failure) {
    CompletableFuture<DeadLetterTopic.Sent> sent =
        CompletableFuture.supplyAsync(() -> topic.send(List.of(record(7)), failure, 2));
    eventually(() -> assertThat(producer.completeNext()).isTrue());
    assertThat(sent.join().stored()).isEqualTo(1);
    return producer.history().get(0);
  }

  private static Map<String, String> added(ProducerRecord<?, ?> letter) {
    Map<String, String> added = new LinkedHashMap<>();
    for (Header header : letter.headers()) {
      if (header.key().startsWith("dead-letter-")) {
        added.put(header.key(), new String(header.value(), UTF_8));
      }
    }
    return added;
  }

  @Test
  void a_dead_letter_is_the_record_byte_for_byte_and_says_where_it_came_from_and_why() {
    ProducerRecord<byte[], byte[]> letter =
        letter(new IllegalStateException("boom", new ArithmeticException("deep")));

    assertThat(letter.topic()).isEqualTo("dead-orders");
    assertThat(letter.partition()).as("the partitioner's business").isNull();
    assertThat(letter.timestamp()).as("the time of its death").isNull();
    assertThat(letter.key()).isEqualTo(BYTES);
    assertThat(letter.value()).isEqualTo(BYTES);
    assertThat(letter.headers().lastHeader("own").value()).isEqualTo(BYTES);
    assertThat(letter.headers().lastHeader("empty").value()).isNull();
    assertThat(added(letter))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("dead-letter-reason", "boom"),
                Map.entry("dead-letter-exception-class-name", "java.lang.IllegalStateException"),
                Map.entry("dead-letter-cause", "deep"),
                Map.entry("dead-letter-cause-class-name", "java.lang.ArithmeticException"),
                Map.entry("dead-letter-topic", "origin"),
                Map.entry("dead-letter-partition", "3"),
                Map.entry("dead-letter-offset", "7"),
                Map.entry("dead-letter-timestamp", "1234"),
                Map.entry("dead-letter-attempts", "2"),
                Map.entry("dead-letter-channel", "orders"),
                Map.entry("dead-letter-group", "shop")));
  }

  @Test
  void a_failure_without_a_message_or_a_cause_has_its_class_as_reason() {
    assertThat(added(letter(new IllegalStateException())))
        .containsEntry("dead-letter-reason", "java.lang.IllegalStateException")
        .doesNotContainKeys("dead-letter-cause", "dead-letter-cause-class-name");
  }

  @Test
  void a_long_reason_is_cut_between_characters() {
    // Three bytes each in UTF-8: 4096 is no multiple.
    String reason =
        added(letter(new IllegalStateException("€".repeat(5_000)))).get("dead-letter-reason");

    assertThat(reason).isEqualTo("€".repeat(1365));
  }

  @Test
  void the_record_that_died_is_left_as_it_was() {
    ConsumerRecord<byte[], byte[]> record = record(7);
    CompletableFuture<DeadLetterTopic.Sent> sent =
        CompletableFuture.supplyAsync(() -> topic.send(List.of(record), BOOM, 1));
    eventually(() -> assertThat(producer.completeNext()).isTrue());
    sent.join();

    assertThat(record.headers().toArray()).hasSize(2);
  }

  @Test
  void nothing_counts_as_stored_before_it_is_confirmed() {
    CompletableFuture<DeadLetterTopic.Sent> sent = sending(2);
    producer.completeNext();
    assertThat(sent).isNotDone();

    producer.completeNext();
    assertThat(sent.join()).isEqualTo(new DeadLetterTopic.Sent(2, null));
  }

  @Test
  void of_several_those_before_the_first_that_is_not_stored_count() {
    CompletableFuture<DeadLetterTopic.Sent> sent = sending(3);
    TimeoutException failure = new TimeoutException("no answer");
    producer.completeNext();
    producer.errorNext(failure);
    producer.completeNext();

    assertThat(sent.join()).isEqualTo(new DeadLetterTopic.Sent(1, failure));
  }

  @Test
  void after_a_send_that_fails_at_once_no_further_one_waits() {
    RecordTooLargeException failure = new RecordTooLargeException("too large");
    producer.sendException = failure;

    DeadLetterTopic.Sent sent = topic.send(List.of(record(0), record(1)), BOOM, 1);

    assertThat(sent).isEqualTo(new DeadLetterTopic.Sent(0, failure));
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void an_interrupt_ends_the_waiting_and_stays_set() {
    Thread.currentThread().interrupt();

    DeadLetterTopic.Sent sent = topic.send(List.of(record(0)), BOOM, 1);

    assertThat(sent.stored()).isZero();
    assertThat(sent.failure()).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_closed_topic_stores_nothing() {
    topic.close();

    DeadLetterTopic.Sent sent = topic.send(List.of(record(0)), BOOM, 1);

    assertThat(sent.stored()).isZero();
    assertThat(sent.failure()).hasMessageContaining("orders is stopped");
  }
}
