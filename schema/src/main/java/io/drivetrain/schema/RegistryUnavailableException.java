package io.drivetrain.schema;

/**
 * A schema that is not known here yet could not be had from the schema registry just now. Nothing
 * is wrong with the record: a consumer retries it, however its channel treats failed records. Not a
 * {@link CodecException}, which would be held against the record.
 */
public class RegistryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what the client of the registry met as cause. */
  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
