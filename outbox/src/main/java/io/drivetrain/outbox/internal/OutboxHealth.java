package io.drivetrain.outbox.internal;

import io.drivetrain.outbox.OutboxStatus;
import io.drivetrain.outbox.OutboxStatus.Snapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The check {@code drivetrain-outbox}. While Kafka is away the state is DEGRADED and the check
 * stays up, because requests can be served: their events wait in the database. Called by the
 * server's health threads; asks no database.
 */
@ApplicationScoped
public class OutboxHealth {
  private static final String NAME = "drivetrain-outbox";

  @Inject OutboxStatus status;

  @Inject OutboxBeans beans;

  @Produces
  @Readiness
  HealthCheck ready() {
    return () -> response(beans.writable());
  }

  @Produces
  @Liveness
  HealthCheck live() {
    return () -> response(true);
  }

  @Produces
  @Startup
  HealthCheck started() {
    return () -> response(true);
  }

  private String state(Snapshot now) {
    if (!beans.writable()) {
      return "DOWN";
    }
    return now.problem().isPresent() ? "DEGRADED" : "OK";
  }

  private HealthCheckResponse response(boolean up) {
    Snapshot now = status.now();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named(NAME)
            .withData("state", state(now))
            .withData("owner", now.owner().orElse("none"))
            .withData("mine", now.mine())
            .withData("shards", now.held() + " of " + now.shards())
            .withData("depth", now.depth())
            .withData("blocked", now.blockedKeys())
            .withData("sent", now.sent())
            .withData("late", now.late());
    now.oldest().ifPresent(age -> response.withData("oldest-ms", age.toMillis()));
    now.problem().ifPresent(problem -> response.withData("problem", problem));
    return response.status(up).build();
  }
}
