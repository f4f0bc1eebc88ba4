package io.drivetrain.outbox.internal.signal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** The outage that keeps the events from being divided anew. */
  public static final String SHARDS = "the number of shards";

  private static final Logger LOG = System.getLogger(Outages.class.getName());

  private static final String NOBODY = "";

  /** What each of those who use it has met, by what it is. Guarded by this. */
  private final Map<String, Map<String, String>> problems = new LinkedHashMap<>();

  /**
   * Something is away, or still is.
   *
   * @param what equal for one outage, for example {@code Kafka}
   */
  public void begin(String what, String problem) {
    begin(what, NOBODY, problem);
  }

  /**
   * Something is away for one of those who use it. The outage lasts until each who has met it says
   * that it is over: a full disk fails one's statements and not the other's.
   */
  public synchronized void begin(String what, String user, String problem) {
    boolean lasted = problems.containsKey(what);
    problems.computeIfAbsent(what, unknown -> new LinkedHashMap<>()).put(user, problem);
    if (!lasted) {
      LOG.log(Level.WARNING, "Outbox: {0}; its rows wait and it is tried again", problem);
    }
  }

  /** It is there, or still is. */
  public void end(String what) {
    end(what, NOBODY);
  }

  /** It is there for one of those who use it. */
  public synchronized void end(String what, String user) {
    if (forget(what, user)) {
      LOG.log(Level.INFO, "Outbox: {0} is usable again", what);
    }
  }

  /**
   * It no longer matters to one of those who use it.
   *
   * @return whether the outage is over by that
   */
  public synchronized boolean forget(String what, String user) {
    Map<String, String> users = problems.get(what);
    return users != null
        && users.remove(user) != null
        && users.isEmpty()
        && problems.remove(what) != null;
  }

  /** The database fails one of those who use it. */
  public void beginDatabase(String user, SQLException e) {
    begin(DATABASE, user, DATABASE + " cannot be used: " + e.getMessage());
  }

  /** A topic takes nothing, or still does not. */
  public void beginTopic(String name, String problem) {
    begin(topic(name), topic(name) + ": " + problem);
  }

  /** A topic takes records. */
  public void endTopic(String name) {
    end(topic(name));
  }

  /** Whether a topic takes records no longer matters. */
  public void forgetTopic(String name) {
    forget(topic(name));
  }

  private static String topic(String name) {
    return "topic " + name;
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
        : Optional.of(
            problems.values().stream()
                .flatMap(users -> users.values().stream())
                .distinct()
                .collect(Collectors.joining("; ")));
  }
}
