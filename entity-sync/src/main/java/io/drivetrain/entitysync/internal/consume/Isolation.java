package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.connector.BatchFailure;
import java.util.function.BiFunction;

/**
 * Finds the one record that makes a batch fail. The whole batch is tried first; if it fails for a
 * reason that lies in the data, smaller ranges are, always from the first record not yet applied,
 * so that what precedes the bad record is applied in order. Applying is idempotent: a range tried
 * and rolled back is simply tried again.
 */
public final class Isolation {

  /** Applies a range of records in one transaction, or nothing and throws. */
  @FunctionalInterface
  public interface Range {
    /** From inclusive, to exclusive. */
    void apply(int from, int to) throws Exception;
  }

  private Isolation() {}

  /**
   * Applies all records.
   *
   * @param describe makes the failure of one record, by its index, into what is thrown for it
   * @throws BatchFailure at the first record that cannot be applied; those before it are
   */
  public static void apply(
      int size, Range range, BiFunction<Integer, Exception, Exception> describe) {
    int from = 0;
    // The first bad record, if one is known to exist, lies before this index.
    int badBefore = size;
    int to = size;
    while (from < size) {
      try {
        range.apply(from, to);
        from = to;
        to = from < badBefore ? middle(from, badBefore) : size;
        badBefore = from < badBefore ? badBefore : size;
      } catch (RecordFailure failure) {
        if (failure.index() == from) {
          throw BatchFailure.at(from, describe.apply(from, failure));
        }
        to = failure.index();
        badBefore = failure.index() + 1;
      } catch (Exception failure) {
        if (Failures.isTransient(failure)) {
          throw Failures.unchecked(failure);
        }
        if (to - from == 1) {
          throw BatchFailure.at(from, describe.apply(from, failure));
        }
        badBefore = to;
        to = middle(from, to);
      }
    }
  }

  private static int middle(int from, int to) {
    return from + Math.max(1, (to - from) / 2);
  }
}
