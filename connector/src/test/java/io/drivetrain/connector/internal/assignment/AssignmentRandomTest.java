package io.drivetrain.connector.internal.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random interleavings of everything that can happen to an assignment, against a model that knows
 * only what users were promised. A failure prints the seed; put it into {@link #seeds} to see it
 * again.
 */
class AssignmentRandomTest {
  private static final int STEPS = 400;

  static LongStream seeds() {
    return new Random().longs(300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void single_records_keep_every_promise(long seed) {
    new World(seed, false).run();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void batches_keep_every_promise(long seed) {
    new World(seed, true).run();
  }

  /** A broker with committed offsets, lanes that work, and what each record has been through. */
  private static final class World {
    private final long seed;
    private final Random random;
    private final boolean batches;
    private final Assignment assignment;
    private final List<TopicPartition> all =
        IntStream.range(0, 4).mapToObj(i -> new TopicPartition("t", i)).toList();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<TopicPartition, Long> fetched = new HashMap<>();

    /** The offset after the last record done; never beyond one that was not. */
    private final Map<TopicPartition, Long> done = new HashMap<>();

    private final Map<TopicPartition, Integer> failures = new HashMap<>();
    private final Set<TopicPartition> owned = new HashSet<>();
    private final List<Run> running = new ArrayList<>();

    /** Runs whose partition was taken away while a lane had them. */
    private final List<Run> late = new ArrayList<>();

    private long now;

    World(long seed, boolean batches) {
      this.seed = seed;
      this.random = new Random(seed);
      this.batches = batches;
      HandOver handOver = new HandOver(batches, 5, Long.MAX_VALUE, 0, 12, 1_000);
      this.assignment =
          new Assignment(
              handOver,
              new FailurePolicy(
                  new Backoff(Optional.of(Duration.ofSeconds(1)), true, Duration.ofSeconds(8))));
      all.forEach(partition -> committed.put(partition, 0L));
      all.forEach(partition -> done.put(partition, 0L));
      all.forEach(this::assign);
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(12)) {
          case 0, 1, 2 -> fetch();
          case 3, 4, 5 -> take();
          case 6, 7, 8 -> work();
          case 9 -> now += Duration.ofMillis(random.nextInt(1_500)).toNanos();
          case 10 -> commit();
          default -> rebalance();
        }
        check(step);
      }
      finish();
    }

    private TopicPartition any() {
      return all.get(random.nextInt(all.size()));
    }

    private void assign(TopicPartition partition) {
      assignment.assign(List.of(partition), now);
      owned.add(partition);
      // Who gets a partition reads from what was committed; what was done since comes again.
      fetched.put(partition, committed.get(partition));
      done.put(partition, committed.get(partition));
    }

    private void fetch() {
      TopicPartition partition = any();
      if (!owned.contains(partition) || assignment.fetchPaused().contains(partition)) {
        return;
      }
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        // Gaps, as compaction leaves them.
        long offset = fetched.get(partition) / 2 * 2 + (fetched.get(partition) == 0 ? 0 : 2);
        records.add(Records.record(partition, offset));
        fetched.put(partition, offset + 1);
      }
      assignment.received(partition, records, 10L * records.size(), now);
    }

    private void take() {
      assignment
          .take(now)
          .ifPresent(
              run -> {
                TopicPartition partition = run.partition();
                assertThat(owned).as("seed %s", seed).contains(partition);
                assertThat(running.stream().map(other -> other.partition()))
                    .as("seed %s: two runs of one partition", seed)
                    .doesNotContain(partition);
                assertThat(run.record(0).offset())
                    .as("seed %s: %s begins where the last one ended", seed, partition)
                    .isEqualTo(next(done.get(partition)));
                assertThat(run.attempt(0))
                    .as("seed %s: attempt", seed)
                    .isEqualTo(failures.getOrDefault(partition, 0) + 1);
                running.add(run);
              });
    }

    private static long next(long position) {
      return position / 2 * 2 + (position == 0 ? 0 : 2);
    }

    /** A lane works on its run, in part or to its end. */
    private void work() {
      if (running.isEmpty()) {
        return;
      }
      Run run = running.get(random.nextInt(running.size()));
      TopicPartition partition = run.partition();
      int more = batches ? 0 : random.nextInt(run.size() - run.completed() + 1);
      for (int i = 0; i < more; i++) {
        process(run, partition);
      }
      if (random.nextBoolean()) {
        end(run, partition);
      }
    }

    private void process(Run run, TopicPartition partition) {
      ConsumerRecord<byte[], byte[]> record = run.record(run.completed());
      assertThat(record.offset())
          .as("seed %s: %s in order, none skipped", seed, partition)
          .isEqualTo(next(done.get(partition)));
      done.put(partition, record.offset() + 1);
      failures.remove(partition);
      run.completed(run.completed() + 1);
    }

    private void end(Run run, TopicPartition partition) {
      running.remove(run);
      boolean fails = random.nextInt(3) == 0 && run.completed() < run.size();
      if (batches) {
        int completed = fails ? random.nextInt(run.size()) : run.size();
        if (completed > 0) {
          done.put(partition, run.record(completed - 1).offset() + 1);
          failures.remove(partition);
          run.completed(completed);
        }
      }
      if (fails) {
        int failed = failures.merge(partition, 1, Integer::sum);
        Failure failure =
            assignment
                .failed(
                    run, run.size() - run.completed(), new RuntimeException(), now, Instant.EPOCH)
                .orElseThrow();
        assertThat(failure.failures()).as("seed %s", seed).isEqualTo(failed);
      } else {
        assignment.returned(run, now);
      }
    }

    private void commit() {
      Map<TopicPartition, OffsetAndMetadata> offsets = assignment.toCommit(assignment.names());
      offsets.forEach(this::checkCommit);
      if (random.nextInt(4) > 0) {
        assignment.committed(offsets);
        offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
      }
    }

    private void checkCommit(TopicPartition partition, OffsetAndMetadata offset) {
      assertThat(offset.offset())
          .as("seed %s: %s is committed up to what is done", seed, partition)
          .isEqualTo(done.get(partition));
    }

    private void rebalance() {
      TopicPartition partition = any();
      if (!owned.remove(partition)) {
        assign(partition);
        return;
      }
      if (random.nextBoolean()) {
        revoke(partition);
      }
      running.stream().filter(run -> run.partition().equals(partition)).forEach(late::add);
      running.removeAll(late);
      assignment.drop(List.of(partition));
      if (!next(committed.get(partition), failures.containsKey(partition), partition)) {
        failures.remove(partition);
      }
    }

    /** Whether the record that failed is the one with which a returned partition begins. */
    private boolean next(long position, boolean failed, TopicPartition partition) {
      return failed && position == done.get(partition);
    }

    private void revoke(TopicPartition partition) {
      assignment.drain(List.of(partition));
      if (random.nextBoolean()) {
        for (Run run : List.copyOf(running)) {
          if (run.partition().equals(partition)) {
            running.remove(run);
            assignment.returned(run, now);
          }
        }
        assertThat(assignment.inFlight(List.of(partition))).as("seed %s", seed).isEmpty();
      }
      Map<TopicPartition, OffsetAndMetadata> offsets = assignment.toCommit(List.of(partition));
      offsets.forEach(this::checkCommit);
      offsets.forEach((name, offset) -> committed.put(name, offset.offset()));
    }

    private void check(int step) {
      // What lanes bring back for an earlier assignment changes nothing.
      if (!late.isEmpty() && random.nextBoolean()) {
        Run run = late.remove(random.nextInt(late.size()));
        run.completed(run.size());
        if (random.nextBoolean()) {
          assignment.returned(run, now);
        } else {
          assertThat(assignment.failed(run, 1, new RuntimeException(), now, Instant.EPOCH))
              .as("seed %s", seed)
              .isEmpty();
        }
      }
      for (TopicPartition partition : all) {
        assertThat(committed.get(partition))
            .as("seed %s, step %s: %s", seed, step, partition)
            .isLessThanOrEqualTo(done.get(partition));
      }
    }

    /** When nothing fails any more, every record fetched is done: none is stuck. */
    private void finish() {
      for (Run run : List.copyOf(running)) {
        running.remove(run);
        assignment.returned(run, now);
      }
      for (int i = 0; i < 10_000; i++) {
        now += Duration.ofSeconds(10).toNanos();
        Optional<Run> run = assignment.take(now);
        if (run.isEmpty()) {
          break;
        }
        while (run.get().completed() < run.get().size()) {
          process(run.get(), run.get().partition());
        }
        assignment.returned(run.get(), now);
      }
      for (TopicPartition partition : owned) {
        assertThat(done.get(partition))
            .as("seed %s: all of %s is done", seed, partition)
            .isEqualTo(fetched.get(partition));
      }
      assertThat(assignment.fetchPaused()).as("seed %s", seed).isEmpty();
    }
  }
}
