package io.drivetrain.connector.internal.settings;

import io.drivetrain.schema.settings.Settings;
import org.eclipse.microprofile.config.Config;

/**
 * In which health checks an incoming channel counts. Immutable.
 *
 * @param enabled whether in any
 * @param readiness whether in that of readiness
 */
public record HealthSettings(boolean enabled, boolean readiness) {

  /** Reads and checks. */
  public static HealthSettings read(String channel, Config config) {
    Settings settings = Settings.of(config, "mp.messaging.incoming." + channel + ".");
    return new HealthSettings(
        settings.flag(IncomingAttributes.HEALTH_ENABLED.name(), true),
        settings.flag(IncomingAttributes.HEALTH_READINESS_ENABLED.name(), true));
  }
}
