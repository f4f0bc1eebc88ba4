package io.drivetrain.tests.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.spi.HealthCheckResponseProvider;

/** What a server would answer to a question for the application's health, as text. */
@ApplicationScoped
class PlainHealth {
  static {
    HealthCheckResponse.setResponseProvider(new Provider());
  }

  @Inject @Any Instance<HealthCheck> checks;

  String answer() {
    List<String> answers = new ArrayList<>();
    for (HealthCheck check : checks) {
      HealthCheckResponse response = check.call();
      answers.add(response.getName() + " " + response.getStatus() + " " + response.getData());
    }
    return String.join("\n", answers);
  }

  private static final class Provider implements HealthCheckResponseProvider {
    @Override
    public HealthCheckResponseBuilder createResponseBuilder() {
      return new Builder();
    }
  }

  private static final class Builder extends HealthCheckResponseBuilder {
    private final java.util.Map<String, Object> data = new java.util.TreeMap<>();
    private String name;
    private HealthCheckResponse.Status status;

    @Override
    public HealthCheckResponseBuilder name(String newName) {
      name = newName;
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, String value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, long value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder withData(String key, boolean value) {
      data.put(key, value);
      return this;
    }

    @Override
    public HealthCheckResponseBuilder up() {
      return status(true);
    }

    @Override
    public HealthCheckResponseBuilder down() {
      return status(false);
    }

    @Override
    public HealthCheckResponseBuilder status(boolean up) {
      status = up ? HealthCheckResponse.Status.UP : HealthCheckResponse.Status.DOWN;
      return this;
    }

    @Override
    public HealthCheckResponse build() {
      return new HealthCheckResponse(name, status, Optional.of(data));
    }
  }
}
