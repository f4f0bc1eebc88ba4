package io.drivetrain.outbox.internal.signal;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Ends another thread's wait, also one that begins only after the signal. Thread-safe. */
public final class WakeUp {
  private final Semaphore signals = new Semaphore(0);

  public void signal() {
    if (signals.availablePermits() == 0) {
      signals.release();
    }
  }

  /** Waits for a signal, at most this long. */
  public void await(long nanos) throws InterruptedException {
    if (signals.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      signals.drainPermits();
    }
  }
}
