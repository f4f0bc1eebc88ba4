package io.drivetrain.avro.internal;

import org.apache.avro.Schema;

/**
 * What stands before the data of a record and says which schema it was written with. Thread-safe.
 */
public interface Frame {

  /**
   * What to write before data of this schema.
   *
   * @throws io.drivetrain.schema.CodecException if that schema may not be written
   * @throws io.drivetrain.schema.RegistryUnavailableException if a registry is needed and away
   */
  byte[] header(Schema schema);

  /**
   * Reads it.
   *
   * @throws io.drivetrain.schema.CodecException if there is none, or its schema is unknown
   * @throws io.drivetrain.schema.RegistryUnavailableException if a registry is needed and away
   */
  Written read(byte[] bytes);

  /** A schema that is certainly known, for example that of a generated class. */
  void know(Schema schema);

  /**
   * What was written.
   *
   * @param schema of the data
   * @param offset where the data begins
   */
  record Written(Schema schema, int offset) {}
}
