package io.drivetrain.tests.conformance;

import io.drivetrain.connector.Channels;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.tests.conformance.app.Recorder;
import io.drivetrain.tests.conformance.app.Seen;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** What every group of scenarios is written in. */
interface Scenarios {
  /** For what several members of a group have to agree on. */
  Duration LONG = Duration.ofSeconds(90);

  AppRuntime runtime();

  KafkaBroker broker();

  default Topic topic(int partitions) {
    return broker().newTopic("conformance", partitions);
  }

  /** A topic of one partition with these records. */
  default Topic topicOf(String... values) {
    Topic topic = topic(1);
    topic.sendAll(0, List.of(values));
    return topic;
  }

  /** An application that reads a topic by the channel {@code in}. */
  default Application reading(Topic topic, Class<?>... beans) {
    return Application.reading(broker(), topic, beans);
  }

  default Deployment deploy(Application application) {
    return runtime().deploy(application);
  }

  /** Every call of a consumer so far. */
  static List<Seen> seen(Deployment app) {
    return app.get(Recorder.class).seen();
  }

  /** Every call for a partition of the channel {@code in} so far. */
  static List<Seen> seen(Deployment app, int partition) {
    return seen(app).stream()
        .filter(seen -> seen.channel().equals("in") && seen.partition() == partition)
        .toList();
  }

  /** The payloads of a partition of the channel {@code in} so far, repeated as they came. */
  static List<String> values(Deployment app, int partition) {
    return seen(app, partition).stream().flatMap(seen -> seen.values().stream()).toList();
  }

  /** The first offsets of the calls for a partition of the channel {@code in}. */
  static List<Long> offsets(Deployment app, int partition) {
    return seen(app, partition).stream().map(Seen::firstOffset).toList();
  }

  /** How a partition of the channel {@code in} stands. */
  static PartitionState partition(Deployment app, int partition) {
    return app.get(Channels.class).state("in").partitions().stream()
        .filter(state -> state.partition() == partition)
        .findFirst()
        .orElseThrow(() -> new AssertionError("partition " + partition + " is not assigned"));
  }

  /** How many partitions of the channel {@code in} this member has. */
  static int assigned(Deployment app) {
    return app.get(Channels.class).state("in").partitions().size();
  }

  static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }
}
