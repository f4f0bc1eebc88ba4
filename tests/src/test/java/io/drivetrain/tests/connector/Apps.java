package io.drivetrain.tests.connector;

import io.drivetrain.connector.Channels;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The applications most tests of this package use: one channel {@code in}, read one way or another.
 */
final class Apps {
  static final String IN = "mp.messaging.incoming.in.";

  /**
   * Members of a group learn of a rebalance by their next heartbeat, every three seconds unless
   * set. With {@code group.protocol=consumer} the broker says how often, and this cannot be set.
   */
  static final String[] QUICK_HEARTBEATS = {IN + "heartbeat.interval.ms", "200"};

  private Apps() {}

  /** An application that reads a topic by the channel {@code in}; its group is the topic's name. */
  static WeldApp.Builder reading(KafkaBroker broker, Topic topic) {
    return WeldApp.with(
        IN + "connector",
        "drivetrain",
        IN + "topic",
        topic.name(),
        IN + "bootstrap.servers",
        broker.bootstrapServers(),
        IN + "group.id",
        topic.name(),
        IN + "reconnect.backoff.max.ms",
        "200",
        IN + "auto.commit.interval.ms",
        "100");
  }

  /** As {@link #reading}, one record per call, noted by the recorder. */
  static WeldApp.Builder readingRecords(KafkaBroker broker, Topic topic, Recorder recorder) {
    return reading(broker, topic).beans(Records.class).instance(Recorder.class, recorder);
  }

  /** As {@link #reading}, one batch per call, noted by the recorder. */
  static WeldApp.Builder readingBatches(KafkaBroker broker, Topic topic, Recorder recorder) {
    return reading(broker, topic).beans(Batches.class).instance(Recorder.class, recorder);
  }

  /** Values v0, v1, … */
  static List<String> values(int count) {
    return IntStream.range(0, count).mapToObj(i -> "v" + i).toList();
  }

  /** How a partition of the channel {@code in} stands. */
  static PartitionState partition(WeldApp app, Topic topic, int partition) {
    return app.get(Channels.class).state("in").partitions().stream()
        .filter(state -> state.topic().equals(topic.name()) && state.partition() == partition)
        .findFirst()
        .orElseThrow(() -> new AssertionError("partition " + partition + " is not assigned"));
  }

  @ApplicationScoped
  static class Records {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(String value) {
      recorder.note(delivery, value);
    }
  }

  @ApplicationScoped
  static class Batches {
    @Inject Recorder recorder;
    @Inject Delivery delivery;

    @Incoming("in")
    void take(List<String> values) {
      recorder.note(delivery, List.copyOf(values));
    }
  }
}
