package io.drivetrain.migrations.internal;

import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.settings.Settings;
import java.util.List;
import java.util.Locale;

/**
 * The settings of the migration at start-up, checked.
 *
 * @param dataSourceKey the setting that named the data source, for errors
 * @param dataSource its JNDI name
 */
record MigrationSettings(
    Attempts.Mode mode, String dataSourceKey, String dataSource, String schema) {
  static final String PREFIX = "drivetrain.migrations.";
  static final String AT_START = PREFIX + "at-start";
  static final String DATA_SOURCE = PREFIX + "data-source";

  static MigrationSettings of(Settings root) {
    root.refuseUnknown(PREFIX, List.of(AT_START, DATA_SOURCE));
    String mode = root.oneOf(AT_START, List.of("migrate", "validate", "off"), "migrate");
    boolean own = root.text(DATA_SOURCE).isPresent();
    return new MigrationSettings(
        Attempts.Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
        own ? DATA_SOURCE : DatabaseSettings.DATA_SOURCE,
        root.text(own ? DATA_SOURCE : DatabaseSettings.DATA_SOURCE)
            .orElse(DatabaseSettings.DEFAULT_DATA_SOURCE),
        DatabaseSettings.schema(root));
  }
}
