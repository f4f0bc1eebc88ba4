package io.drivetrain.tests.benchmark.outbox;

import com.sun.management.OperatingSystemMXBean;
import io.drivetrain.tests.benchmark.Figures;
import io.drivetrain.tests.benchmark.outbox.OutboxContender.Library;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** One contender on one fresh database, in its own JVM. */
final class Measurement {
  static final int ACCOUNTS = 10_000;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

  private final OutboxContender contender;
  private final Relay relay;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Measurement(OutboxContender contender, Relay relay) {
    this.contender = contender;
    this.relay = relay;
  }

  Figures run() throws Exception {
    try {
      return switch (contender.race()) {
        case BACKLOG -> backlog();
        case STEADY -> steady();
        case LATENCY -> latency();
        case BUSINESS -> business();
      };
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean drains() {
    return contender.library() != Library.NOT_DRAINED && contender.library() != Library.ASKED;
  }

  private Figures backlog() throws Exception {
    write(4);
    Clock clock = new Clock();
    relay.start();
    awaitDone(contender.events());
    return clock.figures(contender.events());
  }

  private Figures steady() throws Exception {
    if (drains()) {
      relay.start();
    }
    Clock clock = new Clock();
    write(contender.size() == 1 ? 16 : 4);
    if (drains()) {
      awaitDone(contender.events());
    }
    return clock.figures(contender.events());
  }

  /** Commits all events, by several threads. */
  private void write(int writers) throws Exception {
    AtomicLong next = new AtomicLong();
    int size = contender.size();
    all(
        writers,
        () -> {
          long first;
          while ((first = next.getAndAdd(size)) < contender.events()) {
            relay.transaction(null, first, size);
          }
          return null;
        });
  }

  private void awaitDone(long events) {
    long end = System.nanoTime() + PATIENCE;
    while (relay.done() < events) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("only " + relay.done() + " of " + events + " came out");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** At a steady rate; five seconds warm up. */
  private Figures latency() throws Exception {
    int rate = contender.size();
    int warmUp = 5 * rate;
    int events = warmUp + OutboxRace.seconds() * rate;
    long[] committed = new long[events];
    long[] acknowledged = new long[events];
    LongAdder answers = new LongAdder();
    relay.onAcknowledged(
        value -> {
          acknowledged[Events.number(value)] = System.nanoTime();
          answers.increment();
        });
    relay.start();
    AtomicLong next = new AtomicLong();
    Clock clock = new Clock();
    long start = System.nanoTime();
    all(
        16,
        () -> {
          int number;
          while ((number = (int) next.getAndIncrement()) < events) {
            long due = start + number * 1_000_000_000L / rate;
            while (System.nanoTime() < due) {
              LockSupport.parkNanos(due - System.nanoTime());
            }
            relay.transaction(Measurement::update, number, 1);
            committed[number] = System.nanoTime();
          }
          return null;
        });
    long end = System.nanoTime() + PATIENCE;
    while (answers.sum() < events && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
    Figures figures = clock.figures(events);
    long[] micros = new long[events - warmUp];
    for (int i = warmUp; i < events; i++) {
      micros[i - warmUp] = Math.max(0, acknowledged[i] - committed[i]) / 1_000;
    }
    Arrays.sort(micros);
    return new Figures(
        events,
        figures.wallNanos(),
        figures.cpuNanos(),
        at(micros, 0.5),
        at(micros, 0.99),
        at(micros, 0.999),
        micros[micros.length - 1]);
  }

  private static long at(long[] sorted, double part) {
    return sorted[(int) (part * (sorted.length - 1))];
  }

  /** Without and with an event in turns; the latencies are transactions in a second of each. */
  private Figures business() throws Exception {
    if (drains()) {
      relay.start();
    }
    Clock clock = new Clock();
    AtomicLong numbers = new AtomicLong();
    int turns = 3;
    transactions(0, numbers);
    transactions(1, numbers);
    List<Long> without = new ArrayList<>();
    List<Long> with = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      without.add(transactions(0, numbers));
      with.add(transactions(1, numbers));
    }
    Figures figures = clock.figures(numbers.get());
    return new Figures(
        figures.records(), figures.wallNanos(), figures.cpuNanos(), median(without), median(with));
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  /** How many transactions eight threads commit in a second. */
  private long transactions(int events, AtomicLong numbers) throws Exception {
    LongAdder count = new LongAdder();
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(OutboxRace.seconds()) / 3;
    all(
        8,
        () -> {
          while (System.nanoTime() < end) {
            relay.transaction(this::business, events == 0 ? 0 : numbers.getAndIncrement(), events);
            count.increment();
          }
          return null;
        });
    return count.sum() * 1_000_000_000 / (System.nanoTime() - start);
  }

  /** One UPDATE, or accounts that are each read and updated, in order because of their locks. */
  private void business(Connection connection) throws Exception {
    if (contender.size() == 1) {
      update(connection);
      return;
    }
    int[] accounts =
        ThreadLocalRandom.current().ints(contender.size() / 2, 0, ACCOUNTS).sorted().toArray();
    for (int account : accounts) {
      try (PreparedStatement statement =
          connection.prepareStatement("select balance from account where id = ?")) {
        statement.setInt(1, account);
        statement.executeQuery().next();
      }
      update(connection, account);
    }
  }

  private static void update(Connection connection) throws Exception {
    update(connection, ThreadLocalRandom.current().nextInt(ACCOUNTS));
  }

  private static void update(Connection connection, int account) throws Exception {
    try (PreparedStatement statement =
        connection.prepareStatement("update account set balance = balance + 1 where id = ?")) {
      statement.setInt(1, account);
      statement.executeUpdate();
    }
  }

  private void all(int count, Callable<Void> work) throws Exception {
    List<Future<Void>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      running.add(threads.submit(work));
    }
    for (Future<Void> each : running) {
      each.get();
    }
  }

  /** Time, and CPU time of this process. */
  private static final class Clock {
    private static final OperatingSystemMXBean PROCESS =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final long wall = System.nanoTime();
    private final long cpu = PROCESS.getProcessCpuTime();

    Figures figures(long events) {
      return new Figures(events, System.nanoTime() - wall, PROCESS.getProcessCpuTime() - cpu);
    }
  }
}
