package io.drivetrain.tests.faults;

import io.drivetrain.tests.weld.WeldApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A node in a JVM of its own. It stops cleanly at the end of its standard input. */
final class WorkerMain {
  private WorkerMain() {}

  /**
   * Runs until the end of standard input.
   *
   * @param args the file of effects, then settings: key, value, key, value
   */
  public static void main(String[] args) throws IOException {
    String[] settings = Arrays.copyOfRange(args, 1, args.length);
    try (EffectFile effects = new EffectFile(Path.of(args[0]));
        WeldApp app =
            WeldApp.with(settings)
                .beans(Worker.class)
                .instance(EffectFile.class, effects)
                .start()) {
      while (System.in.read() >= 0) {
        continue;
      }
    }
    // Threads of a runtime that linger must not keep the trial waiting.
    System.exit(0);
  }
}
