package io.drivetrain.connector.internal.health;

import io.drivetrain.connector.ChannelState.Phase;
import io.drivetrain.connector.internal.ChannelRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Up once every channel has subscribed; a broker may still be away. */
@Startup
@ApplicationScoped
public class ChannelsStarted implements HealthCheck {
  private final ChannelRegistry registry;

  /** For the container's proxy. */
  protected ChannelsStarted() {
    this(null);
  }

  /** By the container. */
  @Inject
  public ChannelsStarted(ChannelRegistry registry) {
    this.registry = registry;
  }

  @Override
  public HealthCheckResponse call() {
    return ChannelReport.of(registry, channel -> channel.phase() != Phase.WAITING);
  }
}
