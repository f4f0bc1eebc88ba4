package io.drivetrain.tests.sync;

import java.util.LinkedHashMap;
import java.util.Map;

/** A node in a JVM of its own. It stops cleanly at the end of its standard input. */
final class SyncMain {
  private SyncMain() {}

  /**
   * Runs until the end of standard input.
   *
   * @param args role, JDBC URL, user, password, then settings: key, value, key, value
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 4; i < args.length; i += 2) {
      settings.put(args[i], args[i + 1]);
    }
    Class<?>[] beans =
        switch (args[0]) {
          case "keep" -> new Class<?>[] {SyncApps.Items.class};
          case "note" -> new Class<?>[] {SyncApps.NotedItems.class, SyncApps.Journal.class};
          case "republish", "poll" -> new Class<?>[] {SyncApps.Unit.class};
          default -> new Class<?>[0];
        };
    try (SyncNode node = SyncNode.start(args[1], args[2], args[3], settings, beans)) {
      System.out.println("started");
      if (args[0].equals("change")) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SyncApps.Changes changes = new SyncApps.Changes(seed);
        while (System.in.available() == 0) {
          changes.change();
        }
        System.out.println("changed");
      }
      if (args[0].equals("republish")) {
        SyncApps.republish();
        SyncApps.Updates updates = new SyncApps.Updates();
        while (System.in.available() == 0) {
          updates.update();
        }
        System.out.println("changed");
      }
      while (System.in.read() >= 0) {
        continue;
      }
    }
    System.exit(0);
  }
}
