package io.drivetrain.entitysync;

import io.drivetrain.entitysync.internal.scan.ScanBeans;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.persistence.EntityManager;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * What can be said about {@link Published} entities' events beside the annotation: publish what is
 * in the table already, and publish nothing for a while.
 *
 * <p>{@code off} switches publishing off for a block of code on the calling thread, for all
 * entities or those of one class and its subclasses. Blocks may be nested; publishing is on again
 * after the outermost one, however it ends.
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

  /**
   * Publishes the present state of entities, in the running transaction: after bulk statements and
   * native SQL, which no listener hears. They are read and locked in one query (of up to 10 000
   * simple ids, 500 compound ones). What the application's persistence context holds is flushed
   * before.
   *
   * @param ids as {@code EntityManager.find} takes them; an id without a row is passed over
   * @return how many there are
   * @throws IllegalArgumentException if the entity is not published
   * @throws jakarta.persistence.TransactionRequiredException if no transaction is active
   */
  public static int published(Class<?> entity, Collection<?> ids) {
    return scans().published(entity, ids);
  }

  /** As {@link #republish(Class, String)}, all of them. */
  public static void republish(Class<?> entity) {
    republish(entity, null);
  }

  /**
   * Publishes the rows of an entity's table once, in order of their ids, in the background: {@code
   * drivetrain.entity-sync.backfill.rows-per-second} by one of the nodes. Its position is stored
   * with the events, so it goes on after a crash, wherever a node runs. Each row is locked while
   * its state is published, so that no older state follows a newer one.
   *
   * <p>It begins when the running transaction commits, at once if none is active.
   *
   * @param condition which of them, JPQL on the alias {@code e}, for example {@code e.active =
   *     true}; null for all
   * @throws IllegalArgumentException if the entity is not published
   * @throws IllegalStateException if this entity's table is being republished already
   */
  public static void republish(Class<?> entity, String condition) {
    scans().republish(entity, condition);
  }

  /** Ends what {@link #republish(Class)} began; false if nothing is under way. */
  public static boolean cancelRepublish(Class<?> entity) {
    return scans().cancel(entity);
  }

  /** What has been asked of {@link #republish(Class)}, the last time for each entity. */
  public static List<Backfill> backfills() {
    return scans().backfills();
  }

  private static ScanBeans scans() {
    return CDI.current().select(ScanBeans.class).get();
  }

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
