package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.scan.ScanTable.Kind;
import io.drivetrain.entitysync.internal.scan.ScanTable.Row;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.time.Duration;

/** One table that is read and published in steps; a step runs in a transaction of its own. */
interface Scan {

  Kind kind();

  String name();

  Class<?> entity();

  /** How many entities a step takes at most. */
  int largestStep();

  /** Whether an entity that cannot be published is passed over. */
  boolean skipsInvalid();

  /**
   * Publishes the next entities.
   *
   * @param row where the scan stands, locked by this transaction
   */
  Outcome step(Row row, EntityManager entities, int rows, boolean wait) throws SQLException;

  /** Passes over the next entity, which cannot be published. */
  Outcome skip(Row row, EntityManager entities) throws SQLException;

  /** What a step has come to. */
  sealed interface Outcome {
    /** Come further; {@code pause} until the next step. */
    record Moved(String position, int published, long expected, Duration pause)
        implements Outcome {}

    /** Nothing is left, for good. */
    record Finished() implements Outcome {}
  }
}
