package io.drivetrain.tests.faults;

import io.drivetrain.tests.child.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link WorkerMain} that the test may kill. */
final class WorkerProcess implements AutoCloseable {
  private static final int STOP_SECONDS = 90;

  private final ChildJvm jvm;

  private WorkerProcess(ChildJvm jvm) {
    this.jvm = jvm;
  }

  /**
   * Starts one.
   *
   * @param settings key, value, key, value
   */
  static WorkerProcess start(Path effects, List<String> settings) {
    List<String> arguments = new ArrayList<>(List.of(effects.toString()));
    arguments.addAll(settings);
    try {
      Path log = Files.createTempFile(effects.getParent(), "worker-", ".log");
      return new WorkerProcess(
          ChildJvm.start(WorkerMain.class, arguments, log, "128m", STOP_SECONDS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How its effects and notes begin. */
  String node() {
    return jvm.pid() + "-1";
  }

  /** Ends it by SIGKILL and returns when it is gone. */
  void kill() {
    jvm.kill();
  }

  /** Stops it as an operator would and returns when it is gone; nothing happens if it is. */
  @Override
  public void close() {
    jvm.close();
  }

  /** What it said. */
  String log() {
    return jvm.log();
  }
}
