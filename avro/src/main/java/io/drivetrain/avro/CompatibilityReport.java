package io.drivetrain.avro;

import java.util.List;

/**
 * Whether two versions of a schema go together.
 *
 * @param asked what was asked for
 * @param incompatibilities each a sentence with the place in the schema; empty if there is none
 */
public record CompatibilityReport(Compatibility asked, List<String> incompatibilities) {

  /** Copies. */
  public CompatibilityReport {
    incompatibilities = List.copyOf(incompatibilities);
  }

  /** Whether there is none. */
  public boolean isCompatible() {
    return incompatibilities.isEmpty();
  }

  /** For an assertion's message. */
  @Override
  public String toString() {
    return isCompatible()
        ? asked + ": compatible"
        : asked + ": " + String.join("; ", incompatibilities);
  }
}
