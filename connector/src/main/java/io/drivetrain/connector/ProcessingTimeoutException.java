package io.drivetrain.connector;

/**
 * Why a delivery failed that {@code processing-timeout-action=interrupt} interrupted; its cause is
 * what the consumer method threw then.
 */
public final class ProcessingTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what was in flight for how long, and what the method threw when it was interrupted. */
  public ProcessingTimeoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
