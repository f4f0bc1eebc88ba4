package io.drivetrain.tests.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What every contender of a race does with its records, and the clock of the round. Where a race
 * has one consuming thread after another, so has its sink; the latch publishes the figures.
 */
abstract class Sink {
  /** The sink of the round that runs; set before its consumer starts. */
  static volatile Sink current;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final CountDownLatch done = new CountDownLatch(1);
  private final long patienceSeconds;
  private long startWall;
  private long startCpu;
  private volatile Figures figures;

  Sink(long patienceSeconds) {
    this.patienceSeconds = patienceSeconds;
  }

  static Sink of(Contender contender, int records) {
    return switch (contender.race()) {
      case THROUGHPUT -> new Counting(records);
      case POISON -> new Poisoned(contender.isPoisoned(), records);
      case WORK, KEYED_WORK -> new Working(records);
      case LATENCY -> new Latency();
    };
  }

  /** One record. */
  abstract void take(String value);

  /** One record, where it matters which. */
  void take(int partition, long offset, String value) {
    take(value);
  }

  /** Records without regard to what is in them. */
  void take(int records) {
    throw new UnsupportedOperationException("this race looks at its records");
  }

  final void begin() {
    startWall = System.nanoTime();
    startCpu = SYSTEM.getProcessCpuTime();
  }

  final void end(long records, long... latencies) {
    figures = soFar(records, latencies);
    done.countDown();
  }

  private Figures soFar(long records, long... latencies) {
    return new Figures(
        records, System.nanoTime() - startWall, SYSTEM.getProcessCpuTime() - startCpu, latencies);
  }

  final boolean isDone() {
    return done.getCount() == 0;
  }

  /** How many records count so far; of a contender that does not get to the end. */
  abstract long counted();

  /** Waits for the end of the round, for so long as the race allows. */
  final Figures await() throws InterruptedException {
    return done.await(patienceSeconds, TimeUnit.SECONDS) ? figures : soFar(counted());
  }

  /** Counts. */
  private static final class Counting extends Sink {
    private final int expected;
    private int seen;

    Counting(int expected) {
      super(600);
      this.expected = expected;
    }

    @Override
    void take(String value) {
      if (value != null) {
        take(1);
      }
    }

    @Override
    void take(int records) {
      if (seen == 0) {
        begin();
      }
      seen += records;
      if (seen == expected) {
        end(expected);
      }
    }

    @Override
    long counted() {
      return seen;
    }
  }

  /** Counts the records of all partitions but 0; if poisoned, the first of partition 0 fails. */
  private static final class Poisoned extends Sink {
    private static final long PATIENCE_SECONDS = 20;
    private final boolean poisoned;
    private final int expected;
    private boolean begun;
    private volatile int seen;

    Poisoned(boolean poisoned, int records) {
      super(PATIENCE_SECONDS);
      this.poisoned = poisoned;
      this.expected = records / Race.POISON.partitions() * (Race.POISON.partitions() - 1);
    }

    @Override
    void take(String value) {
      throw new UnsupportedOperationException("this race looks at partitions");
    }

    @Override
    void take(int partition, long offset, String value) {
      if (!begun) {
        begun = true;
        begin();
      }
      if (partition == 0) {
        if (poisoned && offset == 0) {
          throw new IllegalStateException("poison");
        }
        return;
      }
      int now = seen + 1;
      seen = now;
      if (now == expected) {
        end(expected);
      }
    }

    @Override
    long counted() {
      return seen;
    }
  }

  /** Waits a millisecond for each record, on several threads. */
  private static final class Working extends Sink {
    private final int expected;

    /** Guarded by this. */
    private int begun;

    /** Guarded by this. */
    private int finished;

    Working(int expected) {
      super(600);
      this.expected = expected;
    }

    @Override
    void take(String value) {
      synchronized (this) {
        if (begun++ == 0) {
          begin();
        }
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      synchronized (this) {
        if (++finished == expected) {
          end(expected);
        }
      }
    }

    @Override
    synchronized long counted() {
      return finished;
    }
  }
}
