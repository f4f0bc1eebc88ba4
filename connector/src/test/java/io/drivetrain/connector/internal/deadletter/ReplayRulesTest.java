package io.drivetrain.connector.internal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.DeadLetter;
import io.drivetrain.connector.ReplayRequest;
import io.drivetrain.connector.internal.deadletter.ReplayRules.PassOver;
import io.drivetrain.connector.internal.deadletter.ReplayRules.Refuse;
import io.drivetrain.connector.internal.deadletter.ReplayRules.Send;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ReplayRulesTest {
  private static final byte[] BYTES = {0, -1, 127, -128};
  private static final Exception BOOM =
      new IllegalStateException("boom", new ArithmeticException("deep"));

  private static ConsumerRecord<byte[], byte[]> record(String topic, Headers headers) {
    return new ConsumerRecord<>(
        topic,
        3,
        7,
        1_234,
        TimestampType.CREATE_TIME,
        4,
        4,
        BYTES,
        BYTES,
        headers,
        Optional.empty());
  }

  /** How a record of the topic "origin" lies in the dead-letter topic. */
  private static ConsumerRecord<byte[], byte[]> letter(Headers own) {
    return letter(own, "orders", "shop");
  }

  private static ConsumerRecord<byte[], byte[]> letter(Headers own, String channel, String group) {
    return record("dead", DeadLetterHeaders.of(record("origin", own), BOOM, 2, channel, group));
  }

  private static ReplayRules rules(ReplayRequest request) {
    return new ReplayRules("orders", "shop", topic -> topic.equals("origin"), request);
  }

  private static Send sent(ConsumerRecord<byte[], byte[]> letter) {
    return (Send) rules(ReplayRequest.all()).of(letter);
  }

  private static Headers headers(String... namesAndValues) {
    Headers headers = new RecordHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8));
    }
    return headers;
  }

  @Test
  void a_record_goes_back_to_where_it_was_as_it_was() {
    Headers own = headers("a", "1", "a", "2").add("b", null);

    ProducerRecord<byte[], byte[]> back = sent(letter(own)).record(4);

    assertThat(back.topic()).isEqualTo("origin");
    assertThat(back.partition()).isEqualTo(3);
    assertThat(back.timestamp()).as("now").isNull();
    assertThat(back.key()).isEqualTo(BYTES);
    assertThat(back.value()).isEqualTo(BYTES);
    assertThat(back.headers().toArray())
        .containsExactly(
            headers("a", "1", "a", "2")
                .add("b", null)
                .add("dead-letter-replays", "1".getBytes(UTF_8))
                .toArray());
  }

  @Test
  void a_partition_that_is_no_more_or_not_wanted_is_left_to_the_key() {
    assertThat(sent(letter(headers())).record(3).partition()).isNull();
    Send byKey = (Send) rules(ReplayRequest.all().byKey()).of(letter(headers()));
    assertThat(byKey.record(4).partition()).isNull();
  }

  @Test
  void its_timestamp_comes_back_if_wanted() {
    Send send = (Send) rules(ReplayRequest.all().originalTimestamps()).of(letter(headers()));

    assertThat(send.record(4).timestamp()).isEqualTo(1_234);
  }

  @Test
  void replays_are_counted_through_every_further_death() {
    Headers own = headers("a", "1");
    for (int replays = 1; replays <= 3; replays++) {
      own = sent(letter(own)).headers();
      assertThat(own.headers("dead-letter-replays")).hasSize(1);
      assertThat(DeadLetterHeaders.text(own, "dead-letter-replays")).contains("" + replays);
    }

    assertThat(rules(ReplayRequest.all()).of(letter(own)))
        .isEqualTo(new Refuse("it was replayed 3 times and died again, and 3 is the most"));
    assertThat(rules(ReplayRequest.all().maxReplays(4)).of(letter(own))).isInstanceOf(Send.class);
  }

  @Test
  void a_counter_that_is_no_number_is_refused() {
    assertThat(rules(ReplayRequest.all()).of(letter(headers("dead-letter-replays", "many"))))
        .isInstanceOf(Refuse.class);
  }

  @Test
  void a_record_that_is_no_dead_letter_is_refused() {
    assertThat(rules(ReplayRequest.all()).of(record("dead", headers("a", "1"))))
        .isEqualTo(new Refuse("it has no header dead-letter-topic"));
  }

  @Test
  void nothing_is_sent_to_a_topic_that_the_channel_does_not_read() {
    Headers forged = headers("dead-letter-topic", "payroll");

    assertThat(rules(ReplayRequest.all()).of(record("dead", forged)))
        .isEqualTo(new Refuse("channel orders does not read its topic of origin, payroll"));
  }

  @Test
  void a_letter_of_smallryes_connector_is_replayed() {
    Headers headers =
        headers(
            "a", "1",
            "dead-letter-exception-class-name", "E",
            "dead-letter-reason", "r",
            "dead-letter-topic", "origin",
            "dead-letter-partition", "1",
            "dead-letter-offset", "9");

    ProducerRecord<byte[], byte[]> back = sent(record("dead", headers)).record(4);

    assertThat(back.partition()).isEqualTo(1);
    assertThat(back.headers().toArray())
        .containsExactly(headers("a", "1", "dead-letter-replays", "1").toArray());
  }

  @Test
  void a_letter_of_another_group_or_channel_in_the_same_topic_is_passed_over() {
    assertThat(rules(ReplayRequest.all()).of(letter(headers(), "orders", "other-shop")))
        .isEqualTo(new PassOver());
    ConsumerRecord<byte[], byte[]> refunds =
        record(
            "dead", DeadLetterHeaders.of(record("refunds", headers()), BOOM, 1, "refunds", "shop"));
    assertThat(rules(ReplayRequest.all()).of(refunds)).isEqualTo(new PassOver());
  }

  @Test
  void a_letter_says_what_its_headers_say() {
    DeadLetter letter = ReplayRules.read(letter(headers("dead-letter-replays", "2")));

    assertThat(letter.topic()).contains("origin");
    assertThat(letter.partition()).hasValue(3);
    assertThat(letter.offset()).hasValue(7);
    assertThat(letter.timestamp()).contains(Instant.ofEpochMilli(1_234));
    assertThat(letter.reason()).contains("boom");
    assertThat(letter.exceptionClass()).contains("java.lang.IllegalStateException");
    assertThat(letter.attempts()).isEqualTo(2);
    assertThat(letter.replays()).isEqualTo(2);
  }

  @Test
  void a_letter_without_such_headers_says_nothing() {
    DeadLetter letter =
        ReplayRules.read(
            record("dead", headers("dead-letter-partition", "x", "dead-letter-offset", "")));

    assertThat(letter.topic()).isEmpty();
    assertThat(letter.partition()).isEmpty();
    assertThat(letter.offset()).isEmpty();
    assertThat(letter.attempts()).isZero();
    assertThat(letter.replays()).isZero();
  }

  /** A channel may read the dead letters of another, and have dead letters itself. */
  @RepeatedTest(200)
  void a_replay_takes_away_what_the_last_death_added_and_nothing_else() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Headers headers = new RecordHeaders();
    for (int i = random.nextInt(8); i > 0; i--) {
      if (random.nextInt(3) == 0) {
        headers = DeadLetterHeaders.of(record("t" + i, headers), failure(random), i, "c", "g");
      } else {
        headers.add("own" + random.nextInt(3), random.nextBoolean() ? null : BYTES);
      }
    }
    Header[] before = headers.toArray();

    Headers letter = DeadLetterHeaders.of(record("origin", headers), failure(random), 1, "c", "g");
    if (random.nextBoolean()) {
      // Of a tracing producer, say.
      letter.add("traceparent", BYTES);
    }

    assertThat(DeadLetterHeaders.before(letter).remove("traceparent").toArray())
        .as("seed " + seed)
        .containsExactly(before);
  }

  private static Exception failure(Random random) {
    return random.nextBoolean() ? BOOM : new IllegalStateException();
  }
}
