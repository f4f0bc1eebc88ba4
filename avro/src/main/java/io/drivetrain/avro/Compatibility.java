package io.drivetrain.avro;

/** Who has to be able to read what, when a schema gets a next version. */
public enum Compatibility {
  /** Readers of the next version read what was written before: upgrade consumers first. */
  BACKWARD,
  /** Readers of the version before read what is written next: upgrade producers first. */
  FORWARD,
  /** Both. */
  FULL
}
