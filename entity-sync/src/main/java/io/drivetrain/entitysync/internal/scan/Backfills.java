package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.Backfill;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.scan.ScanTable.Kind;
import io.drivetrain.entitysync.internal.scan.ScanTable.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Begins, ends and shows backfills. */
final class Backfills {
  private Backfills() {}

  static void begin(
      ScanTable table,
      Publisher publisher,
      Class<?> entity,
      String condition,
      ScanSettings settings) {
    publisher.requirePublished(entity);
    boolean added =
        sql(
            () ->
                table.add(
                    entity.getName(), entity.getName(), condition, settings.backfillPerSecond()));
    if (!added) {
      throw new IllegalStateException(
          entity.getName()
              + " is being republished already; wait for its end, or cancel it with"
              + " EntityEvents.cancelRepublish");
    }
  }

  static boolean cancel(ScanTable table, Class<?> entity) {
    return sql(() -> table.cancel(entity.getName()));
  }

  static List<Backfill> all(ScanTable table) {
    return sql(table::all).stream()
        .filter(row -> row.kind() == Kind.BACKFILL)
        .map(Backfills::shown)
        .toList();
  }

  private static Backfill shown(Row row) {
    return new Backfill(
        row.entity(),
        Optional.ofNullable(row.condition()),
        row.published(),
        row.expected() < 0 ? Optional.empty() : Optional.of(row.expected()),
        row.finished(),
        Optional.ofNullable(row.problem()));
  }

  @FunctionalInterface
  private interface Statement<T> {
    T run() throws SQLException;
  }

  private static <T> T sql(Statement<T> statement) {
    try {
      return statement.run();
    } catch (SQLException e) {
      throw new IllegalStateException("the table entity_scan cannot be used: " + e.getMessage(), e);
    }
  }
}
