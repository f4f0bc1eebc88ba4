package io.drivetrain.openliberty;

import io.drivetrain.servers.Demo;

/** The sample shop on Open Liberty with one command. */
public final class OpenLibertyDemo {
  private OpenLibertyDemo() {}

  /** Runs the shop until the process is told to end. */
  public static void main(String[] arguments) {
    Installation installation = Installation.built();
    Demo.run(
        "Open Liberty",
        (directory, port, environment) ->
            new LibertyServer(installation, directory, port, environment));
  }
}
