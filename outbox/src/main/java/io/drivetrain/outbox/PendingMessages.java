package io.drivetrain.outbox;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Events of the running transaction that may still change before it ends, for frameworks such as
 * entity sync that turn many changes of one thing into one event. Inject it. Thread-safe as {@link
 * Outbox} is.
 */
public interface PendingMessages {

  /**
   * Sets what is pending in a slot. The slot moves to the end of the transaction's events, so that
   * events leave in the order of their last change. Once the transaction's events are written (a
   * late change during the commit), {@code change} sees null and its result is written at once.
   *
   * @param slot equal for the same thing within a transaction
   * @param change from what is pending, null if nothing, to what shall be; null drops it. It must
   *     not publish anything itself
   * @throws IllegalStateException if no transaction is active
   */
  void compute(Object slot, UnaryOperator<Pending> change);

  /**
   * What a slot holds.
   *
   * @param note the framework's own memory of how it came about
   * @param messages what will be written, in order
   */
  record Pending(Object note, List<EncodedMessage> messages) {

    /** Copies the list. */
    public Pending {
      messages = List.copyOf(messages);
    }
  }
}
