package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.consume.JtaTransaction;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.scan.Scan.Outcome;
import io.drivetrain.entitysync.internal.scan.ScanTable.Kind;
import io.drivetrain.entitysync.internal.scan.ScanTable.Row;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Works on this application's scans, a step of each at a time. Owned by one thread; what health
 * shows is read by any.
 */
public final class ScanWork {
  private static final Logger LOG = System.getLogger(ScanWork.class.getName());

  /** How long a scan that cannot go on is left alone. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  /** How many entities lie between two lines in the log. */
  private static final long LOG_EVERY = 100_000;

  private final ScanTable table;
  private final ScanSettings settings;
  private final Publisher publisher;
  private final Function<Class<?>, EntityManager> entityManagers;
  private final Supplier<JtaTransaction> transactions;
  private final List<PollerScan> pollers = new ArrayList<>();
  private final Map<String, StepSize> sizes = new HashMap<>();
  private final Map<String, String> problems = new HashMap<>();
  private final Set<String> unknown = new HashSet<>();
  private boolean registered;

  /** Written by the owner. */
  private volatile List<Row> seen = List.of();

  /**
   * @param entityManagers by entity class, joining the calling thread's transaction
   * @param transactions asked for each step
   */
  public ScanWork(
      ScanTable table,
      ScanSettings settings,
      Publisher publisher,
      Function<Class<?>, EntityManager> entityManagers,
      Supplier<JtaTransaction> transactions) {
    this.table = table;
    this.settings = settings;
    this.publisher = publisher;
    this.entityManagers = entityManagers;
    this.transactions = transactions;
    settings.pollers().forEach(each -> pollers.add(PollerScan.of(each, publisher, table)));
  }

  /** What was seen at the last look, for health. */
  public List<Row> seen() {
    return seen;
  }

  /** What a pass over all scans has come to. */
  public enum Pass {
    /** Something moved. */
    MOVED,
    /** Something is under way, but not due, or with another node. */
    WAITING,
    /** Nothing is to be done until somebody asks. */
    IDLE
  }

  /** One step of each scan that is due. */
  public Pass pass() throws SQLException {
    if (!registered) {
      for (PollerScan poller : pollers) {
        table.register(poller.name(), poller.entity().getName());
      }
      registered = true;
    }
    seen = table.all().stream().filter(this::concernsUs).toList();
    List<Scan> scans = new ArrayList<>(pollers);
    for (Row row : seen) {
      if (row.kind() == Kind.BACKFILL && !row.finished()) {
        publisher
            .entity(row.entity())
            .ifPresentOrElse(
                entity -> scans.add(new BackfillScan(row, entity, publisher, settings)),
                () -> leave(row));
      }
    }
    boolean moved = false;
    for (Scan scan : scans) {
      moved |= step(scan);
    }
    return moved ? Pass.MOVED : scans.isEmpty() ? Pass.IDLE : Pass.WAITING;
  }

  /** A poller that is configured no more keeps its row, in case it comes back. */
  private boolean concernsUs(Row row) {
    return row.kind() == Kind.BACKFILL
        || pollers.stream().anyMatch(poller -> poller.name().equals(row.name()));
  }

  private void leave(Row row) {
    if (unknown.add(row.name())) {
      LOG.log(
          Level.INFO,
          "The backfill of {0} is left to others: this application publishes no such entity",
          row.entity());
    }
  }

  private boolean step(Scan scan) throws SQLException {
    String key = scan.kind() + " " + scan.name();
    StepSize size = sizes.computeIfAbsent(key, name -> new StepSize(scan.largestStep()));
    boolean alone = size.mayWait();
    try {
      boolean moved = run(scan, (row, entities) -> scan.step(row, entities, size.now(), alone));
      if (moved) {
        size.succeeded();
        problems.remove(key);
      }
      return moved;
    } catch (Exception e) {
      return failed(scan, key, size, e);
    }
  }

  private boolean failed(Scan scan, String key, StepSize size, Exception e) throws SQLException {
    StepFailure failure = StepFailure.of(e);
    if (size.failed()) {
      LOG.log(Level.DEBUG, () -> key + " is tried again in a smaller step: " + e);
      return true;
    }
    if (failure == StepFailure.BUSY) {
      return false;
    }
    String sentence = StepFailure.sentence(e);
    if (failure == StepFailure.INVALID && scan.skipsInvalid()) {
      LOG.log(Level.ERROR, "{0} passes over an entity: {1}", label(scan), sentence);
      try {
        return run(scan, scan::skip);
      } catch (Exception again) {
        sentence = StepFailure.sentence(again);
      }
    }
    if (!sentence.equals(problems.put(key, sentence))) {
      LOG.log(
          Level.WARNING,
          "{0} stands still and is tried again every {1} s: {2}",
          label(scan),
          STUCK.toSeconds(),
          sentence);
    }
    table.stuck(scan.kind(), scan.name(), sentence, STUCK);
    return false;
  }

  /** Work on a claimed scan. */
  @FunctionalInterface
  private interface Step {
    Outcome of(Row row, EntityManager entities) throws SQLException;
  }

  /** Returns whether the scan moved; it does not if it rests, is not due or another node has it. */
  private boolean run(Scan scan, Step step) throws Exception {
    boolean[] moved = {false};
    Runnable[] afterwards = {() -> {}};
    transactions
        .get()
        .run(
            () -> {
              try {
                // Before anything else: on some servers what is used first is completed first.
                EntityManager entities = entityManagers.apply(scan.entity());
                Optional<Row> claimed = table.claim(scan.kind(), scan.name());
                if (claimed.isPresent()) {
                  Row row = claimed.get();
                  Outcome outcome = step.of(row, entities);
                  moved[0] = apply(row, outcome);
                  afterwards[0] = () -> tell(scan, row, outcome);
                }
              } catch (SQLException e) {
                throw new ScanException(e);
              }
            });
    afterwards[0].run();
    return moved[0];
  }

  private boolean apply(Row row, Outcome outcome) throws SQLException {
    if (outcome instanceof Outcome.Moved moved) {
      table.moved(row, moved.position(), moved.published(), moved.expected(), moved.pause());
      return moved.published() > 0 || moved.pause().isZero();
    }
    table.finished(row);
    return true;
  }

  private static void tell(Scan scan, Row before, Outcome outcome) {
    if (scan.kind() != Kind.BACKFILL) {
      return;
    }
    if (outcome instanceof Outcome.Finished) {
      LOG.log(Level.INFO, "{0} is done: {1} published", label(scan), before.published());
    } else if (outcome instanceof Outcome.Moved moved) {
      long now = before.published() + moved.published();
      if (before.position() == null || now / LOG_EVERY != before.published() / LOG_EVERY) {
        LOG.log(Level.INFO, "{0}: {1} of {2} published", label(scan), now, moved.expected());
      }
    }
  }

  private static String label(Scan scan) {
    return scan.kind() == Kind.BACKFILL
        ? "The backfill of " + scan.entity().getSimpleName()
        : "The poller " + scan.name() + " of " + scan.entity().getSimpleName();
  }

  /** Carries an SQLException out of a transaction's work. */
  static final class ScanException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScanException(SQLException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
