package io.drivetrain.entitysync.internal.mapping;

/** An entity that entity sync cannot use; the message is the sentence a developer reads. */
public class MappingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The whole sentence. */
  public MappingException(String message) {
    super(message);
  }
}
