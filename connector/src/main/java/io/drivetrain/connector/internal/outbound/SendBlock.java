package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.SendFailedException;
import java.util.ArrayList;
import java.util.List;

/**
 * The sends of one block that waits for all of them. The block's thread begins them and waits; they
 * are settled on any thread.
 */
final class SendBlock {

  /** More failures than anybody reads. */
  private static final int MOST_SUPPRESSED = 100;

  private static final ThreadLocal<SendBlock> OF_THIS_THREAD = new ThreadLocal<>();

  // All guarded by this.
  private final List<Throwable> further = new ArrayList<>();
  private Throwable first;
  private int begun;
  private int pending;
  private int failed;

  private SendBlock() {}

  /** The innermost block the calling thread is in, null if in none. */
  static SendBlock ofThisThread() {
    return OF_THIS_THREAD.get();
  }

  /**
   * Runs a block and waits for its sends.
   *
   * @throws SendFailedException if any failed; what the block itself throws comes first
   */
  static void run(Runnable block) {
    SendBlock outer = OF_THIS_THREAD.get();
    SendBlock sends = new SendBlock();
    OF_THIS_THREAD.set(sends);
    try {
      block.run();
    } catch (RuntimeException | Error e) {
      sends.awaitAfter(e);
      throw e;
    } finally {
      if (outer == null) {
        OF_THIS_THREAD.remove();
      } else {
        OF_THIS_THREAD.set(outer);
      }
    }
    sends.await();
  }

  private void awaitAfter(Throwable failure) {
    try {
      await();
    } catch (SendFailedException unsent) {
      failure.addSuppressed(unsent);
    }
  }

  synchronized void began() {
    begun++;
    pending++;
  }

  /**
   * One send has ended.
   *
   * @param failure null if it is confirmed
   */
  synchronized void settled(Throwable failure) {
    pending--;
    if (failure != null) {
      failed++;
      if (first == null) {
        first = failure;
      } else if (further.size() < MOST_SUPPRESSED) {
        further.add(failure);
      }
    }
    if (pending == 0) {
      notifyAll();
    }
  }

  /** Kafka bounds the wait: each send fails after {@code delivery.timeout.ms}. */
  private synchronized void await() {
    try {
      while (pending > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendFailedException(
          "interrupted while " + pending + " of " + begun + " sends were not confirmed yet", e);
    }
    if (first != null) {
      SendFailedException failure =
          new SendFailedException(
              failed + " of " + begun + " sends failed; the first: " + first.getMessage(),
              first instanceof SendFailedException ? first.getCause() : first);
      further.forEach(failure::addSuppressed);
      throw failure;
    }
  }
}
