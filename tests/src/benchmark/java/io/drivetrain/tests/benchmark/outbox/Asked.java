package io.drivetrain.tests.benchmark.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/** A data source whose connections say that they commit by themselves, although they do not. */
final class Asked {
  private Asked() {}

  static DataSource of(DataSource source) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object result = method.invoke(source, arguments);
          return result instanceof Connection connection ? asked(connection) : result;
        });
  }

  private static Connection asked(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) ->
            method.getName().equals("getAutoCommit")
                ? Boolean.TRUE
                : method.invoke(connection, arguments));
  }

  @FunctionalInterface
  private interface Answer {
    Object to(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            Asked.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return answer.to(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
