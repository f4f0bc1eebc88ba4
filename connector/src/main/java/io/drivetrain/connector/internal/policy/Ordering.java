package io.drivetrain.connector.internal.policy;

/** What is kept in order, and so what waits behind a record that fails. */
public enum Ordering {
  /** All records of a partition. */
  PARTITION,
  /** The records of a partition that have the same key. */
  KEY
}
