package io.drivetrain.connector.internal.policy;

import io.drivetrain.connector.ProcessingTimeoutException;
import io.drivetrain.connector.SystemicFailure;
import java.util.Set;

/**
 * Which failures are retried for ever and which not at all, by the names of their classes. Names,
 * because a class may be hidden from the application that meets its exceptions. Immutable.
 *
 * @param retried failures that never make the strategy take over
 * @param atOnce failures that make it take over however many attempts are left
 */
public record FailureClasses(Set<String> retried, Set<String> atOnce) {

  /** What the classes say of a failure. */
  public enum Rule {
    /** Nothing. */
    NONE,
    /** Retry for ever. */
    RETRY,
    /** No further attempt. */
    AT_ONCE
  }

  /**
   * An interrupt says that somebody wants the thread to end, not that the record is bad: a stopping
   * server must not give records up.
   */
  private static final Set<String> INTERRUPTS =
      Set.of(
          "java.lang.InterruptedException",
          "java.nio.channels.ClosedByInterruptException",
          "org.apache.kafka.common.errors.InterruptException");

  /** Nor is a record bad whose schema could not be had just now. */
  private static final String NO_REGISTRY = "io.drivetrain.schema.RegistryUnavailableException";

  /** Circles of causes are possible. */
  private static final int MOST_CAUSES = 50;

  /** Copies. */
  public FailureClasses {
    retried = Set.copyOf(retried);
    atOnce = Set.copyOf(atOnce);
  }

  /**
   * The rule for a failure. For each exception of the chain of causes the nearest class decides,
   * itself before its superclasses. If they disagree, the record is retried: that can be corrected
   * later, a record given up has lost its place.
   */
  public Rule ruleFor(Throwable failure) {
    Rule rule = Rule.NONE;
    Throwable link = failure;
    boolean ownInterrupt = false;
    for (int i = 0; i < MOST_CAUSES && link != null; i++) {
      if (link instanceof SystemicFailure) {
        return Rule.RETRY;
      }
      // The record took too long: that interrupt is about the record.
      ownInterrupt |= link instanceof ProcessingTimeoutException;
      Rule found = ruleFor(link.getClass(), ownInterrupt);
      if (found == Rule.RETRY) {
        return found;
      }
      if (found == Rule.AT_ONCE) {
        rule = found;
      }
      link = link.getCause();
    }
    return rule;
  }

  private Rule ruleFor(Class<?> thrown, boolean ownInterrupt) {
    for (Class<?> type = thrown; type != null; type = type.getSuperclass()) {
      if (atOnce.contains(type.getName())) {
        return Rule.AT_ONCE;
      }
      if (retried.contains(type.getName())
          || type.getName().equals(NO_REGISTRY)
          || !ownInterrupt && INTERRUPTS.contains(type.getName())) {
        return Rule.RETRY;
      }
    }
    return Rule.NONE;
  }
}
