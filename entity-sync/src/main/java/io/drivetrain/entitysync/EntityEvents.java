package io.drivetrain.entitysync;

import jakarta.persistence.EntityManager;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Switches the publishing of {@link Published} entities off for a block of code on the calling
 * thread, all or those of some classes and their subclasses. Blocks may be nested; publishing is on
 * again after the outermost one, however it ends.
 *
 * <p>A change is published when the persistence provider writes it, which is at a flush and so
 * often only at the commit. A block therefore silences what is <em>flushed</em> in it: let it
 * contain the whole transaction, or use the form with an entity manager, which flushes at both
 * ends.
 */
public final class EntityEvents {
  /** What the blocks around the running code silence, innermost first; unset outside of blocks. */
  private static final ThreadLocal<Deque<Class<?>>> OFF = new ThreadLocal<>();

  /** Code with a result. */
  @FunctionalInterface
  public interface Block<T, X extends Exception> {
    /** Runs it. */
    T run() throws X;
  }

  private EntityEvents() {}

  /** Runs a block whose flushes publish nothing. */
  public static void off(Runnable block) {
    off(Object.class, block);
  }

  /** Runs a block whose flushes publish nothing of one entity class and its subclasses. */
  public static void off(Class<?> entity, Runnable block) {
    enter(entity);
    try {
      block.run();
    } finally {
      leave();
    }
  }

  /** Runs a block whose flushes publish nothing, and gives its result. */
  public static <T, X extends Exception> T off(Block<T, X> block) throws X {
    return off(Object.class, block);
  }

  /**
   * Runs a block whose flushes publish nothing of one entity class and its subclasses, and gives
   * its result.
   */
  public static <T, X extends Exception> T off(Class<?> entity, Block<T, X> block) throws X {
    enter(entity);
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

  /** Whether the calling thread is in a block that publishes nothing at all. */
  public static boolean areOff() {
    return areOff(Object.class);
  }

  /** Whether the calling thread is in a block that publishes nothing of an entity class. */
  public static boolean areOff(Class<?> entity) {
    Deque<Class<?>> off = OFF.get();
    return off != null && off.stream().anyMatch(silent -> silent.isAssignableFrom(entity));
  }

  private static void enter(Class<?> entity) {
    Deque<Class<?>> off = OFF.get();
    if (off == null) {
      off = new ArrayDeque<>();
      OFF.set(off);
    }
    off.push(entity);
  }

  /** Removes the outermost, or pooled threads would hold the application's class loader. */
  private static void leave() {
    Deque<Class<?>> off = OFF.get();
    off.pop();
    if (off.isEmpty()) {
      OFF.remove();
    }
  }
}
