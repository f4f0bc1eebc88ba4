package io.drivetrain.migrations.internal;

import io.drivetrain.migrations.SchemaState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The check {@code drivetrain-migrations}: ready when the schema is. The start-up check is always
 * up, because a server that waits for its database must not be killed for it. Called by the
 * server's health threads; asks no database.
 */
@ApplicationScoped
public class MigrationsHealth {
  private static final String NAME = "drivetrain-migrations";

  @Inject StartUp startUp;

  @Produces
  @Readiness
  HealthCheck ready() {
    return () -> {
      Attempts.Progress progress = startUp.progress();
      return response(progress).status(progress.problem() == null).build();
    };
  }

  @Produces
  @Startup
  HealthCheck started() {
    return () -> response(startUp.progress()).up().build();
  }

  private static HealthCheckResponseBuilder response(Attempts.Progress progress) {
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named(NAME)
            .withData("at-start", progress.mode().name().toLowerCase(Locale.ROOT));
    SchemaState state = progress.state();
    if (state != null) {
      response
          .withData("schema", state.schema())
          .withData("version", state.version().orElse("none"))
          .withData("pending", state.pending());
    }
    if (progress.problem() != null) {
      response.withData("problem", progress.problem());
    }
    return response;
  }
}
