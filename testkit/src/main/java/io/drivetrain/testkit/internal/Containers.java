package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether a server runs in a container: {@code -Ddrivetrain.testkit.containers=} {@code
 * always}, {@code never}, or {@code auto} (default), which means yes if a Docker engine answers and
 * all images are there, for a test never starts a download on its own. Thread-safe.
 */
final class Containers {
  static final String KAFKA_IMAGE =
      System.getProperty("drivetrain.testkit.kafka-image", "apache/kafka:4.3.1");
  static final String POSTGRES_IMAGE =
      System.getProperty("drivetrain.testkit.postgres-image", "postgres:18-alpine");

  /** What Testcontainers itself starts first and would pull; the version it has built in. */
  private static final String CLEANER_IMAGE = "testcontainers/ryuk:0.14.0";

  private static final String KEY = "drivetrain.testkit.containers";
  private static final Logger LOG = System.getLogger(Containers.class.getName());
  private static final Map<String, Boolean> DECISIONS = new ConcurrentHashMap<>();

  private Containers() {}

  static boolean areUsedFor(String server, String image) {
    return DECISIONS.computeIfAbsent(
        image,
        i -> {
          Decision decision = decide(System.getProperty(KEY, "auto"), image);
          LOG.log(
              Level.INFO,
              "{0} runs as {1}: {2}",
              server,
              decision.container() ? "container " + image : "a process of its own",
              decision.reason());
          return decision.container();
        });
  }

  /** What was chosen and why. */
  record Decision(boolean container, String reason) {}

  static Decision decide(String setting, String image) {
    return switch (setting) {
      case "always" -> new Decision(true, KEY + "=always");
      case "never" -> new Decision(false, KEY + "=never");
      case "auto" -> probe(image);
      default ->
          throw new IllegalArgumentException(
              KEY + " is '" + setting + "'; expected auto, always or never");
    };
  }

  private static Decision probe(String image) {
    if (!isOnClassPath("org.testcontainers.containers.GenericContainer")) {
      return new Decision(false, "Testcontainers is not on the class path");
    }
    // By the command line, because Testcontainers' own probe may pull its helper image.
    if (!succeeds("docker", "version")) {
      return new Decision(false, "no Docker engine answers");
    }
    for (String needed : neededImages(image)) {
      if (!succeeds("docker", "image", "inspect", needed)) {
        return new Decision(false, "a Docker engine answers but has no image " + needed);
      }
    }
    return new Decision(true, "a Docker engine answers and has the image");
  }

  private static List<String> neededImages(String image) {
    List<String> needed = new ArrayList<>(List.of(image));
    if (!Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))) {
      needed.add(CLEANER_IMAGE);
    }
    return needed;
  }

  private static boolean isOnClassPath(String name) {
    try {
      Class.forName(name, false, Containers.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException noSuchCommand) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
