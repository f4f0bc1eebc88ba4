package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.partition;
import static io.drivetrain.tests.connector.Apps.readingRecords;
import static io.drivetrain.tests.connector.Apps.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

@UseKafka
class RetryInOrderTest {
  private final KafkaBroker broker;

  RetryInOrderTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private Topic filled(int partitions, int records) {
    Topic topic = broker.newTopic("retry", partitions);
    for (int partition = 0; partition < partitions; partition++) {
      topic.sendAll(partition, values(records));
    }
    return topic;
  }

  @Test
  void a_poison_record_stops_its_partition_only_and_comes_first_when_it_heals() {
    Topic topic = filled(6, 20);
    Recorder recorder = new Recorder().failing(0, 5, Integer.MAX_VALUE);

    try (WeldApp app =
        readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "100ms").start()) {
      eventually(
          () -> {
            for (int others = 1; others < 6; others++) {
              assertThat(recorder.offsets(others)).isEqualTo(Recorder.range(0, 20));
            }
          });
      eventually(() -> assertThat(recorder.of(0)).hasSizeGreaterThan(7));
      assertThat(recorder.offsets(0)).startsWith(0L, 1L, 2L, 3L, 4L, 5L, 5L).doesNotContain(6L);

      recorder.heal();

      eventually(() -> assertThat(recorder.offsets(0)).endsWith(19L));
      assertThat(recorder.offsets(0).stream().distinct()).isEqualTo(Recorder.range(0, 20));
      assertThat(recorder.offsets(0).subList(recorder.of(0).size() - 14, recorder.of(0).size()))
          .isEqualTo(Recorder.range(6, 20));
    }
  }

  @Test
  void attempts_grow_per_failure_and_begin_anew_with_the_next_record() {
    Topic topic = filled(1, 4);
    Recorder recorder =
        new Recorder()
            .behaving(
                delivery -> {
                  boolean fails =
                      delivery.firstOffset() == 1 && delivery.attempt() <= 3
                          || delivery.firstOffset() == 2 && delivery.attempt() <= 1;
                  if (fails) {
                    throw new Recorder.Poison(delivery);
                  }
                });

    try (WeldApp app =
        readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "10ms").start()) {
      eventually(() -> assertThat(recorder.offsets(0)).endsWith(3L));
    }

    assertThat(recorder.all().stream().map(seen -> seen.firstOffset() + "/" + seen.attempt()))
        .containsExactly("0/1", "1/1", "1/2", "1/3", "1/4", "2/1", "2/2", "3/1");
  }

  @Test
  void any_throwable_of_the_method_is_a_failure_of_its_record() {
    Topic topic = filled(1, 3);
    Recorder recorder =
        new Recorder()
            .behaving(
                delivery -> {
                  if (delivery.firstOffset() == 1 && delivery.attempt() == 1) {
                    throw new AssertionError("an Error, not an Exception");
                  }
                });

    try (WeldApp app =
        readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "10ms").start()) {
      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L, 1L, 1L, 2L));
    }
  }

  @Test
  void pauses_double_up_to_the_maximum_and_end_by_the_clock_alone() {
    Topic topic = filled(2, 1);
    MovedClock clock = new MovedClock();
    Recorder recorder = new Recorder().failing(0, 0, 5);

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "pause-timeout", "10s")
            .and(IN + "pause-with-exponential-backoff", "true")
            .and(IN + "max-pause-timeout", "40s")
            .beans(Pauses.class)
            .instance(InstantSource.class, "drivetrain-clock", clock)
            .start()) {
      List<Duration> expected = new ArrayList<>();
      for (int seconds : new int[] {10, 20, 40, 40, 40}) {
        Duration pause = Duration.ofSeconds(seconds);
        expected.add(pause);
        eventually(
            () ->
                assertThat(app.get(Pauses.class).durations()).containsExactlyElementsOf(expected));
        PartitionState.Pause shown = partition(app, topic, 0).pause().orElseThrow();
        assertThat(shown.attempt()).isEqualTo(expected.size());
        assertThat(shown.resumeAt()).contains(clock.instant().plus(pause));

        clock.advance(pause.minusMillis(1));
        deliverSomethingElse(topic, recorder);
        assertThat(recorder.of(0)).hasSize(expected.size());
        clock.advance(Duration.ofMillis(1));
      }
      eventually(() -> assertThat(recorder.of(0)).hasSize(6));
      eventually(() -> assertThat(partition(app, topic, 0).pause()).isEmpty());
    }
  }

  /** Proves that the channel has looked at the clock since it was moved. */
  private static void deliverSomethingElse(Topic topic, Recorder recorder) {
    long before = recorder.of(1).size();
    topic.send(1, null, "other");
    eventually(() -> assertThat(recorder.of(1)).hasSizeGreaterThan((int) before));
  }

  @Test
  void a_pause_of_0_redelivers_at_once_without_starving_others() {
    Topic topic = filled(2, 10);
    Recorder recorder = new Recorder().failing(0, 3, 50);

    try (WeldApp app =
        readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "0").start()) {
      eventually(() -> assertThat(recorder.offsets(0)).endsWith(9L));
      eventually(() -> assertThat(recorder.offsets(1)).isEqualTo(Recorder.range(0, 10)));
    }

    assertThat(recorder.of(0)).hasSize(10 + 50);
  }

  @Test
  void a_pause_of_minus_1_ends_when_somebody_resumes_it() {
    Topic topic = filled(2, 3);
    Recorder recorder = new Recorder().failing(0, 1, 1);

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "pause-timeout", "-1")
            .beans(Pauses.class)
            .start()) {
      eventually(() -> assertThat(partition(app, topic, 0).pause()).isPresent());
      PartitionState.Pause pause = partition(app, topic, 0).pause().orElseThrow();
      assertThat(pause.resumeAt()).isEmpty();
      assertThat(pause.offset()).isEqualTo(1);
      assertThat(pause.failure()).contains("poison in 0 at 1");
      assertThat(app.get(Pauses.class).endless()).isEqualTo(1);
      eventually(() -> assertThat(recorder.offsets(1)).containsExactly(0L, 1L, 2L));
      assertThat(recorder.offsets(0)).containsExactly(0L, 1L);

      app.get(Channels.class).resume("in", topic.name(), 0);

      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L, 1L, 1L, 2L));
    }
  }

  @Test
  void a_pause_of_minus_1_ends_with_a_restart_of_the_application() {
    Topic topic = filled(1, 3);
    Recorder recorder = new Recorder().failing(0, 1, 1);
    WeldApp.Builder application =
        readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "-1");
    try (WeldApp app = application.start()) {
      eventually(() -> assertThat(partition(app, topic, 0).pause()).isPresent());
    }
    recorder.heal();

    try (WeldApp app = application.start()) {
      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L, 1L, 1L, 2L));
    }
  }

  @Test
  void listeners_hear_a_failure_the_pause_and_its_end_and_may_fail_themselves() {
    Topic topic = filled(1, 2);
    Recorder recorder = new Recorder().failing(0, 0, 1);

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "pause-timeout", "50ms")
            .beans(Heard.class, Broken.class)
            .start()) {
      eventually(() -> assertThat(recorder.offsets(0)).containsExactly(0L, 0L, 1L));
      assertThat(app.get(Heard.class).events())
          .containsExactly(
              "assigned 1",
              "failed at 0 attempt 1: poison in 0 at 0",
              "paused for 50 ms",
              "resumed");
    }
  }

  @Test
  void an_unknown_channel_is_refused_with_those_there_are() {
    Topic topic = filled(1, 0);

    try (WeldApp app = readingRecords(broker, topic, new Recorder()).start()) {
      assertThatThrownBy(() -> app.get(Channels.class).resume("inn", topic.name(), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("inn")
          .hasMessageContaining("in");
    }
  }

  @Test
  void a_delivery_is_not_there_outside_of_a_delivery() {
    Topic topic = filled(1, 0);

    try (WeldApp app = readingRecords(broker, topic, new Recorder()).start()) {
      assertThatThrownBy(() -> app.get(Delivery.class).topic())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  /** Moved by the test, read by the channel's threads. */
  private static final class MovedClock implements InstantSource {
    private final AtomicReference<Instant> now =
        new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @Override
    public Instant instant() {
      return now.get();
    }

    void advance(Duration duration) {
      now.updateAndGet(instant -> instant.plus(duration));
    }
  }

  @ApplicationScoped
  static class Pauses implements ChannelListener {
    private final List<Optional<Duration>> pauses = new CopyOnWriteArrayList<>();

    @Override
    public void paused(String channel, TopicPartition partition, Optional<Duration> pause) {
      pauses.add(pause);
    }

    List<Duration> durations() {
      return pauses.stream().map(Optional::orElseThrow).toList();
    }

    long endless() {
      return pauses.stream().filter(Optional::isEmpty).count();
    }
  }

  @ApplicationScoped
  static class Heard implements ChannelListener {
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void assigned(String channel, Collection<TopicPartition> partitions) {
      events.add("assigned " + partitions.size());
    }

    @Override
    public void failed(Delivery delivery, Throwable failure) {
      events.add(
          "failed at "
              + delivery.firstOffset()
              + " attempt "
              + delivery.attempt()
              + ": "
              + failure.getMessage());
    }

    @Override
    public void paused(String channel, TopicPartition partition, Optional<Duration> pause) {
      events.add("paused for " + pause.orElseThrow().toMillis() + " ms");
    }

    @Override
    public void resumed(String channel, TopicPartition partition) {
      events.add("resumed");
    }

    List<String> events() {
      return events;
    }
  }

  @ApplicationScoped
  static class Broken implements ChannelListener {
    @Override
    public void failed(Delivery delivery, Throwable failure) {
      throw new IllegalStateException("a listener that fails");
    }
  }
}
