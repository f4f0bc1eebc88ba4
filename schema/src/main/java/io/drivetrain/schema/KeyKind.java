package io.drivetrain.schema;

/** How a topic's record keys are made: {@code drivetrain.topics.<topic>.key}. */
public enum KeyKind {
  /** Unset: plain where a record has a key, and it need not have one. */
  OPTIONAL,
  /** Text, numbers, UUIDs, enums as their text; required. */
  PLAIN,
  /** There is none, and giving one is an error. */
  NONE,
  /** A field of the value, unless a key is given; required. */
  FIELD,
  /** A record by a schema of its own; required. */
  SCHEMA
}
