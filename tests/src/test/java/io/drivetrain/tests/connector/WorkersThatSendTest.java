package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static io.drivetrain.tests.connector.Apps.reading;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two records are processed at once, and both send through one channel. */
@UseKafka
class WorkersThatSendTest {
  private static final String OUT = "mp.messaging.outgoing.out.";

  private final KafkaBroker broker;
  private final Topic source;
  private final Topic target;
  private final Recorder recorder = new Recorder();

  WorkersThatSendTest(KafkaBroker broker) {
    this.broker = broker;
    this.source = broker.newTopic("source", 2);
    this.target = broker.newTopic("target", 1);
  }

  @BeforeEach
  void closeTheGate() {
    GateSerializer.entered = new CountDownLatch(1);
    GateSerializer.open = new CountDownLatch(1);
  }

  private WeldApp.Builder twoWorkers(Class<?> bean) {
    return reading(broker, source)
        .and(
            IN + "concurrency",
            "2",
            IN + "pause-timeout",
            "100ms",
            OUT + "connector",
            "drivetrain",
            OUT + "topic",
            target.name(),
            OUT + "bootstrap.servers",
            broker.bootstrapServers(),
            OUT + "value.serializer",
            GateSerializer.class.getName())
        .beans(bean)
        .instance(Recorder.class, recorder);
  }

  @Test
  void a_result_that_cannot_be_sent_fails_its_record_and_not_the_one_beside_it() throws Exception {
    try (WeldApp app = twoWorkers(Echo.class).start()) {
      theSecondIsSentWhileTheFirstIsBeingSent();

      eventually(() -> assertThat(recorder.offsets(1)).hasSizeGreaterThan(2));
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 1L)));
      assertThat(recorder.offsets(0)).containsExactly(0L);
      assertThat(target.values()).containsExactly("slow");
    }
  }

  @Test
  void an_emission_that_fails_fails_its_record_and_not_the_one_beside_it() throws Exception {
    try (WeldApp app = twoWorkers(Emitting.class).start()) {
      theSecondIsSentWhileTheFirstIsBeingSent();

      eventually(() -> assertThat(recorder.offsets(1)).hasSizeGreaterThan(2));
      eventually(() -> assertThat(source.committed(source.name())).isEqualTo(Map.of(0, 1L)));
      assertThat(recorder.offsets(0)).containsExactly(0L);
      assertThat(target.values()).containsExactly("slow");
    }
  }

  private void theSecondIsSentWhileTheFirstIsBeingSent() throws InterruptedException {
    source.sendAll(0, List.of("slow"));
    assertThat(GateSerializer.entered.await(30, TimeUnit.SECONDS)).isTrue();
    source.sendAll(1, List.of("bad"));
    eventually(() -> assertThat(recorder.offsets(1)).isNotEmpty());
    // One waits in the serializer, the other for its answer or its turn.
    eventually(
        () ->
            assertThat(lanes())
                .hasSize(2)
                .allMatch(
                    thread ->
                        thread.getState() == Thread.State.WAITING
                            || thread.getState() == Thread.State.TIMED_WAITING));
    GateSerializer.open.countDown();
  }

  private static List<Thread> lanes() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("drivetrain-lane-in-"))
        .toList();
  }

  /** Holds one value until the gate opens, and refuses another. */
  public static final class GateSerializer extends StringSerializer {
    static volatile CountDownLatch entered;
    static volatile CountDownLatch open;

    @Override
    public byte[] serialize(String topic, String value) {
      if (value.equals("slow")) {
        entered.countDown();
        try {
          open.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new SerializationException(e);
        }
      }
      if (value.equals("bad")) {
        throw new SerializationException("bad");
      }
      return super.serialize(topic, value);
    }
  }

  @ApplicationScoped
  static class Echo {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    @Outgoing("out")
    String take(String value) {
      recorder.note(delivery, value);
      return value;
    }
  }

  @ApplicationScoped
  static class Emitting {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Inject
    @Channel("out")
    Emitter<String> emitter;

    @Incoming("in")
    void take(String value) {
      recorder.note(delivery, value);
      emitter.send(value);
    }
  }
}
