package io.drivetrain.entitysync.internal.boot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Tells whether the published entities and the outbox share one JTA data source. With two, an event
 * could be stored without its change. It refuses only what is certain: a database that does not
 * answer, or a name that cannot be looked up, is no proof.
 */
final class DataSourceCheck {
  private static final Logger LOG = System.getLogger(DataSourceCheck.class.getName());

  private final String outbox;
  private final Function<String, Optional<Object>> lookup;
  private final Function<Object, Optional<String>> database;

  /**
   * A check against the outbox.
   *
   * @param outbox the JNDI name of the outbox's data source
   * @param lookup what a name stands for, if it can be looked up
   * @param database what tells one database from another, if it answers
   */
  DataSourceCheck(
      String outbox,
      Function<String, Optional<Object>> lookup,
      Function<Object, Optional<String>> database) {
    this.outbox = outbox;
    this.lookup = lookup;
    this.database = database;
  }

  private enum Finding {
    SAME,
    DIFFERENT,
    OPEN
  }

  /**
   * Why the deployment must fail, if it must.
   *
   * @param published names of the published entity classes
   */
  Optional<String> problem(List<PersistenceUnit> units, Set<String> published) {
    if (published.isEmpty() || units.isEmpty()) {
      return Optional.empty();
    }
    List<PersistenceUnit> listing =
        units.stream()
            .filter(unit -> unit.classes().stream().anyMatch(published::contains))
            .toList();
    if (units.size() == 1 || !listing.isEmpty()) {
      List<PersistenceUnit> theirs = units.size() == 1 ? units : listing;
      return theirs.stream().map(this::problem).flatMap(Optional::stream).findFirst();
    }
    // Which unit holds them cannot be told, so only no unit fitting is an error.
    List<Optional<String>> problems = units.stream().map(this::problem).toList();
    return problems.stream().allMatch(Optional::isPresent) ? problems.get(0) : Optional.empty();
  }

  private Optional<String> problem(PersistenceUnit unit) {
    if (unit.resourceLocal()) {
      return Optional.of(
          "persistence unit "
              + unit.name()
              + " is RESOURCE_LOCAL; its @Published entities need transaction-type JTA and the"
              + " outbox's data source "
              + outbox);
    }
    if (compare(unit) == Finding.DIFFERENT) {
      return Optional.of(
          "persistence unit "
              + unit.name()
              + " uses data source "
              + unit.dataSource()
              + " but the outbox uses "
              + outbox
              + "; @Published needs one data source for both: set drivetrain.outbox.data-source or"
              + " jta-data-source");
    }
    return Optional.empty();
  }

  private Finding compare(PersistenceUnit unit) {
    if (plain(unit.dataSource()).equals(plain(outbox))) {
      return Finding.SAME;
    }
    Optional<Object> theirs = lookup.apply(unit.dataSource());
    Optional<Object> ours = lookup.apply(outbox);
    if (theirs.isPresent() && theirs.equals(ours)) {
      return Finding.SAME;
    }
    Optional<String> theirDatabase = theirs.flatMap(database);
    Optional<String> ourDatabase = ours.flatMap(database);
    if (theirDatabase.isEmpty() || ourDatabase.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "persistence unit {0} uses data source {1} and the outbox {2}; whether they are the same"
              + " cannot be told now. Events are only atomic with their entities if they are",
          unit.name(),
          unit.dataSource(),
          outbox);
      return Finding.OPEN;
    }
    if (!theirDatabase.equals(ourDatabase)) {
      return Finding.DIFFERENT;
    }
    LOG.log(
        Level.WARNING,
        "persistence unit {0} uses data source {1} and the outbox {2} for the same database; use"
            + " one, or each transaction needs two XA connections",
        unit.name(),
        unit.dataSource(),
        outbox);
    return Finding.OPEN;
  }

  /** {@code java:comp/env/jdbc/shop} is {@code jdbc/shop} on servers that bind it by default. */
  private static String plain(String name) {
    return name.startsWith("java:comp/env/") ? name.substring("java:comp/env/".length()) : name;
  }
}
