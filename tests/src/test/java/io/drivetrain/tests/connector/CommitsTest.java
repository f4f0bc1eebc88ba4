package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.readingRecords;
import static io.drivetrain.tests.connector.Apps.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

@UseKafka
class CommitsTest {
  private final KafkaBroker broker;

  CommitsTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private Topic filled(int partitions, int records) {
    Topic topic = broker.newTopic("commits", partitions);
    for (int partition = 0; partition < partitions; partition++) {
      topic.sendAll(partition, values(records));
    }
    return topic;
  }

  @Test
  void only_what_is_done_is_committed() {
    Topic topic = filled(3, 50);
    Recorder recorder = new Recorder().failing(1, 7, Integer.MAX_VALUE);

    try (WeldApp app =
        readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "-1").start()) {
      eventually(
          () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 50L, 1, 7L, 2, 50L)));
    }

    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 50L, 1, 7L, 2, 50L));
  }

  @Test
  void a_record_that_never_passed_leaves_no_commit() {
    Topic topic = filled(1, 3);
    Recorder recorder = new Recorder().failing(0, 0, Integer.MAX_VALUE);

    try (WeldApp app =
        readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "1ms").start()) {
      eventually(() -> assertThat(recorder.all()).hasSizeGreaterThan(10));
    }

    assertThat(topic.committed(topic.name())).isEmpty();
  }

  @Test
  void a_restart_resumes_at_the_first_record_that_is_not_done() {
    Topic topic = filled(2, 10);
    Recorder recorder = new Recorder().failing(0, 4, Integer.MAX_VALUE);
    try (WeldApp app =
        readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "10m").start()) {
      eventually(() -> assertThat(recorder.offsets(0)).endsWith(4L));
      eventually(() -> assertThat(recorder.offsets(1)).endsWith(9L));
    }
    Recorder afterwards = new Recorder();

    try (WeldApp app = readingRecords(broker, topic, afterwards).start()) {
      eventually(() -> assertThat(afterwards.offsets(0)).isEqualTo(Recorder.range(4, 10)));
      assertThat(afterwards.of(1)).isEmpty();
    }
  }

  @Test
  void a_stop_commits_what_is_done_however_long_the_interval() {
    Topic topic = filled(1, 10);
    Recorder recorder = new Recorder();

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "auto.commit.interval.ms", "600000")
            .start()) {
      eventually(() -> assertThat(recorder.of(0)).hasSize(10));
    }

    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 10L));
  }

  @Test
  void a_stop_waits_for_the_record_in_hand_commits_it_and_begins_no_other() throws Exception {
    Topic topic = filled(1, 10);
    CountDownLatch inHand = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (seen.firstOffset() == 3) {
            inHand.countDown();
            await(goOn);
          }
        });
    WeldApp app = readingRecords(broker, topic, recorder).start();
    CompletableFuture<Void> stop;
    try {
      assertThat(inHand.await(30, TimeUnit.SECONDS)).isTrue();
      Channels channels = app.get(Channels.class);
      stop = CompletableFuture.runAsync(app::close);
      eventually(
          () -> assertThat(channels.state("in").phase()).isEqualTo(ChannelState.Phase.STOPPING));
    } finally {
      goOn.countDown();
    }
    stop.get(30, TimeUnit.SECONDS);

    assertThat(recorder.offsets(0)).isEqualTo(Recorder.range(0, 4));
    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 4L));
    assertThatARestartGoesOnAt(topic, 4);
  }

  @Test
  void a_record_that_outlasts_the_stop_is_not_committed_and_comes_again() throws Exception {
    Topic topic = filled(1, 10);
    CountDownLatch inHand = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (seen.firstOffset() == 3) {
            inHand.countDown();
            await(goOn);
          }
        });
    try {
      try (WeldApp app =
          readingRecords(broker, topic, recorder).and(IN + "close-timeout", "100ms").start()) {
        assertThat(inHand.await(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L));
    } finally {
      goOn.countDown();
    }

    assertThatARestartGoesOnAt(topic, 3);
    assertThat(recorder.offsets(0)).isEqualTo(Recorder.range(0, 4));
  }

  @Test
  void a_record_whose_send_fails_during_the_stop_is_not_committed_and_the_bean_is_destroyed()
      throws Exception {
    Topic topic = filled(1, 10);
    CountDownLatch inHand = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch destroyed = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (seen.firstOffset() == 3) {
            inHand.countDown();
            await(goOn);
          }
        });
    WeldApp app =
        Apps.reading(broker, topic)
            .and("kafka.bootstrap.servers", broker.bootstrapServers())
            .beans(Sending.class)
            .instance(Recorder.class, recorder)
            .instance(CountDownLatch.class, destroyed)
            .start();
    CompletableFuture<Void> stop;
    try {
      assertThat(inHand.await(30, TimeUnit.SECONDS)).isTrue();
      Channels channels = app.get(Channels.class);
      stop = CompletableFuture.runAsync(app::close);
      eventually(
          () -> assertThat(channels.state("in").phase()).isEqualTo(ChannelState.Phase.STOPPING));
    } finally {
      goOn.countDown();
    }
    stop.get(30, TimeUnit.SECONDS);

    assertThat(destroyed.getCount()).isZero();
    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L));
    assertThatARestartGoesOnAt(topic, 3);
  }

  /** Sends to what cannot be a topic, from the fourth record on. */
  @ApplicationScoped
  static class Sending {
    @Inject Recorder recorder;
    @Inject Delivery delivery;
    @Inject CountDownLatch destroyed;

    @Incoming("in")
    void take(String value) {
      recorder.note(delivery, value);
      if (delivery.firstOffset() >= 3) {
        delivery.produce("no name of a topic", "k", value);
      }
    }

    @PreDestroy
    void close() {
      destroyed.countDown();
    }
  }

  @Test
  void a_stop_does_not_wait_for_a_pause() {
    Topic topic = filled(1, 3);
    Recorder recorder = new Recorder().failing(0, 1, Integer.MAX_VALUE);
    WeldApp app = readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "1h").start();
    try {
      eventually(() -> assertThat(Apps.partition(app, topic, 0).pause()).isPresent());
    } finally {
      app.close();
    }

    assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 1L));
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("drivetrain-")))
        .isEmpty();
  }

  @Test
  void a_method_slower_than_the_poll_interval_stays_in_the_group() {
    Topic topic = filled(1, 3);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (seen.firstOffset() == 1) {
            sleep(3_000);
          }
        });

    try (WeldApp app =
        readingRecords(broker, topic, recorder)
            .and(IN + "max.poll.interval.ms", "1000", IN + "session.timeout.ms", "6000")
            .start()) {
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 3L)));
    }

    assertThat(recorder.offsets(0)).containsExactly(0L, 1L, 2L);
  }

  private void assertThatARestartGoesOnAt(Topic topic, long offset) {
    Recorder afterwards = new Recorder();
    try (WeldApp app = readingRecords(broker, topic, afterwards).start()) {
      eventually(() -> assertThat(afterwards.offsets(0)).isEqualTo(Recorder.range(offset, 10)));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
