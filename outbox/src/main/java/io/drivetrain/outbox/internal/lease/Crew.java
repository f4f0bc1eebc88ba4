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
  /** Work of which one thread says how it has ended, and the owner asks. */
  private final class Running implements Runnable {
    private final Lease lease;
    private final ShardWork work;
    private final Thread thread;
    private volatile boolean done;
    private volatile Throwable failure;

    Running(Lease lease) {
      this.lease = lease;
      this.work = works.apply(lease);
      this.thread = threads.apply("drivetrain-outbox-" + lease.shard(), this);
    }

    @Override
    public void run() {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        // Also an Error: if nobody noticed, the node would seem to drain for ever.
        failure = e;
      } finally {
        done = true;
        if (failure != null) {
          died.run();
        }
      }
    }

    boolean hasEnded() {
      return done || !thread.isAlive();
    }
  }

  /**
   * Work that has ended.
   *
   * @param failure what it died of, null if it ended as it should
   */
  record Ended(Lease lease, Throwable failure) {}

  private final Function<Lease, ShardWork> works;
  private final BiFunction<String, Runnable, Thread> threads;
  private final Runnable died;

  /** By shard; changed by the owning thread only, read by any. */
  private final Map<Integer, Running> running = new ConcurrentHashMap<>();

  /**
   * @param died told, by its thread, that work has died
   */
  Crew(
      Function<Lease, ShardWork> works,
      BiFunction<String, Runnable, Thread> threads,
      Runnable died) {
    this.works = works;
    this.threads = threads;
    this.died = died;
  }

  void start(Lease lease) {
    Running work = new Running(lease);
    work.thread.start();
    running.put(lease.shard(), work);
  }

  /**
   * Something was committed.
   *
   * @param buckets the buckets it fell into, a bit for each
   */
  void wake(long buckets) {
    for (Running each : running.values()) {
      if (each.lease.range().meets(buckets)) {
        each.work.wake();
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
        : running.values().stream().mapToLong(each -> each.work.passed()).min().orElse(0);
  }

  void stop(int shard, Duration patience) {
    Running found = running.get(shard);
    if (found != null) {
      found.work.stop(patience);
    }
  }

  void stopAll(Duration patience) {
    running.values().forEach(each -> each.work.stop(patience));
  }

  void interruptAll() {
    running.values().forEach(each -> each.thread.interrupt());
  }

  /** Waits until any work has ended, at most this long. */
  void awaitOne(Duration time) throws InterruptedException {
    for (Running each : running.values()) {
      each.thread.join(Math.max(1, time.toMillis()));
      return;
    }
  }

  /** Forgets the work that has ended, and returns it. */
  List<Ended> ended() {
    List<Ended> all = new ArrayList<>();
    for (Running each : running.values()) {
      if (each.hasEnded()) {
        running.remove(each.lease.shard());
        all.add(new Ended(each.lease, each.failure));
      }
    }
    return all;
  }

  /** Shards whose work runs, also if the lease is over already. */
  Set<Integer> shards() {
    return running.keySet();
  }
}
