package io.drivetrain.connector.internal.cdi;

import java.util.List;

/**
 * Who sends to an outgoing channel: a method, or whoever has its emitter injected. Immutable.
 *
 * @param description the feeder as an error names it
 * @param incoming the channels whose records a method makes its results of; empty for other feeders
 */
public record Feeder(String description, List<String> incoming) {

  /** Copies. */
  public Feeder {
    incoming = List.copyOf(incoming);
  }
}
