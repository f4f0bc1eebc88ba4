package io.drivetrain.schema;

/**
 * A value that cannot be encoded or bytes that cannot be decoded; the message is a sentence with
 * topic and type.
 */
public class CodecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without an underlying cause: the type itself is not supported. */
  public CodecException(String message) {
    super(message);
  }

  /** With the format library's own failure as cause. */
  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }
}
