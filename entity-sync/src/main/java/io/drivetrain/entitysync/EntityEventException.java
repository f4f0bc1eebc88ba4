package io.drivetrain.entitysync;

import java.util.List;

/** A change that cannot be published; thrown inside the flush, and the transaction rolls back. */
public class EntityEventException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * With everything that is wrong.
   *
   * @param entity the entity and its id, for example {@code Order 7}
   */
  public EntityEventException(String entity, String topic, List<String> problems, Throwable cause) {
    super(entity + " cannot be published to " + topic + ": " + String.join("; ", problems), cause);
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, a sentence each. */
  public List<String> problems() {
    return problems == null ? List.of() : problems;
  }
}
