package io.drivetrain.tests.weld;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes objects of the test beans, so that they exist before the application does. */
final class InstanceBeans implements Extension {
  private final List<Instance<?>> instances = new ArrayList<>();

  <T> void add(Class<T> type, Optional<String> name, T object) {
    instances.add(new Instance<>(type, name, object));
  }

  void add(@Observes AfterBeanDiscovery event) {
    instances.forEach(instance -> instance.addTo(event));
  }

  private record Instance<T>(Class<T> type, Optional<String> name, T object) {
    void addTo(AfterBeanDiscovery event) {
      var bean = event.<T>addBean().addType(type).createWith(context -> object);
      name.ifPresent(text -> bean.name(text).addQualifier(NamedLiteral.of(text)));
    }
  }
}
