package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.junit.jupiter.api.Test;

/** The broker goes away and comes back; nobody restarts the application. */
@UseKafka(own = true)
class OutageTest {
  private static final String OUT = "mp.messaging.outgoing.out.";
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final KafkaBroker broker;

  OutageTest(KafkaBroker broker) {
    this.broker = broker;
  }

  @Test
  void an_application_starts_without_a_broker_says_so_and_heals() {
    Topic topic = broker.newTopic("late", 1);
    topic.sendAll(0, List.of("a", "b"));
    broker.stop();
    Recorder recorder = new Recorder();

    try (WeldApp app = Apps.readingRecords(broker, topic, recorder).start()) {
      eventually(
          BOUND,
          () ->
              assertThat(state(app).problem())
                  .hasValueSatisfying(
                      problem -> assertThat(problem).contains(broker.bootstrapServers())));
      assertThat(state(app).phase()).isEqualTo(ChannelState.Phase.JOINING);

      broker.start();

      eventually(BOUND, () -> assertThat(recorder.values()).containsExactly("a", "b"));
      eventually(BOUND, () -> assertThat(state(app).problem()).isEmpty());
      assertThat(state(app).phase()).isEqualTo(ChannelState.Phase.RUNNING);
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 2L)));
    }
  }

  @Test
  void an_application_stops_without_a_broker() {
    Topic topic = broker.newTopic("gone", 1);
    broker.kill();
    WeldApp app = Apps.readingRecords(broker, topic, new Recorder()).start();
    eventually(BOUND, () -> assertThat(state(app).problem()).isPresent());

    app.close();

    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("drivetrain-")))
        .isEmpty();
  }

  @Test
  void consumption_goes_on_after_the_broker_was_killed_without_loss_or_disorder() {
    Topic topic = broker.newTopic("killed", 2);
    topic.sendAll(0, Apps.values(50));
    topic.sendAll(1, Apps.values(50));
    Recorder recorder = new Recorder();

    try (WeldApp app = Apps.readingRecords(broker, topic, recorder).start()) {
      eventually(() -> assertThat(recorder.all()).hasSize(100));
      eventually(() -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 50L, 1, 50L)));
      broker.kill();
      eventually(BOUND, () -> assertThat(state(app).problem()).isPresent());
      broker.start();
      topic.sendAll(0, List.of("after"));
      topic.sendAll(1, List.of("after"));

      for (int partition = 0; partition < 2; partition++) {
        int p = partition;
        eventually(BOUND, () -> assertThat(recorder.offsets(p)).isEqualTo(Recorder.range(0, 51)));
      }
      eventually(
          BOUND, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 51L, 1, 51L)));
    }
  }

  @Test
  void a_failing_record_keeps_its_place_through_an_outage() {
    Topic topic = broker.newTopic("paused", 1);
    topic.sendAll(0, Apps.values(5));
    Recorder recorder = new Recorder().failing(0, 2, Integer.MAX_VALUE);

    try (WeldApp app =
        Apps.readingRecords(broker, topic, recorder).and(IN + "pause-timeout", "200ms").start()) {
      eventually(() -> assertThat(recorder.offsets(0)).startsWith(0L, 1L, 2L, 2L));
      broker.kill();
      eventually(BOUND, () -> assertThat(state(app).problem()).isPresent());
      broker.start();
      recorder.heal();

      eventually(BOUND, () -> assertThat(topic.committed(topic.name())).isEqualTo(Map.of(0, 5L)));
      assertThat(recorder.offsets(0).stream().distinct()).containsExactly(0L, 1L, 2L, 3L, 4L);
      assertThat(recorder.offsets(0)).isSorted();
    }
  }

  @Test
  void a_send_waits_for_the_broker_and_completes_only_when_stored() throws Exception {
    Topic topic = broker.newTopic("sent", 1);
    try (WeldApp app = emitting(topic, "60000")) {
      app.get(Texts.class).send("before").toCompletableFuture().get(30, TimeUnit.SECONDS);
      broker.stop();

      // The call itself may wait too, for Kafka's client forgets the topic with the broker.
      CompletableFuture<Void> waiting =
          CompletableFuture.supplyAsync(() -> app.get(Texts.class).send("meanwhile"))
              .thenCompose(stage -> stage);
      assertThat(waiting).isNotDone();
      broker.start();

      waiting.get(60, TimeUnit.SECONDS);
      assertThat(topic.values()).containsExactly("before", "meanwhile");
    }
  }

  @Test
  void a_send_fails_when_its_time_is_over_and_a_later_one_succeeds() throws Exception {
    Topic topic = broker.newTopic("expired", 1);
    try (WeldApp app = emitting(topic, "1500")) {
      app.get(Texts.class).send("before").toCompletableFuture().get(30, TimeUnit.SECONDS);
      broker.stop();

      CompletionStage<Void> lost = app.get(Texts.class).send("expired");
      assertThatThrownBy(() -> lost.toCompletableFuture().get(60, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TimeoutException.class);
      broker.start();

      eventually(
          BOUND,
          () -> app.get(Texts.class).send("later").toCompletableFuture().get(30, TimeUnit.SECONDS));
      assertThat(topic.values()).startsWith("before", "later").doesNotContain("expired");
    }
  }

  private WeldApp emitting(Topic topic, String deliveryTimeout) {
    return WeldApp.with(
            OUT + "connector",
            "drivetrain",
            OUT + "topic",
            topic.name(),
            OUT + "bootstrap.servers",
            broker.bootstrapServers(),
            OUT + "delivery.timeout.ms",
            deliveryTimeout,
            OUT + "max.block.ms",
            deliveryTimeout,
            OUT + "request.timeout.ms",
            "1000",
            OUT + "reconnect.backoff.max.ms",
            "200")
        .beans(Texts.class)
        .start();
  }

  private static ChannelState state(WeldApp app) {
    return app.get(Channels.class).state("in");
  }

  @ApplicationScoped
  static class Texts {
    @Inject
    @Channel("out")
    Emitter<String> emitter;

    CompletionStage<Void> send(String text) {
      return emitter.send(text);
    }
  }
}
