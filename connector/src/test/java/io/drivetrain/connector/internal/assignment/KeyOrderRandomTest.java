package io.drivetrain.connector.internal.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.internal.policy.Backoff;
import io.drivetrain.connector.internal.policy.FailurePolicy;
import io.drivetrain.connector.internal.policy.HandOver;
import io.drivetrain.connector.internal.policy.Ordering;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random interleavings of everything that can happen to an assignment with order per key, against a
 * model that knows only what users were promised. A failure prints the seed; put it into {@link
 * #seeds} to see it again.
 */
class KeyOrderRandomTest {
  private static final int STEPS = 500;
  private static final int MEMORY = 14;
  private static final int MOST_FETCHED = 5;

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

  /** A partition at the broker, and what has become of its records. */
  private static final class Log {
    final TopicPartition name;

    /** Keys by offset; null is no key. Grows as the partition is fetched. */
    final TreeMap<Long, String> keys = new TreeMap<>();

    OffsetAndMetadata committed = new OffsetAndMetadata(0, "");

    /** What a new assignment knows to be done, from the commit. */
    final Set<Long> known = new HashSet<>();

    /** What is known or was done in this assignment. */
    final Set<Long> done = new HashSet<>();

    final Map<Long, Integer> failures = new HashMap<>();
    boolean owned;
    long fetched;

    Log(TopicPartition name) {
      this.name = name;
    }

    /** The first offset that is fetched and not done; the next to fetch if all are. */
    long firstUndone() {
      return keys.headMap(fetched).keySet().stream()
          .filter(offset -> !done.contains(offset))
          .findFirst()
          .orElse(fetched);
    }

    /** Of the same key and earlier: whether one is not done. */
    boolean isHeldUp(long offset) {
      return keys.headMap(offset).entrySet().stream()
          .anyMatch(
              earlier ->
                  Objects.equals(earlier.getValue(), keys.get(offset))
                      && !done.contains(earlier.getKey()));
    }
  }

  private static final class World {
    private final long seed;
    private final Random random;
    private final boolean batches;
    private final Assignment assignment;
    private final Map<TopicPartition, Log> logs = new HashMap<>();
    private final List<Run> running = new ArrayList<>();

    /** Runs whose partition was taken away while a lane had them. */
    private final List<Run> late = new ArrayList<>();

    private long now;

    World(long seed, boolean batches) {
      this.seed = seed;
      this.random = new Random(seed);
      this.batches = batches;
      HandOver handOver =
          new HandOver(Ordering.KEY, batches, 3, Long.MAX_VALUE, 0, MEMORY, 1_000_000);
      this.assignment =
          new Assignment(
              handOver,
              new FailurePolicy(
                  new Backoff(Optional.of(Duration.ofSeconds(1)), true, Duration.ofSeconds(8))));
      IntStream.range(0, 3)
          .mapToObj(i -> new Log(new TopicPartition("t", i)))
          .forEach(log -> logs.put(log.name, log));
      logs.values().forEach(this::assign);
    }

    private String seed() {
      return "seed " + seed;
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(13)) {
          case 0, 1, 2 -> fetch();
          case 3, 4, 5, 6 -> take();
          case 7, 8, 9 -> work();
          case 10 -> now += Duration.ofMillis(random.nextInt(1_500)).toNanos();
          case 11 -> commit(any());
          default -> rebalance(any());
        }
        lateReturn();
      }
      finish();
    }

    private Log any() {
      return logs.get(new TopicPartition("t", random.nextInt(logs.size())));
    }

    private void assign(Log log) {
      assignment.assign(List.of(log.name), Map.of(log.name, log.committed), now);
      log.owned = true;
      log.fetched = log.committed.offset();
      DoneOffsets ahead =
          OffsetMetadata.decode(log.name, log.committed.offset(), log.committed.metadata());
      log.known.clear();
      log.keys.keySet().stream()
          .filter(offset -> offset < log.committed.offset() || ahead.contains(offset))
          .forEach(log.known::add);
      log.done.clear();
      log.done.addAll(log.known);
    }

    private void fetch() {
      Log log = any();
      if (!log.owned || assignment.fetchPaused().contains(log.name)) {
        return;
      }
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = random.nextInt(MOST_FETCHED + 1); i > 0; i--) {
        Long next = log.keys.ceilingKey(log.fetched);
        if (next == null) {
          // Gaps, as compaction leaves them.
          next = log.fetched + random.nextInt(3);
          log.keys.put(next, random.nextInt(5) == 0 ? null : "k" + random.nextInt(4));
        }
        records.add(Records.record(log.name, next, log.keys.get(next)));
        log.fetched = next + 1;
        boolean first = !log.isHeldUp(next) && !isInFlight(log, log.keys.get(next));
        if (!first && !log.done.contains(next)) {
          // Its key has gone back: what it failed with before is forgotten.
          log.failures.remove(next);
        }
      }
      assignment.received(log.name, records, 5L * records.size(), now);
      assertThat(log.keys.subMap(log.firstUndone(), log.fetched))
          .as("%s: what is in memory or done ahead is bounded", seed())
          .hasSizeLessThan(MEMORY + MOST_FETCHED);
    }

    private void take() {
      assignment
          .take(now)
          .ifPresent(
              run -> {
                Log log = logs.get(run.partition());
                long first = run.record(0).offset();
                String key = log.keys.get(first);
                assertThat(log.owned).as(seed()).isTrue();
                assertThat(isInFlight(log, key)).as("%s: two lanes on a key", seed()).isFalse();
                for (ConsumerRecord<byte[], byte[]> record : run.records()) {
                  assertThat(log.keys.get(record.offset())).as(seed()).isEqualTo(key);
                  assertThat(log.done)
                      .as("%s: %s@%s comes again", seed(), log.name, record.offset())
                      .doesNotContain(record.offset());
                }
                assertThat(run.attempt(0))
                    .as("%s: attempt of %s@%s", seed(), log.name, first)
                    .isEqualTo(log.failures.getOrDefault(first, 0) + 1);
                running.add(run);
              });
    }

    private boolean isInFlight(Log log, String key) {
      return running.stream()
          .anyMatch(
              run ->
                  run.partition().equals(log.name)
                      && Objects.equals(log.keys.get(run.record(0).offset()), key));
    }

    /** A lane works on its run, in part or to its end. */
    private void work() {
      if (running.isEmpty()) {
        return;
      }
      Run run = running.get(random.nextInt(running.size()));
      int more = batches ? 0 : random.nextInt(run.size() - run.completed() + 1);
      for (int i = 0; i < more; i++) {
        process(run);
      }
      if (random.nextBoolean()) {
        end(run);
      }
    }

    private void process(Run run) {
      Log log = logs.get(run.partition());
      long offset = run.record(run.completed()).offset();
      assertThat(log.isHeldUp(offset))
          .as("%s: %s@%s before an earlier one of its key", seed(), log.name, offset)
          .isFalse();
      assertThat(log.done.add(offset)).as("%s: %s@%s twice", seed(), log.name, offset).isTrue();
      log.failures.remove(offset);
      run.completed(run.completed() + 1);
    }

    private void end(Run run) {
      running.remove(run);
      Log log = logs.get(run.partition());
      boolean fails = random.nextInt(3) == 0 && run.completed() < run.size();
      int completed = !batches ? run.completed() : fails ? random.nextInt(run.size()) : run.size();
      while (run.completed() < completed) {
        process(run);
      }
      if (!fails) {
        assignment.returned(run, now);
        return;
      }
      int failed = log.failures.merge(run.record(run.completed()).offset(), 1, Integer::sum);
      Failure failure =
          assignment
              .failed(run, run.size() - run.completed(), new RuntimeException(), now, Instant.EPOCH)
              .orElseThrow();
      assertThat(failure.failures()).as(seed()).isEqualTo(failed);
    }

    private void commit(Log log) {
      OffsetAndMetadata offset = assignment.toCommit(List.of(log.name)).get(log.name);
      if (offset == null) {
        return;
      }
      assertThat(offset.offset())
          .as("%s: %s is committed up to the first that is not done", seed(), log.name)
          .isLessThanOrEqualTo(log.firstUndone());
      DoneOffsets ahead = OffsetMetadata.decode(log.name, offset.offset(), offset.metadata());
      log.keys
          .keySet()
          .forEach(
              key ->
                  assertThat(key < offset.offset() || ahead.contains(key))
                      .as("%s: the commit tells whether %s@%s is done", seed(), log.name, key)
                      .isEqualTo(log.done.contains(key)));
      if (random.nextInt(4) > 0) {
        assignment.committed(Map.of(log.name, offset));
        log.committed = offset;
      }
    }

    private void rebalance(Log log) {
      if (!log.owned) {
        assign(log);
        return;
      }
      if (random.nextBoolean()) {
        assignment.drain(List.of(log.name));
        if (random.nextBoolean()) {
          for (Run run : List.copyOf(running)) {
            if (run.partition().equals(log.name)) {
              running.remove(run);
              assignment.returned(run, now);
            }
          }
          assertThat(assignment.inFlight(List.of(log.name))).as(seed()).isEmpty();
        }
        commit(log);
      }
      running.stream().filter(run -> run.partition().equals(log.name)).forEach(late::add);
      running.removeAll(late);
      assignment.drop(List.of(log.name));
      log.owned = false;
    }

    /** What lanes bring back for an earlier assignment changes nothing. */
    private void lateReturn() {
      if (late.isEmpty() || random.nextBoolean()) {
        return;
      }
      Run run = late.remove(random.nextInt(late.size()));
      run.completed(run.size());
      if (random.nextBoolean()) {
        assignment.returned(run, now);
      } else {
        assertThat(assignment.failed(run, 1, new RuntimeException(), now, Instant.EPOCH))
            .as(seed())
            .isEmpty();
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
          process(run.get());
        }
        assignment.returned(run.get(), now);
      }
      for (Log log : logs.values()) {
        if (log.owned) {
          assertThat(log.firstUndone())
              .as("%s: all of %s is done", seed(), log.name)
              .isEqualTo(log.fetched);
        }
      }
      assertThat(assignment.fetchPaused()).as(seed()).isEmpty();
      assertThat(assignment.states())
          .as(seed())
          .allSatisfy(
              state -> {
                assertThat(state.queued()).isZero();
                assertThat(state.ahead()).isZero();
              });
    }
  }
}
