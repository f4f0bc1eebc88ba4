package io.drivetrain.tests.sync;

import io.drivetrain.tests.child.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts {@link SyncMain} in a JVM of its own. */
final class SyncProcess {
  private static final int STOP_SECONDS = 60;

  private SyncProcess() {}

  static ChildJvm start(
      String role,
      Path directory,
      String jdbcUrl,
      String user,
      String password,
      Map<String, String> settings) {
    List<String> arguments = new ArrayList<>(List.of(role, jdbcUrl, user, password));
    settings.forEach((key, value) -> arguments.addAll(List.of(key, value)));
    try {
      Path log = Files.createTempFile(directory, role + "-", ".log");
      return ChildJvm.start(SyncMain.class, arguments, log, "192m", STOP_SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
