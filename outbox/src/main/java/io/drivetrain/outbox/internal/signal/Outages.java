package io.drivetrain.outbox.internal.signal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is away now: one log line when it begins, one when it is over, and a sentence for health.
 * Thread-safe.
 */
public final class Outages {

  /** The outage of the database. */
  public static final String DATABASE = "the database";

  /** The outage that is a schema without tables. */
  public static final String SCHEMA = "the schema";

  /** The outage of this node: its drainers die. */
  public static final String NODE = "this node";

  private static final Logger LOG = System.getLogger(Outages.class.getName());

  /** Guarded by this. */
  private final Map<String, String> problems = new LinkedHashMap<>();

  /**
   * Something is away, or still is.
   *
   * @param what equal for one outage, for example {@code Kafka}
   */
  public synchronized void begin(String what, String problem) {
    if (problems.put(what, problem) == null) {
      LOG.log(Level.WARNING, "Outbox: {0}; its rows wait and it is tried again", problem);
    }
  }

  /** It is there, or still is. */
  public synchronized void end(String what) {
    if (!problems.isEmpty() && problems.remove(what) != null) {
      LOG.log(Level.INFO, "Outbox: {0} is usable again", what);
    }
  }

  /** It no longer matters. */
  public synchronized void forget(String what) {
    problems.remove(what);
  }

  /** The others no longer matter here, because another node drains now. */
  public synchronized void keepOnly(Set<String> names) {
    problems.keySet().retainAll(names);
  }

  public synchronized boolean lasts(String what) {
    return problems.containsKey(what);
  }

  /** Everything that is away, as one sentence. */
  public synchronized Optional<String> problem() {
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join("; ", problems.values()));
  }
}
