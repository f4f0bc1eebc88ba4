package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.junit.jupiter.api.Test;

/**
 * A method that runs for much longer than a client may be silent, with both protocols of the group
 * at once because it takes its time.
 */
@UseKafka
class LongProcessingTest {
  private static final String CHANNEL = "mp.messaging.incoming.";
  private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(3);
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final KafkaBroker broker;

  LongProcessingTest(KafkaBroker broker) {
    this.broker = broker;
  }

  @Test
  void it_keeps_its_partition_while_the_others_go_on() {
    Topic topic = broker.newTopic("long", 2);
    topic.sendAll(0, List.of("long", "after"));
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch othersDone = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    recorder.behaving(
        seen -> {
          if (seen.value().toString().endsWith("long")) {
            begun.countDown();
            runFor(MAX_POLL_INTERVAL.multipliedBy(3));
            await(othersDone);
          }
        });

    try (WeldApp app =
        WeldApp.with(channel("classic", topic))
            .and(channel("consumer", topic))
            .beans(Slow.class, Moves.class)
            .instance(Recorder.class, recorder)
            .start()) {
      await(begun);
      // While the long one runs, the other partition is fetched, processed and committed.
      topic.sendAll(1, Apps.values(50));
      for (String protocol : List.of("classic", "consumer")) {
        eventually(
            BOUND,
            () -> assertThat(topic.committed(group(protocol, topic))).isEqualTo(Map.of(1, 50L)));
      }
      othersDone.countDown();

      for (String protocol : List.of("classic", "consumer")) {
        eventually(
            BOUND,
            () ->
                assertThat(topic.committed(group(protocol, topic)))
                    .isEqualTo(Map.of(0, 2L, 1, 50L)));
      }
      assertThat(recorder.all()).hasSize(2 * 52).doesNotHaveDuplicates();
      assertThat(app.get(Moves.class).taken()).isEmpty();
    }
  }

  private static String group(String protocol, Topic topic) {
    return topic.name() + "-" + protocol;
  }

  private String[] channel(String protocol, Topic topic) {
    String prefix = CHANNEL + protocol + ".";
    return new String[] {
      prefix + "connector",
      "drivetrain",
      prefix + "topic",
      topic.name(),
      prefix + "group.id",
      group(protocol, topic),
      prefix + "bootstrap.servers",
      broker.bootstrapServers(),
      prefix + "group.protocol",
      protocol,
      prefix + "concurrency",
      "2",
      prefix + "auto.commit.interval.ms",
      "100",
      prefix + "max.poll.interval.ms",
      Long.toString(MAX_POLL_INTERVAL.toMillis())
    };
  }

  private static void runFor(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads the topic twice. */
  @ApplicationScoped
  static class Slow {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("classic")
    void classic(String value) {
      recorder.note(delivery, "classic " + value);
    }

    @Incoming("consumer")
    void consumer(String value) {
      recorder.note(delivery, "consumer " + value);
    }
  }

  /** Hears what is taken away before the stop. */
  @ApplicationScoped
  static class Moves implements ChannelListener {
    private final List<TopicPartition> taken = new CopyOnWriteArrayList<>();

    @Override
    public void revoked(String channel, Collection<TopicPartition> partitions) {
      taken.addAll(partitions);
    }

    @Override
    public void lost(String channel, Collection<TopicPartition> partitions) {
      taken.addAll(partitions);
    }

    List<TopicPartition> taken() {
      return List.copyOf(taken);
    }
  }
}
