package io.drivetrain.testkitapp.internal.container;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The data source of an application whose test gives it none: there, and without connections. */
final class NoDatabase {
  private NoDatabase() {}

  static DataSource dataSource() {
    return (DataSource)
        Proxy.newProxyInstance(
            NoDatabase.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "equals" -> self == arguments[0];
                  case "hashCode" -> System.identityHashCode(self);
                  case "toString" -> "no database";
                  default ->
                      throw new SQLException("the test gives its application no database(...)");
                });
  }
}
