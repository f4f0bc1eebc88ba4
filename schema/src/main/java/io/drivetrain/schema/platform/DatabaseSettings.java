package io.drivetrain.schema.platform;

import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.regex.Pattern;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Where Drivetrain's tables are: the settings that the outbox, its migrations and others share. */
public final class DatabaseSettings {

  /** JNDI name of the data source; it must be the one the application's transactions use. */
  public static final String DATA_SOURCE = "drivetrain.outbox.data-source";

  /** What {@link #DATA_SOURCE} is if not set: the server's default data source. */
  public static final String DEFAULT_DATA_SOURCE = "java:comp/DefaultDataSource";

  /** Name of the schema that holds the tables; default {@code drivetrain}. */
  public static final String SCHEMA = "drivetrain.outbox.schema";

  private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private DatabaseSettings() {}

  /**
   * The schema's name, safe to stand in SQL without quotes.
   *
   * @throws SettingsException if it is no plain lower-case identifier
   */
  public static String schema(Settings root) {
    return root.parsed(SCHEMA, EXPECTED_SCHEMA, DatabaseSettings::identifier).orElse("drivetrain");
  }

  /** What {@link #identifier} takes, for error messages. */
  public static final String EXPECTED_SCHEMA =
      "a schema name of lower-case letters, digits and underscores";

  /**
   * The text itself if it can stand in SQL without quotes.
   *
   * @throws IllegalArgumentException if it cannot
   */
  public static String identifier(String text) {
    if (!IDENTIFIER.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  /**
   * Looks a data source up. Call it on a thread of the application.
   *
   * @param key the setting that named it, for the error
   * @throws SettingsException if there is none of that name
   */
  public static DataSource dataSource(String key, String jndiName) {
    try {
      if (new InitialContext().lookup(jndiName) instanceof DataSource dataSource) {
        return dataSource;
      }
      throw notFound(key, jndiName);
    } catch (NamingException e) {
      SettingsException failure = notFound(key, jndiName);
      failure.initCause(e);
      throw failure;
    }
  }

  private static SettingsException notFound(String key, String jndiName) {
    return SettingsException.of(
        key, jndiName, "the JNDI name of a data source, and there is none of that name");
  }
}
