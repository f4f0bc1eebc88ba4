package io.drivetrain.outbox.internal.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The work that runs on this node, a thread for each shard. Owned by the thread drivetrain-leases;
 * any thread may call {@link #wake}.
 */
final class Crew {
  private record Running(Lease lease, ShardWork work, Thread thread) {}

  private final Function<Lease, ShardWork> works;
  private final BiFunction<String, Runnable, Thread> threads;

  /** By shard; changed by the owning thread only, read by any. */
  private final Map<Integer, Running> running = new ConcurrentHashMap<>();

  Crew(Function<Lease, ShardWork> works, BiFunction<String, Runnable, Thread> threads) {
    this.works = works;
    this.threads = threads;
  }

  void start(Lease lease) {
    ShardWork work = works.apply(lease);
    Thread thread = threads.apply("drivetrain-outbox-" + lease.shard(), work);
    thread.start();
    running.put(lease.shard(), new Running(lease, work, thread));
  }

  /**
   * Something was committed.
   *
   * @param buckets the buckets it fell into, a bit for each
   */
  void wake(long buckets) {
    for (Running each : running.values()) {
      if (each.lease().range().meets(buckets)) {
        each.work().wake();
      }
    }
  }

  /**
   * No row up to this id waits, as far as this node can say.
   *
   * @param shards how many there are
   */
  long passed(int shards) {
    return running.size() < shards
        ? 0
        : running.values().stream().mapToLong(each -> each.work().passed()).min().orElse(0);
  }

  void stop(int shard, Duration patience) {
    Running found = running.get(shard);
    if (found != null) {
      found.work().stop(patience);
    }
  }

  void stopAll(Duration patience) {
    running.values().forEach(each -> each.work().stop(patience));
  }

  void interruptAll() {
    running.values().forEach(each -> each.thread().interrupt());
  }

  /** Waits until any work has ended, at most this long. */
  void awaitOne(Duration time) throws InterruptedException {
    for (Running each : running.values()) {
      each.thread().join(Math.max(1, time.toMillis()));
      return;
    }
  }

  /** Forgets the work that has ended, and returns its leases. */
  List<Lease> ended() {
    List<Lease> leases = new ArrayList<>();
    for (Running each : running.values()) {
      if (!each.thread().isAlive()) {
        running.remove(each.lease().shard());
        leases.add(each.lease());
      }
    }
    return leases;
  }

  /** Shards whose work runs, also if the lease is over already. */
  Set<Integer> shards() {
    return running.keySet();
  }
}
