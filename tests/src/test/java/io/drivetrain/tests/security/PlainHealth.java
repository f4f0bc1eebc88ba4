package io.drivetrain.tests.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** What a server would answer to a question for the application's health, as text. */
@ApplicationScoped
class PlainHealth {
  @Inject @Any Instance<HealthCheck> checks;

  String answer() {
    List<String> answers = new ArrayList<>();
    for (HealthCheck check : checks) {
      HealthCheckResponse response = check.call();
      answers.add(response.getName() + " " + response.getStatus() + " " + response.getData());
    }
    return String.join("\n", answers);
  }
}
