package io.drivetrain.wildfly;

import io.drivetrain.servers.Demo;

/** The sample shop on WildFly with one command. */
public final class WildFlyDemo {
  private WildFlyDemo() {}

  /** Runs the shop until the process is told to end. */
  public static void main(String[] arguments) {
    Installation installation = Installation.built();
    Demo.run(
        "WildFly",
        (directory, port, environment) ->
            new WildFlyServer(installation, directory, port, environment));
  }
}
