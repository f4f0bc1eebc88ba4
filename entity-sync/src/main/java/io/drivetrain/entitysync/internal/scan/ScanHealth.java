package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.scan.ScanTable.Kind;
import io.drivetrain.entitysync.internal.scan.ScanTable.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * The check {@code drivetrain-entity-sync}: how far backfills and pollers are. Always up, because
 * requests can be served whatever they do. Called by the server's health threads; asks no database.
 */
@ApplicationScoped
public class ScanHealth {
  private static final String NAME = "drivetrain-entity-sync";

  @Inject ScanBeans scans;

  /** For the container. */
  public ScanHealth() {}

  @Produces
  @Readiness
  HealthCheck ready() {
    return () -> response(scans.seen().orElse(List.of()), scans.problem().orElse(null));
  }

  static HealthCheckResponse response(List<Row> rows, String problem) {
    HealthCheckResponseBuilder response = HealthCheckResponse.named(NAME).up();
    boolean degraded = problem != null;
    for (Row row : rows) {
      if (!row.finished()) {
        response.withData(label(row), progress(row));
        degraded |= row.problem() != null;
      }
    }
    if (problem != null) {
      response.withData("problem", problem);
    }
    return response.withData("state", degraded ? "DEGRADED" : "OK").build();
  }

  private static String label(Row row) {
    return row.kind() == Kind.POLLER
        ? "poller " + row.name()
        : "backfill " + row.name().substring(row.name().lastIndexOf('.') + 1);
  }

  private static String progress(Row row) {
    String of = row.kind() == Kind.POLLER || row.expected() < 0 ? "" : " of " + row.expected();
    String problem = row.problem() == null ? "" : ", stands still: " + row.problem();
    return row.published() + of + problem;
  }
}
