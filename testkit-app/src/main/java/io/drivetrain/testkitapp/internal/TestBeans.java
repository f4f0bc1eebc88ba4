package io.drivetrain.testkitapp.internal;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes objects of the test beans, so that they exist before the application does. */
public final class TestBeans implements Extension {
  private record Entry(Set<Type> types, String name, Object object) {}

  private final List<Entry> entries = new ArrayList<>();

  /** A bean of one type. */
  public TestBeans add(Class<?> type, Object object) {
    entries.add(new Entry(Set.of(type), null, object));
    return this;
  }

  /** A bean of one type and name. */
  public TestBeans add(Class<?> type, String name, Object object) {
    entries.add(new Entry(Set.of(type), name, object));
    return this;
  }

  void add(@Observes AfterBeanDiscovery event) {
    for (Entry entry : entries) {
      var bean = event.addBean().createWith(context -> entry.object());
      bean.types(entry.types());
      if (entry.name() != null) {
        bean.name(entry.name()).addQualifier(NamedLiteral.of(entry.name()));
      }
    }
  }
}
