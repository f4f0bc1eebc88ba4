package io.drivetrain.connector;

/**
 * A record that Kafka did not confirm. The message names the topic, says what Kafka said, and what
 * to do about it; the cause is Kafka's own exception.
 */
public class SendFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param message a sentence with the topic
   * @param cause Kafka's exception
   */
  public SendFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
