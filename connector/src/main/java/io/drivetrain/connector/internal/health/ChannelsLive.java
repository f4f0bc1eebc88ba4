package io.drivetrain.connector.internal.health;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.internal.ChannelRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Down when a channel is dead or stuck. */
@Liveness
@ApplicationScoped
public class ChannelsLive implements HealthCheck {
  private final ChannelRegistry registry;

  /** For the container's proxy. */
  protected ChannelsLive() {
    this(null);
  }

  /** By the container. */
  @Inject
  public ChannelsLive(ChannelRegistry registry) {
    this.registry = registry;
  }

  @Override
  public HealthCheckResponse call() {
    return ChannelReport.of(registry, ChannelState::isAlive);
  }
}
