package io.drivetrain.connector.internal;

import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The name the application is deployed under. */
final class ApplicationName {
  private ApplicationName() {}

  /** Empty in Java SE. */
  static Optional<String> find() {
    try {
      return Optional.of((String) new InitialContext().lookup("java:app/AppName"));
    } catch (NamingException e) {
      return Optional.empty();
    }
  }
}
