package io.drivetrain.tests.security;

import io.drivetrain.testkit.SecuredKafkaBroker;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One secured broker for all test classes of this package, closed after the last test. */
final class SecuredKafka implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SecuredKafkaBroker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SecuredKafka.class))
        .computeIfAbsent(
            SecuredKafkaBroker.class,
            type -> SecuredKafkaBroker.started(),
            SecuredKafkaBroker.class);
  }
}
