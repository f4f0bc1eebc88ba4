package io.drivetrain.entitysync.internal.boot;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** The container's data sources, as {@link DataSourceCheck} asks for them. */
final class DataSources {
  private DataSources() {}

  /** What a JNDI name stands for; empty if it cannot be looked up from here. */
  static Optional<Object> lookup(String name) {
    try {
      return Optional.ofNullable(new InitialContext().lookup(name));
    } catch (NamingException e) {
      return Optional.empty();
    }
  }

  /** Text that is equal for the same database; empty if it does not answer. */
  static Optional<String> database(Object dataSource) {
    if (!(dataSource instanceof DataSource source)) {
      return Optional.empty();
    }
    try (Connection connection = source.getConnection()) {
      String product = connection.getMetaData().getDatabaseProductName();
      return Optional.of(
          product.equals("PostgreSQL")
              ? postgres(connection)
              // One host has several names, so only the part behind it may tell databases apart.
              : product + " " + connection.getCatalog() + " " + connection.getSchema());
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  private static String postgres(Connection connection) throws SQLException {
    String query =
        "select current_database() || ' of ' || extract(epoch from pg_postmaster_start_time())";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return "PostgreSQL " + row.getString(1).toLowerCase(Locale.ROOT);
    }
  }
}
