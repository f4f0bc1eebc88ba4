package io.drivetrain.tests.security;

import io.drivetrain.tests.weld.WeldApp;
import java.io.IOException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;

/**
 * The application of this package in a process of its own, which knows of its brokers what its
 * environment says. It ends with its standard input.
 */
final class HerokuMain {
  private HerokuMain() {}

  /**
   * Runs.
   *
   * @param args the topic to read, whose name is also the group's, and the topic to write
   */
  public static void main(String[] args) throws IOException {
    WeldApp.Builder app =
        WeldApp.with(
                SecuredApp.IN + "connector", "drivetrain",
                SecuredApp.IN + "topic", args[0],
                SecuredApp.IN + "group.id", args[0],
                SecuredApp.OUT + "connector", "drivetrain",
                SecuredApp.OUT + "topic", args[1])
            .beans(SecuredApp.Copier.class);
    // As a server would find it.
    Config found = ConfigProvider.getConfig();
    for (String name : found.getPropertyNames()) {
      if (name.startsWith("kafka.") || name.startsWith("drivetrain.")) {
        found.getOptionalValue(name, String.class).ifPresent(value -> app.and(name, value));
      }
    }
    // The application brings its own, with the same content.
    ConfigProviderResolver.instance().releaseConfig(found);
    try (WeldApp running = app.start()) {
      while (System.in.read() >= 0) {
        continue;
      }
    }
  }
}
