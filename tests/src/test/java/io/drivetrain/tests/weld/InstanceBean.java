package io.drivetrain.tests.weld;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.util.Optional;

/** Makes an object of the test a bean, so that it exists before the application does. */
final class InstanceBean<T> implements Extension {
  private final Class<T> type;
  private final T object;
  private final Optional<String> name;

  InstanceBean(Class<T> type, T object, Optional<String> name) {
    this.type = type;
    this.object = object;
    this.name = name;
  }

  void add(@Observes AfterBeanDiscovery event) {
    var bean = event.<T>addBean().addType(type).createWith(context -> object);
    name.ifPresent(text -> bean.name(text).addQualifier(NamedLiteral.of(text)));
  }
}
