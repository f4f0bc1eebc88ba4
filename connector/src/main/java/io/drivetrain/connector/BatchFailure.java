package io.drivetrain.connector;

/**
 * Thrown by a batch method to say which record failed: those before it count as processed, the
 * partition pauses, and the record at the index comes first afterwards. Any other exception means
 * the whole batch again.
 */
public final class BatchFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of the first record in the batch that is not processed. */
  private final int index;

  private BatchFailure(int index, Throwable cause) {
    super("record " + index + " of the batch failed: " + cause, cause);
    this.index = index;
  }

  /**
   * The failure to throw.
   *
   * @param index position in the list, from 0
   * @param cause what went wrong with that record
   */
  public static BatchFailure at(int index, Throwable cause) {
    if (index < 0) {
      throw new IllegalArgumentException("index is " + index + "; expected 0 or more");
    }
    return new BatchFailure(index, cause);
  }

  /** Position of the failed record in the list, from 0. */
  public int index() {
    return index;
  }
}
