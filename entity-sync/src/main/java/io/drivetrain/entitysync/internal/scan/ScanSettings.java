package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Coercion;
import io.drivetrain.entitysync.internal.mapping.CoercionException;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.scan.PollerSettings.ByState;
import io.drivetrain.entitysync.internal.scan.PollerSettings.ByTime;
import io.drivetrain.schema.settings.Nearest;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings {@code drivetrain.entity-sync.backfill.*} and {@code …pollers.*}, checked.
 * Immutable.
 *
 * @param enabled whether this node works on backfills and pollers
 * @param backfillBatch entities of a step
 * @param backfillPerSecond entities published in a second at most, 0 for no limit
 * @param backfillSkips whether an entity that cannot be published is passed over
 */
public record ScanSettings(
    boolean enabled,
    int backfillBatch,
    int backfillPerSecond,
    boolean backfillSkips,
    List<PollerSettings> pollers) {

  /** How their names begin. */
  public static final String SCANS = "drivetrain.entity-sync.scans.";

  /** How their names begin. */
  public static final String BACKFILL = "drivetrain.entity-sync.backfill.";

  /** How their names begin. */
  public static final String POLLERS = "drivetrain.entity-sync.pollers.";

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final String ENABLED = SCANS + "enabled";
  private static final String BATCH = "batch-size";
  private static final String PER_SECOND = BACKFILL + "rows-per-second";
  private static final String ON_INVALID = "on-invalid";

  private static final List<String> OF_POLLER =
      List.of(
          "entity",
          "every",
          BATCH,
          "condition",
          ON_INVALID,
          "timestamp",
          "lag",
          "from",
          "full-table",
          "state",
          "pending",
          "published",
          "failed",
          "published-at");

  /**
   * Reads them.
   *
   * @param published the published entities
   * @throws SettingsException naming the key and what is allowed
   */
  public static ScanSettings of(Settings root, Collection<Class<?>> published) {
    root.refuseUnknown(SCANS, List.of(ENABLED));
    root.refuseUnknown(BACKFILL, List.of(BACKFILL + BATCH, PER_SECOND, BACKFILL + ON_INVALID));
    Set<String> names = new TreeSet<>();
    for (String key : root.keys()) {
      if (key.startsWith(POLLERS)) {
        names.add(poller(key));
      }
    }
    List<PollerSettings> pollers = new ArrayList<>();
    names.forEach(name -> pollers.add(poller(root, name, published)));
    return new ScanSettings(
        root.flag(ENABLED, true),
        root.integer(BACKFILL + BATCH, 200, 1, 10_000),
        root.integer(PER_SECOND, 1_000, 0, 1_000_000),
        skips(root, BACKFILL),
        List.copyOf(pollers));
  }

  private static String poller(String key) {
    String rest = key.substring(POLLERS.length());
    int dot = rest.lastIndexOf('.');
    String setting = rest.substring(dot + 1);
    if (dot <= 0 || !OF_POLLER.contains(setting)) {
      throw new SettingsException(
          key
              + " is not a setting"
              + Nearest.to(setting, OF_POLLER)
                  .map(near -> "; did you mean " + near + "?")
                  .orElse(";")
              + " Expected "
              + POLLERS
              + "<name>. and one of "
              + String.join(", ", OF_POLLER));
    }
    return rest.substring(0, dot);
  }

  private static boolean skips(Settings root, String prefix) {
    return root.oneOf(prefix + ON_INVALID, List.of("stop", "skip"), "stop").equals("skip");
  }

  private static PollerSettings poller(Settings root, String name, Collection<Class<?>> published) {
    String prefix = POLLERS + name + ".";
    Class<?> entity = entity(root, prefix + "entity", published);
    EntityShape shape = EntityShape.of(entity);
    Optional<Attribute> timestamp = attribute(root, prefix + "timestamp", shape);
    Optional<Attribute> state = attribute(root, prefix + "state", shape);
    if (timestamp.isPresent() == state.isPresent()) {
      throw new SettingsException(
          prefix
              + "timestamp and "
              + prefix
              + "state: expected one of them, and not both; by which else would the poller know what"
              + " has changed?");
    }
    ByState byState = state.map(attribute -> byState(root, prefix, attribute, shape)).orElse(null);
    boolean skips = skips(root, prefix);
    if (skips && byState != null && byState.failed() == null) {
      throw SettingsException.of(
          prefix + ON_INVALID, "skip", "stop, or " + prefix + "failed beside it");
    }
    return new PollerSettings(
        name,
        entity,
        every(root, prefix + "every"),
        root.integer(prefix + BATCH, 200, 1, 10_000),
        root.text(prefix + "condition").orElse(null),
        skips,
        timestamp.map(attribute -> byTime(root, prefix, attribute)).orElse(null),
        byState);
  }

  private static Duration every(Settings root, String key) {
    Duration every = root.duration(key, Duration.ofSeconds(10));
    if (every.compareTo(SHORTEST) < 0) {
      throw SettingsException.of(
          key, root.text(key).orElse(""), "a duration of at least " + SHORTEST);
    }
    return every;
  }

  private static ByTime byTime(Settings root, String prefix, Attribute timestamp) {
    if (!Moments.known(timestamp.type())) {
      throw SettingsException.of(
          prefix + "timestamp", timestamp.name(), "an attribute of a type among " + Moments.NAMES);
    }
    return new ByTime(
        timestamp,
        root.duration(prefix + "lag", Duration.ofSeconds(2)),
        root.oneOf(prefix + "from", List.of("beginning", "now"), "beginning").equals("now"),
        root.flag(prefix + "full-table", false));
  }

  private static ByState byState(
      Settings root, String prefix, Attribute attribute, EntityShape shape) {
    Optional<Attribute> publishedAt = attribute(root, prefix + "published-at", shape);
    publishedAt
        .filter(each -> !Moments.known(each.type()))
        .ifPresent(
            each -> {
              throw SettingsException.of(
                  prefix + "published-at",
                  each.name(),
                  "an attribute of a type among " + Moments.NAMES);
            });
    return new ByState(
        attribute,
        value(root, prefix + "pending", attribute, true),
        value(root, prefix + "published", attribute, true),
        value(root, prefix + "failed", attribute, false),
        publishedAt.orElse(null));
  }

  private static Object value(Settings root, String key, Attribute attribute, boolean required) {
    String expected = "a value of " + attribute.name();
    String text = required ? root.required(key, expected) : root.text(key).orElse(null);
    try {
      return text == null ? null : Coercion.to(attribute.type(), text);
    } catch (CoercionException e) {
      throw SettingsException.of(key, text, expected + ": " + e.getMessage());
    }
  }

  private static Optional<Attribute> attribute(Settings root, String key, EntityShape shape) {
    return root.text(key).map(name -> shape.require(name, key));
  }

  private static Class<?> entity(Settings root, String key, Collection<Class<?>> published) {
    String name = root.required(key, "the name of a @Published entity");
    List<Class<?>> found =
        published.stream()
            .filter(each -> each.getName().equals(name) || each.getSimpleName().equals(name))
            .toList();
    if (found.size() != 1) {
      throw SettingsException.of(
          key,
          name,
          "one of "
              + String.join(", ", published.stream().map(Class::getSimpleName).sorted().toList()));
    }
    return found.get(0);
  }
}
