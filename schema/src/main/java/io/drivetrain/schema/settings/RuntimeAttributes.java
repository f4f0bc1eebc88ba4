package io.drivetrain.schema.settings;

import java.util.Set;

/**
 * The keys that a channel's {@code Config} holds for the reactive messaging runtime and not for its
 * connector.
 */
public final class RuntimeAttributes {
  private static final Set<String> NAMES =
      Set.of(
          "channel-name",
          "connector",
          "enabled",
          "concurrency",
          "merge",
          "broadcast",
          "pausable",
          "initially-paused",
          "late-subscription",
          "buffer-size",
          "buffer-strategy");

  private RuntimeAttributes() {}

  /** Whether a key, without its prefix, is the runtime's business. */
  public static boolean include(String key) {
    // Environment variables are listed as they are written; the runtime finds them by their
    // property name.
    return NAMES.contains(key)
        || key.startsWith("pausable.")
        || key.chars().noneMatch(Character::isLowerCase);
  }
}
