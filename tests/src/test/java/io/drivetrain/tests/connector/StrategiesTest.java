package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.readingBatches;
import static io.drivetrain.tests.connector.Apps.readingRecords;
import static io.drivetrain.tests.connector.Apps.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.Test;

/** Records that are given up without a dead letter, and how many attempts each has before. */
@UseKafka
class StrategiesTest {
  private final KafkaBroker broker;

  StrategiesTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private Topic filled(int partitions, int records) {
    Topic topic = broker.newTopic("strategies", partitions);
    for (int partition = 0; partition < partitions; partition++) {
      topic.sendAll(partition, values(records));
    }
    return topic;
  }

  private static List<String> attempts(Recorder recorder) {
    return recorder.all().stream().map(seen -> seen.firstOffset() + "/" + seen.attempt()).toList();
  }

  @Test
  void an_ignored_record_is_told_and_the_next_follows() {
    Topic topic = filled(1, 4);
    Recorder recorder = new Recorder().failing(0, 1, Integer.MAX_VALUE);

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "failure-strategy", "ignore")
            .beans(Ignored.class)
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L)));
      assertThat(attempts(recorder)).containsExactly("0/1", "1/1", "2/1", "3/1");
      assertThat(app.get(Ignored.class).events()).containsExactly("1: poison in 0 at 1");
    }
  }

  @Test
  void every_record_has_its_own_attempts() {
    Topic topic = filled(1, 4);
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  boolean heals = seen.firstOffset() == 2 && seen.attempt() == 2;
                  if (seen.firstOffset() > 0 && !heals) {
                    throw new Recorder.Poison(seen);
                  }
                });

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "failure-strategy", "ignore")
            .and(IN + "max-attempts", "3")
            .and(IN + "pause-timeout", "10ms")
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L)));
    }

    assertThat(attempts(recorder))
        .containsExactly("0/1", "1/1", "1/2", "1/3", "2/1", "2/2", "3/1", "3/2", "3/3");
  }

  @Test
  void a_failure_of_a_class_to_retry_on_is_never_given_up() {
    Topic topic = filled(1, 2);
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  if (seen.firstOffset() == 0 && seen.attempt() <= 5) {
                    throw new UncheckedIOException(new IOException("the disk is away"));
                  } else if (seen.firstOffset() == 1) {
                    throw new Recorder.Poison(seen);
                  }
                });

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "failure-strategy", "ignore")
            .and(IN + "retry-on", "java.io.IOException")
            .and(IN + "pause-timeout", "10ms")
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L)));
    }

    assertThat(attempts(recorder)).containsExactly("0/1", "0/2", "0/3", "0/4", "0/5", "0/6", "1/1");
  }

  @Test
  void of_a_batch_that_names_a_record_only_that_one_is_ignored() {
    Topic topic = filled(1, 5);
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  int bad = ((List<?>) seen.value()).indexOf("v2");
                  if (bad >= 0) {
                    throw BatchFailure.at(bad, new Recorder.Poison(seen));
                  }
                });

    try (WeldApp app =
        readingBatches(broker, topic, recorder)
            .and(IN + "failure-strategy", "ignore")
            .beans(Ignored.class)
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 5L)));
      assertThat(app.get(Ignored.class).events()).singleElement().asString().startsWith("2: ");
      assertThat(recorder.values().get(recorder.values().size() - 1))
          .isEqualTo(List.of("v3", "v4"));
    }
  }

  @Test
  void a_fatal_record_ends_the_channel_and_nothing_beyond_it_is_committed() throws Exception {
    Topic topic = filled(2, 4);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Recorder recorder =
        new Recorder()
            .behaving(
                seen -> {
                  if (seen.partition() == 1 && seen.firstOffset() == 2) {
                    begun.countDown();
                    await(release);
                  } else if (seen.partition() == 0 && seen.firstOffset() == 1) {
                    await(begun);
                    throw new Recorder.Poison(seen);
                  }
                });

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "concurrency", "2")
            .and(IN + "failure-strategy", "fail")
            .start()) {
      eventually(() -> assertThat(state(app).phase()).isEqualTo(ChannelState.Phase.DEAD));
      release.countDown();

      eventually(() -> assertThat(members(topic.name())).isEmpty());
      assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 1L, 1, 3L));
      assertThat(state(app).phase()).isEqualTo(ChannelState.Phase.DEAD);
      assertThat(state(app).problem().orElseThrow())
          .contains(topic.name() + "-0 offset 1")
          .contains("poison in 0 at 1");
      assertThat(recorder.offsets(0)).containsExactly(0L, 1L);
      assertThat(recorder.offsets(1)).containsExactly(0L, 1L, 2L);
    }

    recorder.heal();
    try (WeldApp app = readingRecords(broker, topic, recorder).start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L, 1, 4L)));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static ChannelState state(WeldApp app) {
    return app.get(Channels.class).state("in");
  }

  private Iterable<MemberDescription> members(String group) throws Exception {
    return broker
        .admin()
        .describeConsumerGroups(List.of(group))
        .describedGroups()
        .get(group)
        .get(30, TimeUnit.SECONDS)
        .members();
  }

  @ApplicationScoped
  static class Ignored implements ChannelListener {
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void ignored(Delivery delivery, Throwable failure) {
      events.add(delivery.firstOffset() + ": " + failure.getMessage());
    }

    List<String> events() {
      return events;
    }
  }
}
