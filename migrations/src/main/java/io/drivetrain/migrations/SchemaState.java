package io.drivetrain.migrations;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a schema stands against this build.
 *
 * @param schema its name
 * @param version the newest version applied to it, empty if none
 * @param expected the version this build needs
 * @param steps every version known to the build or found in the schema, in order
 */
public record SchemaState(
    String schema, Optional<String> version, String expected, List<Step> steps) {

  /** Copies the list. */
  public SchemaState {
    steps = List.copyOf(steps);
  }

  /**
   * One version.
   *
   * @param state how Flyway calls it, for example {@code Success} or {@code Pending}
   * @param installedOn empty if not applied
   */
  public record Step(
      String version, String description, String state, Optional<Instant> installedOn, Kind kind) {}

  /** What a step means for the schema. */
  public enum Kind {
    /** Applied and known. */
    DONE,
    /** Known to this build, not applied yet. */
    PENDING,
    /** Applied by a newer build than this one. */
    NEWER,
    /** Begun and not finished. */
    FAILED
  }

  /** How many versions are still to be applied. */
  public int pending() {
    return (int) steps.stream().filter(step -> step.kind() == Kind.PENDING).count();
  }

  /** Whether a newer build than this one has migrated the schema. */
  public boolean newer() {
    return steps.stream().anyMatch(step -> step.kind() == Kind.NEWER);
  }
}
