package io.drivetrain.tests.connector;

import static io.drivetrain.testkit.Eventually.eventually;
import static io.drivetrain.tests.connector.Apps.IN;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.tests.weld.WeldApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * One topic or partition of a channel has more records than anybody can process, the others have
 * one each. The flood stops in the middle of a record until those are in memory; from then on what
 * counts is how many records of the flood come before them.
 */
@UseKafka
class FairnessTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int FLOOD = 3_000;

  /** In the middle of a run of records that were fast until now. */
  private static final long HELD_OFFSET = 300;

  /**
   * A turn lasts 5 ms and at most 16 records more; from the held record on, one takes a millisecond
   * or longer.
   */
  private static final int LONGEST_TURN = 5 + 16;

  private final KafkaBroker broker;
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Recorder recorder = new Recorder().behaving(this::work);

  FairnessTest(KafkaBroker broker) {
    this.broker = broker;
  }

  private void work(Recorder.Seen seen) {
    if (seen.value().toString().contains("quiet")) {
      return;
    }
    if (seen.firstOffset() <= HELD_OFFSET && HELD_OFFSET <= seen.lastOffset()) {
      held.countDown();
      await(release);
    }
    if (seen.firstOffset() >= HELD_OFFSET) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void thirty_quiet_topics_get_their_turn_beside_a_flooded_one() {
    Topic flooded = flooded(1);
    List<Topic> quiet = IntStream.range(0, 30).mapToObj(i -> broker.newTopic("quiet", 1)).toList();

    try (WeldApp app =
        reading(flooded.name())
            .and(IN + "topics", names(Stream.concat(Stream.of(flooded), quiet.stream())))
            .beans(Apps.Records.class)
            .start()) {
      await(held);
      quiet.forEach(topic -> topic.send("k", "quiet"));
      awaitQueued(app, 30);
      release.countDown();

      assertThat(floodBeforeTheLastOf(30)).isLessThanOrEqualTo(LONGEST_TURN);
    }
  }

  @Test
  void a_topic_that_is_created_later_gets_its_turn_beside_a_flooded_one() {
    Topic flooded = flooded(1);

    try (WeldApp app =
        reading(flooded.name())
            .and(IN + "pattern", flooded.name() + ".*", IN + "metadata.max.age.ms", "500")
            .beans(Apps.Records.class)
            .start()) {
      await(held);
      broker.topic(flooded.name() + "-new", 1, Map.of()).send("k", "quiet");
      awaitQueued(app, 1);
      release.countDown();

      assertThat(floodBeforeTheLastOf(1)).isLessThanOrEqualTo(LONGEST_TURN);
    }
  }

  @Test
  void quiet_partitions_get_their_turn_beside_a_flooded_one() {
    Topic topic = flooded(6);

    try (WeldApp app =
        reading(topic.name()).and(IN + "topic", topic.name()).beans(Apps.Records.class).start()) {
      await(held);
      sendQuiet(topic);
      awaitQueued(app, 5);
      release.countDown();

      assertThat(floodBeforeTheLastOf(5)).isLessThanOrEqualTo(LONGEST_TURN);
    }
  }

  @Test
  void quiet_partitions_come_after_the_batch_in_hand() {
    Topic topic = flooded(6);

    try (WeldApp app =
        reading(topic.name())
            .and(IN + "topic", topic.name(), IN + "batch-size", "50")
            .beans(Apps.Batches.class)
            .start()) {
      await(held);
      sendQuiet(topic);
      awaitQueued(app, 5);
      release.countDown();

      assertThat(floodBeforeTheLastOf(5)).isZero();
    }
  }

  @Test
  void with_a_second_worker_quiet_partitions_do_not_wait_for_the_record_in_hand() {
    Topic topic = flooded(6);

    try (WeldApp app =
        reading(topic.name())
            .and(IN + "topic", topic.name(), IN + "concurrency", "2")
            .beans(Apps.Records.class)
            .start()) {
      await(held);
      sendQuiet(topic);

      assertThat(floodBeforeTheLastOf(5)).isZero();
      release.countDown();
    }
  }

  /** A topic with records in partition 0, more than fit into memory. */
  private Topic flooded(int partitions) {
    Topic topic = broker.newTopic("flood", partitions);
    topic.sendAll(0, Apps.values(FLOOD));
    return topic;
  }

  private static void sendQuiet(Topic topic) {
    for (int partition = 1; partition < 6; partition++) {
      topic.send(new ProducerRecord<>(topic.name(), partition, null, "quiet".getBytes()));
    }
  }

  private WeldApp.Builder reading(String group) {
    return WeldApp.with(
            IN + "connector",
            "drivetrain",
            IN + "group.id",
            group,
            IN + "queue-records",
            "1000",
            "kafka.bootstrap.servers",
            broker.bootstrapServers())
        .instance(Recorder.class, recorder);
  }

  private static String names(Stream<Topic> topics) {
    return topics.map(Topic::name).collect(Collectors.joining(","));
  }

  private static void awaitQueued(WeldApp app, int quiet) {
    eventually(
        BOUND,
        () ->
            assertThat(app.get(Channels.class).state("in").partitions())
                .filteredOn(state -> !state.inFlight())
                .filteredOn(state -> state.queued() == 1)
                .extracting(PartitionState::topic)
                .hasSize(quiet));
  }

  /** How many records or batches of the flood began between the held one and the last quiet one. */
  private int floodBeforeTheLastOf(int quiet) {
    eventually(
        BOUND, () -> assertThat(recorder.all()).filteredOn(FairnessTest::isQuiet).hasSize(quiet));
    List<Recorder.Seen> seen = new ArrayList<>(recorder.all());
    while (!isQuiet(seen.get(seen.size() - 1))) {
      seen.remove(seen.size() - 1);
    }
    return (int)
        seen.stream()
            .filter(delivery -> !isQuiet(delivery) && delivery.firstOffset() > HELD_OFFSET)
            .count();
  }

  private static boolean isQuiet(Recorder.Seen seen) {
    return seen.value().toString().contains("quiet");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
