package io.drivetrain.entitysync;

import jakarta.persistence.EntityManager;

/**
 * Switches the publishing of {@link Published} entities off for a block of code on the calling
 * thread. Blocks may be nested; publishing is on again after the outermost one, however it ends.
 *
 * <p>A change is published when the persistence provider writes it, which is at a flush and so
 * often only at the commit. A block therefore silences what is <em>flushed</em> in it: let it
 * contain the whole transaction, or use the form with an entity manager, which flushes at both
 * ends.
 */
public final class EntityEvents {
  private static final ThreadLocal<Integer> DEPTH = new ThreadLocal<>();

  /** Code with a result. */
  @FunctionalInterface
  public interface Block<T, X extends Exception> {
    /** Runs it. */
    T run() throws X;
  }

  private EntityEvents() {}

  /** Runs a block whose flushes publish nothing. */
  public static void off(Runnable block) {
    enter();
    try {
      block.run();
    } finally {
      leave();
    }
  }

  /** Runs a block whose flushes publish nothing, and gives its result. */
  public static <T, X extends Exception> T off(Block<T, X> block) throws X {
    enter();
    try {
      return block.run();
    } finally {
      leave();
    }
  }

  /**
   * Runs a block whose changes are not published: flushes before it, so that earlier changes are,
   * and after it. If the block throws, what it changed is not flushed here.
   *
   * @throws jakarta.persistence.TransactionRequiredException if no transaction is active
   */
  public static void off(EntityManager entities, Runnable block) {
    entities.flush();
    off(
        () -> {
          block.run();
          entities.flush();
        });
  }

  /** Whether the calling thread is in a block that publishes nothing. */
  public static boolean areOff() {
    return DEPTH.get() != null;
  }

  private static void enter() {
    Integer depth = DEPTH.get();
    DEPTH.set(depth == null ? 1 : depth + 1);
  }

  /** Removes the outermost, or pooled threads would hold the application's class loader. */
  private static void leave() {
    int depth = DEPTH.get();
    if (depth == 1) {
      DEPTH.remove();
    } else {
      DEPTH.set(depth - 1);
    }
  }
}
