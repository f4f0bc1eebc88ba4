package io.drivetrain.connector.internal.liveness;

import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.Extension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Fails the deployment if the liveness file cannot be written: otherwise a container would kill a
 * healthy application, again and again. Used by the deploying thread, then read.
 */
public class LivenessExtension implements Extension {
  private Optional<LivenessFile> file = Optional.empty();

  void check(@Observes AfterDeploymentValidation event) {
    Settings root = Settings.of(ConfigProvider.getConfig());
    root.refuseUnknown("drivetrain.health.", List.of(LivenessFile.KEY));
    file = root.parsed(LivenessFile.KEY, "the path of a file", Path::of).map(LivenessFile::new);
    file.ifPresent(LivenessExtension::claim);
  }

  static void claim(LivenessFile file) {
    try {
      file.claim(Instant.now());
    } catch (IOException e) {
      SettingsException failure =
          SettingsException.of(
              LivenessFile.KEY,
              file.path().toString(),
              "the path of a file that this application, and no other, can write: " + e);
      failure.initCause(e);
      throw failure;
    }
  }

  /** Empty if none is set. */
  public Optional<LivenessFile> file() {
    return file;
  }
}
