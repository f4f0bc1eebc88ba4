package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.partition;
import static io.drivetrain.tests.connector.Apps.readingRecords;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

@UseKafka
class PauseControlTest {
  private final KafkaBroker broker;

  PauseControlTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private Topic filled(int partitions, int records) {
    Topic topic = broker.newTopic("control", partitions);
    for (int partition = 0; partition < partitions; partition++) {
      topic.sendAll(partition, Apps.values(records));
    }
    return topic;
  }

  private WeldApp.Builder app(Topic topic, Recorder recorder) {
    return readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "-1");
  }

  private static Channels channels(WeldApp app) {
    return app.get(Channels.class);
  }

  @Test
  void a_paused_partition_gets_nothing_until_it_is_resumed_and_others_go_on() {
    Topic topic = filled(2, 5);
    Recorder recorder = new Recorder();

    try (WeldApp app = app(topic, recorder).start()) {
      eventually(() -> assertThat(recorder.all()).hasSize(10));
      channels(app).pause("in", topic.name(), 0);
      topic.sendAll(0, List.of("later"));
      topic.sendAll(1, List.of("later"));

      eventually(() -> assertThat(recorder.offsets(1)).isEqualTo(Recorder.range(0, 6)));
      assertThat(partition(app, topic, 0).paused()).isTrue();
      assertThat(recorder.of(0)).hasSize(5);

      channels(app).resume("in", topic.name(), 0);
      eventually(() -> assertThat(recorder.offsets(0)).isEqualTo(Recorder.range(0, 6)));
    }
  }

  @Test
  void a_paused_channel_gets_nothing_of_any_partition_until_it_is_resumed() {
    Topic topic = filled(2, 5);
    Recorder recorder = new Recorder().failing(1, 2, 1);

    try (WeldApp app = app(topic, recorder).start()) {
      eventually(() -> assertThat(partition(app, topic, 1).pause()).isPresent());
      eventually(() -> assertThat(recorder.of(0)).hasSize(5));
      channels(app).pause("in");
      topic.sendAll(0, List.of("later"));
      assertThat(channels(app).state("in").partitions()).allMatch(state -> state.paused());

      // Ends the pauses of operators and of failures alike.
      channels(app).resume("in");
      eventually(() -> assertThat(recorder.offsets(0)).isEqualTo(Recorder.range(0, 6)));
      eventually(() -> assertThat(recorder.offsets(1)).containsExactly(0L, 1L, 2L, 2L, 3L, 4L));
    }
  }

  @Test
  void the_record_a_partition_stands_at_is_skipped_and_stays_skipped() {
    Topic topic = filled(1, 5);
    Recorder recorder = new Recorder().failing(0, 2, Integer.MAX_VALUE);

    try (WeldApp app = app(topic, recorder).beans(Heard.class).start()) {
      assertThatThrownBy(() -> channels(app).skip("in", topic.name(), 7))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(topic.name() + "-7 is not assigned");
      eventually(() -> assertThat(partition(app, topic, 0).pause()).isPresent());
      assertThatThrownBy(() -> channels(app).skip("in", topic.name(), 0, 3))
          .isInstanceOf(IllegalStateException.class);

      assertThat(channels(app).skip("in", topic.name(), 0)).isEqualTo(2);

      eventually(() -> assertThat(recorder.offsets(0)).isEqualTo(Recorder.range(0, 5)));
      assertThat(app.get(Heard.class).skipped()).containsExactly(topic.name() + "-0@2");
      assertThatThrownBy(() -> channels(app).skip("in", topic.name(), 0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is not paused");
    }

    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 5L));
  }

  @Test
  void a_partition_that_pauses_after_a_failure_goes_on_where_it_is_moved_to() {
    Topic topic = filled(1, 10);
    Recorder recorder = new Recorder().failing(0, 6, Integer.MAX_VALUE);

    try (WeldApp app = app(topic, recorder).start()) {
      eventually(() -> assertThat(partition(app, topic, 0).pause()).isPresent());

      assertThat(channels(app).seek("in", topic.name(), 0, 8)).isEqualTo(8);
      eventually(() -> assertThat(recorder.offsets(0)).endsWith(6L, 8L, 9L));

      // Back again: the attempts at the record are forgotten.
      assertThat(channels(app).seekToBeginning("in", topic.name(), 0)).isZero();
      eventually(() -> assertThat(recorder.of(0)).hasSize(9 + 7));
      assertThat(recorder.of(0).get(15).firstOffset()).isEqualTo(6);
      assertThat(recorder.of(0).get(15).attempt()).isEqualTo(1);
    }
  }

  @Test
  void a_restart_goes_on_where_a_partition_was_moved_to() {
    Topic topic = filled(1, 10);
    try (WeldApp app =
        app(topic, new Recorder()).and(IN + "auto.commit.interval.ms", "600000").start()) {
      eventually(() -> assertThat(partition(app, topic, 0).nextOffset()).isEqualTo(10));
      channels(app).pause("in");
      channels(app).seek("in", topic.name(), 0, 4);
      assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L));
    }
    Recorder afterwards = new Recorder();

    try (WeldApp app = app(topic, afterwards).start()) {
      eventually(() -> assertThat(afterwards.offsets(0)).isEqualTo(Recorder.range(4, 10)));
    }
  }

  @Test
  void a_partition_moves_to_its_end_or_to_a_time() {
    Topic topic = filled(1, 5);
    Recorder recorder = new Recorder();

    try (WeldApp app = app(topic, recorder).start()) {
      eventually(() -> assertThat(recorder.all()).hasSize(5));
      long time = topic.records().get(0).timestamp();

      assertThat(channels(app).seekToTime("in", topic.name(), 0, Instant.ofEpochMilli(time)))
          .isZero();
      eventually(() -> assertThat(recorder.all()).hasSize(10));
      assertThat(channels(app).seekToTime("in", topic.name(), 0, Instant.now().plusSeconds(3_600)))
          .isEqualTo(5);
      assertThat(channels(app).seekToEnd("in", topic.name(), 0)).isEqualTo(5);
      assertThatThrownBy(() -> channels(app).seek("in", topic.name(), 0, 6))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has no offset 6; expected 0 to 5");
    }
  }

  @Test
  void a_delivery_does_not_wait_for_its_own_end() {
    Topic topic = broker.newTopic("control", 1);
    AtomicReference<Throwable> refused = new AtomicReference<>();
    Recorder recorder = new Recorder();

    try (WeldApp app = app(topic, recorder).start()) {
      recorder.behaving(
          seen -> {
            try {
              channels(app).seekToBeginning("in", topic.name(), 0);
            } catch (IllegalStateException e) {
              refused.set(e);
            }
          });
      topic.sendAll(0, List.of("seeks"));

      eventually(() -> assertThat(refused.get()).isNotNull());
      assertThat(refused.get()).hasMessageContaining("seek from another thread");
    }
  }

  @ApplicationScoped
  static class Heard implements ChannelListener {
    private final List<String> skipped = new CopyOnWriteArrayList<>();

    @Override
    public void skipped(String channel, TopicPartition partition, long offset) {
      skipped.add(partition + "@" + offset);
    }

    List<String> skipped() {
      return skipped;
    }
  }
}
