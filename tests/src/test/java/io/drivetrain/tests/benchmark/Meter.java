package io.drivetrain.tests.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Counts records and takes wall and CPU time at the first and the last one. All channels of a
 * contender deliver one at a time, so the count is written by one thread after another; the latch
 * publishes the result.
 */
final class Meter {
  /** The meter of the round that runs; set before its application starts. */
  static volatile Meter current;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final int expected;
  private final CountDownLatch done = new CountDownLatch(1);
  private int seen;
  private long startWall;
  private long startCpu;
  private ConsumerBenchmark.Round result;

  Meter(int expected) {
    this.expected = expected;
  }

  void add(int records) {
    if (seen == 0) {
      startWall = System.nanoTime();
      startCpu = SYSTEM.getProcessCpuTime();
    }
    seen += records;
    if (seen == expected) {
      result =
          new ConsumerBenchmark.Round(
              System.nanoTime() - startWall, SYSTEM.getProcessCpuTime() - startCpu);
      done.countDown();
    }
  }

  boolean isDone() {
    return done.getCount() == 0;
  }

  ConsumerBenchmark.Round await() throws InterruptedException {
    if (!done.await(10, TimeUnit.MINUTES)) {
      throw new IllegalStateException("saw " + seen + " of " + expected + " records in 10 minutes");
    }
    return result;
  }
}
