package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.reading;
import static io.drivetrain.tests.connector.Apps.readingBatches;
import static io.drivetrain.tests.connector.Apps.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

@UseKafka
class BatchesTest {
  private final KafkaBroker broker;

  BatchesTest(KafkaBroker broker) {
    this.broker = broker;
  }

  @Test
  void a_batch_holds_consecutive_records_of_one_partition_up_to_its_size() {
    Topic topic = broker.newTopic("batches", 3);
    for (int partition = 0; partition < 3; partition++) {
      topic.sendAll(partition, values(100));
    }
    Recorder recorder = new Recorder();

    try (WeldApp app =
        readingBatches(broker, topic, recorder).and(IN + "batch-size", "30").start()) {
      for (int partition = 0; partition < 3; partition++) {
        int p = partition;
        eventually(
            () ->
                assertThat(recorder.of(p).stream().mapToInt(seen -> records(seen).size()).sum())
                    .isEqualTo(100));
        long next = 0;
        for (Recorder.Seen seen : recorder.of(p)) {
          assertThat(seen.firstOffset()).isEqualTo(next);
          assertThat(records(seen)).hasSizeBetween(1, 30);
          assertThat(seen.lastOffset()).isEqualTo(next + records(seen).size() - 1);
          assertThat(records(seen)).first().isEqualTo("v" + next);
          next = seen.lastOffset() + 1;
        }
      }
    }
  }

  @Test
  void a_batch_ends_before_the_record_that_would_make_it_too_large() {
    Topic topic = broker.newTopic("batches", 1);
    topic.sendAll(0, List.of("a".repeat(40), "b".repeat(40), "c".repeat(40), "d".repeat(500), "e"));
    Recorder recorder = new Recorder();

    try (WeldApp app =
        readingBatches(broker, topic, recorder).and(IN + "batch-bytes", "100").start()) {
      eventually(() -> assertThat(texts(recorder.of(0))).hasSize(5));
    }

    assertThat(recorder.of(0).stream().map(seen -> records(seen).size()))
        .containsExactly(2, 1, 1, 1);
  }

  @Test
  void a_failed_batch_comes_again_whole_with_the_same_records_even_if_more_arrived() {
    Topic topic = broker.newTopic("batches", 2);
    topic.sendAll(0, values(10));
    topic.sendAll(1, values(10));
    Recorder recorder = new Recorder().failing(0, 4, Integer.MAX_VALUE);

    try (WeldApp app =
        readingBatches(broker, topic, recorder).and(IN + "pause-timeout", "50ms").start()) {
      eventually(() -> assertThat(recorder.of(0)).isNotEmpty());
      topic.sendAll(0, List.of("late"));
      eventually(() -> assertThat(recorder.of(0)).hasSizeGreaterThan(4));
      eventually(() -> assertThat(texts(recorder.of(1))).isEqualTo(values(10)));
      List<?> first = records(failed(recorder).get(0));
      assertThat(failed(recorder)).allSatisfy(seen -> assertThat(seen.value()).isEqualTo(first));
      assertThat(failed(recorder).stream().map(Recorder.Seen::attempt).toList())
          .startsWith(1, 2, 3, 4);

      recorder.heal();

      eventually(() -> assertThat(texts(recorder.of(0))).contains("late"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 11L, 1, 10L)));
    }
  }

  private static List<Recorder.Seen> failed(Recorder recorder) {
    return recorder.of(0).stream()
        .filter(seen -> seen.firstOffset() <= 4 && seen.lastOffset() >= 4)
        .toList();
  }

  @Test
  void a_named_failure_keeps_what_came_before_it() {
    Topic topic = broker.newTopic("batches", 1);
    topic.sendAll(0, values(10));
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  if (seen.firstOffset() <= 6 && 6 <= seen.lastOffset()) {
                    int index = (int) (6 - seen.firstOffset());
                    throw BatchFailure.at(index, new Recorder.Poison(seen));
                  }
                });

    try (WeldApp app =
        readingBatches(broker, topic, recorder).and(IN + "pause-timeout", "-1").start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 6L)));
      assertThat(Apps.partition(app, topic, 0).pause().orElseThrow().offset()).isEqualTo(6);

      recorder.heal();
      app.get(Channels.class).resume("in", topic.name(), 0);

      eventually(() -> assertThat(recorder.offsets(0)).endsWith(6L));
      assertThat(recorder.all().get(recorder.all().size() - 1).attempt()).isEqualTo(2);
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 10L)));
    }
  }

  @Test
  void an_incomplete_batch_waits_for_more_as_long_as_it_is_told_to() {
    Topic topic = broker.newTopic("batches", 1);
    topic.sendAll(0, List.of("a"));
    Recorder recorder = new Recorder();

    try (WeldApp app =
        readingBatches(broker, topic, recorder)
            .and(IN + "batch-size", "3", IN + "batch-wait", "10m")
            .start()) {
      eventually(() -> assertThat(Apps.partition(app, topic, 0).queued()).isEqualTo(1));
      assertThat(recorder.all()).isEmpty();

      topic.sendAll(0, List.of("b", "c", "d"));

      eventually(() -> assertThat(recorder.values()).containsExactly(List.of("a", "b", "c")));
    }
  }

  @Test
  void an_incomplete_batch_comes_after_its_wait() {
    Topic topic = broker.newTopic("batches", 1);
    topic.sendAll(0, List.of("a"));
    Recorder recorder = new Recorder();

    try (WeldApp app =
        readingBatches(broker, topic, recorder)
            .and(IN + "batch-size", "3", IN + "batch-wait", "200ms")
            .start()) {
      eventually(() -> assertThat(recorder.values()).containsExactly(List.of("a")));
    }
  }

  @Test
  void a_batch_of_consumer_records_has_keys_and_offsets() {
    Topic topic = broker.newTopic("batches", 1);
    topic.send("k", "v");
    topic.tombstone("k");
    Recorder recorder = new Recorder();

    try (WeldApp app =
        reading(broker, topic)
            .beans(ConsumerRecords.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(texts(recorder.all())).containsExactly("0 k=v", "1 k=null"));
    }
  }

  @Test
  void a_batch_of_consumer_records_may_hold_nothing_but_tombstones() {
    Topic topic = broker.newTopic("batches", 1);
    topic.tombstone("a");
    topic.tombstone("b");
    Recorder recorder = new Recorder();

    try (WeldApp app =
        reading(broker, topic)
            .beans(ConsumerRecords.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(texts(recorder.all())).containsExactly("0 a=null", "1 b=null"));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L)));
    }
  }

  @Test
  void a_batch_of_optionals_is_empty_where_a_tombstone_is() {
    Topic topic = broker.newTopic("batches", 1);
    topic.tombstone("k");
    topic.send("k", "v");
    topic.tombstone("k");
    Recorder recorder = new Recorder();

    try (WeldApp app =
        reading(broker, topic)
            .and(IN + "batch-size", "3", IN + "batch-wait", "10m")
            .beans(Optionals.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(
          () ->
              assertThat(recorder.values())
                  .containsExactly(List.of(Optional.empty(), Optional.of("v"), Optional.empty())));
    }
  }

  @Test
  void a_record_that_cannot_be_decoded_fails_alone_and_those_around_it_do_not() {
    Topic topic = broker.newTopic("batches", 1);
    topic.sendAll(0, List.of("1", "2", "no number", "4", "5"));
    Recorder recorder = new Recorder();

    try (WeldApp app =
        reading(broker, topic)
            .and(IN + "batch-size", "5", IN + "pause-timeout", "-1")
            .beans(Numbers.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L)));
      eventually(() -> assertThat(Apps.partition(app, topic, 0).pause()).isPresent());
      assertThat(Apps.partition(app, topic, 0).pause().orElseThrow().offset()).isEqualTo(2);
      assertThat(texts(recorder.all())).containsExactly("1", "2");
    }
    try (WeldApp app =
        reading(broker, topic)
            .and(IN + "failure-strategy", "ignore")
            .beans(Numbers.class)
            .instance(Recorder.class, recorder)
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 5L)));
      assertThat(texts(recorder.all())).containsExactly("1", "2", "4", "5");
    }
  }

  @Test
  void a_batch_that_names_its_first_record_comes_again_whole_and_one_that_names_its_last_alone() {
    Topic topic = broker.newTopic("batches", 1);
    topic.sendAll(0, values(4));
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  if (seen.firstOffset() == 0) {
                    throw BatchFailure.at(seen.attempt() == 1 ? 0 : 3, new Recorder.Poison(seen));
                  }
                });

    try (WeldApp app =
        readingBatches(broker, topic, recorder)
            .and(IN + "batch-size", "4", IN + "batch-wait", "10m", IN + "pause-timeout", "10ms")
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L)));
    }

    assertThat(recorder.values()).containsExactly(values(4), values(4), List.of("v3"));
    assertThat(recorder.all().stream().map(Recorder.Seen::attempt)).containsExactly(1, 2, 2);
  }

  private static List<String> texts(List<Recorder.Seen> deliveries) {
    return deliveries.stream()
        .flatMap(seen -> records(seen).stream())
        .map(Object::toString)
        .toList();
  }

  private static List<?> records(Recorder.Seen seen) {
    return (List<?>) seen.value();
  }

  @ApplicationScoped
  static class ConsumerRecords {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(List<ConsumerRecord<String, String>> records) {
      recorder.note(
          delivery,
          records.stream().map(r -> r.offset() + " " + r.key() + "=" + r.value()).toList());
    }
  }

  @ApplicationScoped
  static class Optionals {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(List<Optional<String>> values) {
      recorder.note(delivery, List.copyOf(values));
    }
  }

  @ApplicationScoped
  static class Numbers {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(List<Integer> values) {
      recorder.note(delivery, List.copyOf(values));
    }
  }
}
