package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.scan.ScanWork.Pass;
import io.drivetrain.schema.platform.Backoff;
import io.drivetrain.schema.platform.ContainerThreads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The thread {@code drivetrain-scans}: passes over the scans until it is told to stop. */
public final class ScanThread {
  private static final Logger LOG = System.getLogger(ScanThread.class.getName());

  /** While something is under way: a step's pause may be over, or another node gone. */
  private static final Duration WAITING = Duration.ofMillis(200);

  /** With nothing to do: another node may have been asked for a backfill. */
  private static final Duration IDLE = Duration.ofSeconds(5);

  private static final Duration STOP = Duration.ofSeconds(10);

  private final ScanWork work;
  private final ContainerThreads threads;
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Guarded by lock. */
  private boolean stopped;

  /** Guarded by lock. */
  private boolean started;

  /** Guarded by lock. */
  private boolean asked;

  /** Why the database does not answer, null if it does; written by the thread. */
  private volatile String problem;

  /** Makes no thread yet. */
  public ScanThread(ScanWork work, ContainerThreads threads) {
    this.work = work;
    this.threads = threads;
  }

  /** Begins; does nothing if it has begun or was stopped. */
  public void start() {
    lock.lock();
    try {
      if (!started && !stopped) {
        started = true;
        threads.newThread("drivetrain-scans", this::run).start();
      }
    } finally {
      lock.unlock();
    }
  }

  /** There is something new to look at. */
  public void look() {
    lock.lock();
    try {
      asked = true;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the step under way finish, for a bounded time. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      change.signalAll();
      if (!started) {
        return;
      }
    } finally {
      lock.unlock();
    }
    try {
      if (!ended.await(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "A scan's step did not end in {0} s", STOP.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why the database does not answer, null if it does. */
  public String problem() {
    return problem;
  }

  private void run() {
    try {
      while (await(pass())) {
        // Until stopped.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private Duration pass() {
    try {
      Pass pass = work.pass();
      backoff.succeeded();
      problem = null;
      return switch (pass) {
        case MOVED -> Duration.ZERO;
        case WAITING -> WAITING;
        case IDLE -> IDLE;
      };
    } catch (Exception e) {
      String sentence = StepFailure.sentence(e);
      if (problem == null) {
        LOG.log(Level.WARNING, "Backfills and pollers wait: {0}", sentence);
      }
      problem = sentence;
      return backoff.failed();
    }
  }

  /** Returns false when stopped. */
  private boolean await(Duration time) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = time.toNanos();
      while (!stopped && !asked && nanos > 0) {
        nanos = change.awaitNanos(nanos);
      }
      asked = false;
      return !stopped;
    } finally {
      lock.unlock();
    }
  }
}
