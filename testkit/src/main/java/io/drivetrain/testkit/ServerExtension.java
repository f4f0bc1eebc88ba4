package io.drivetrain.testkit;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Keeps one server per JVM, or one per test class that wants its own, in JUnit's stores, which
 * close it at their end. Each test finds it running, whatever the test before did to it.
 */
abstract class ServerExtension<S extends AutoCloseable>
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(ServerExtension.class);

  private final Class<S> type;
  private final Supplier<S> factory;
  private final Consumer<S> start;

  ServerExtension(Class<S> type, Supplier<S> factory, Consumer<S> start) {
    this.type = type;
    this.factory = factory;
    this.start = start;
  }

  abstract boolean isOwn(Class<?> testClass);

  private String ownKey() {
    return "own " + type.getName();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (isOwn(context.getRequiredTestClass())) {
      context.getStore(NAMESPACE).computeIfAbsent(ownKey(), key -> factory.get(), type);
    }
    start.accept(server(context));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    start.accept(server(context));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == type;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }

  private S server(ExtensionContext context) {
    // A store answers for its parents too, so a nested class finds its outer class's own server.
    S own = context.getStore(NAMESPACE).get(ownKey(), type);
    if (own != null) {
      return own;
    }
    Store shared = context.getRoot().getStore(NAMESPACE);
    return shared.computeIfAbsent("shared " + type.getName(), key -> factory.get(), type);
  }
}
