package io.drivetrain.connector.internal.health;

import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.internal.ChannelRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up while every channel has its assignment and its brokers answer. */
@Readiness
@ApplicationScoped
public class ChannelsReady implements HealthCheck {
  private final ChannelRegistry registry;

  /** For the container's proxy. */
  protected ChannelsReady() {
    this(null);
  }

  /** By the container. */
  @Inject
  public ChannelsReady(ChannelRegistry registry) {
    this.registry = registry;
  }

  @Override
  public HealthCheckResponse call() {
    return ChannelReport.of(
        registry,
        channel ->
            !registry.health(channel.name()).readiness()
                || channel.phase() == Phase.RUNNING && channel.problem().isEmpty());
  }
}
