package io.drivetrain.entitysync.jpa;

import java.util.Map;

/** A persistence provider under test, with its own way to a transaction manager. */
public enum Provider {
  HIBERNATE("hibernate", Map.of("hibernate.transaction.jta.platform", "JBossTS")),
  HIBERNATE_WITH_BATCHING(
      "hibernate",
      Map.of(
          "hibernate.transaction.jta.platform",
          "JBossTS",
          "hibernate.jdbc.batch_size",
          "50",
          "hibernate.order_updates",
          "true")),
  ECLIPSELINK(
      "eclipselink",
      Map.of(
          "eclipselink.target-server",
          Narayana.Platform.class.getName(),
          "eclipselink.logging.level",
          "WARNING")),
  ECLIPSELINK_WITH_BATCHING(
      "eclipselink",
      Map.of(
          "eclipselink.target-server",
          Narayana.Platform.class.getName(),
          "eclipselink.logging.level",
          "WARNING",
          "eclipselink.jdbc.batch-writing",
          "JDBC"));

  final String unit;
  final Map<String, String> properties;

  Provider(String unit, Map<String, String> properties) {
    this.unit = unit;
    this.properties = properties;
  }
}
