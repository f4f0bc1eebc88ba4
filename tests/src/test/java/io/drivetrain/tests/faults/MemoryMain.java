package io.drivetrain.tests.faults;

import io.drivetrain.connector.Channels;
import io.drivetrain.connector.Delivery;
import io.drivetrain.tests.weld.WeldApp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * A node with little memory. The first record of partition 0 blocks until the other partitions are
 * done; then it passes, and everything behind it.
 */
final class MemoryMain {
  private static final String IN = "mp.messaging.incoming.in.";
  private static final int SAMPLES = 10;

  private MemoryMain() {}

  /**
   * Prints the heap in use, in bytes and after a collection, while other partitions flow, then
   * while the blocked one does, and ends with status 0 if every record came once and in order.
   *
   * @param args bootstrap servers, topic, records behind the block, records elsewhere, and how it
   *     blocks: {@code pause} or {@code hang}
   */
  public static void main(String[] args) throws InterruptedException {
    boolean hangs = args[4].equals("hang");
    try (WeldApp app =
        WeldApp.with(
                IN + "connector",
                "drivetrain",
                IN + "bootstrap.servers",
                args[0],
                IN + "topic",
                args[1],
                IN + "group.id",
                args[1] + "-" + args[4],
                IN + "concurrency",
                "2",
                IN + "pause-timeout",
                "-1")
            .beans(Blocked.class)
            .instance(Boolean.class, hangs)
            .start()) {
      Blocked blocked = app.get(Blocked.class);
      sample("beside", blocked, Long.parseLong(args[3]), 0);
      blocked.release();
      if (!hangs) {
        app.get(Channels.class).resume("in", args[1], 0);
      }
      sample("behind", blocked, Long.parseLong(args[2]) + Long.parseLong(args[3]), blocked.count());
    }
    System.out.println("done");
    System.out.flush();
    System.exit(0);
  }

  private static void sample(String what, Blocked blocked, long records, long before)
      throws InterruptedException {
    for (int i = 1; i <= SAMPLES; i++) {
      blocked.awaitCount(before + (records - before) * i / SAMPLES);
      System.gc();
      System.out.println(what + " " + afterCollection());
      System.out.flush();
    }
  }

  /** What is in use now is more: records come while this thread asks. */
  private static long afterCollection() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getCollectionUsage().getUsed())
        .sum();
  }

  /** Counts what passes, and dies when something passes out of order. */
  @ApplicationScoped
  static class Blocked {
    @Inject Delivery delivery;
    @Inject Boolean hangs;

    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicLong count = new AtomicLong();
    private final Map<Integer, Long> next = new ConcurrentHashMap<>();

    @Incoming("in")
    void take(byte[] value) throws InterruptedException {
      int partition = delivery.partition();
      long offset = delivery.firstOffset();
      if (partition == 0 && offset == 0) {
        if (hangs) {
          released.await();
        } else if (released.getCount() > 0) {
          throw new IllegalStateException("blocked");
        }
      }
      Long expected = next.put(partition, offset + 1);
      if (offset != (expected == null ? 0 : expected)) {
        System.out.println(partition + " at " + offset + " instead of " + expected);
        Runtime.getRuntime().halt(2);
      }
      count.incrementAndGet();
    }

    void release() {
      released.countDown();
    }

    long count() {
      return count.get();
    }

    void awaitCount(long wanted) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(20);
      while (count.get() < wanted) {
        if (System.nanoTime() - end > 0) {
          System.out.println("only " + count + " of " + wanted);
          Runtime.getRuntime().halt(3);
        }
        Thread.sleep(10);
      }
    }
  }
}
