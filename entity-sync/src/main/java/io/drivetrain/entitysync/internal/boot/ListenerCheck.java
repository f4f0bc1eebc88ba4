package io.drivetrain.entitysync.internal.boot;

import io.drivetrain.entitysync.PublishedListener;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.ExcludeDefaultListeners;
import jakarta.persistence.ExcludeSuperclassListeners;
import java.io.IOException;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.w3c.dom.Element;

/**
 * Tells whether a {@link PublishedListener} hears an entity, by its annotations and by the
 * application's mapping files.
 */
final class ListenerCheck {
  private boolean isDefault;
  private boolean byAddOn;
  private final Set<String> inXml = new HashSet<>();

  private ListenerCheck() {}

  /** With the mapping files an application's class loader sees. */
  static ListenerCheck of(ClassLoader loader, List<PersistenceUnit> units) throws IOException {
    ListenerCheck check = new ListenerCheck();
    Set<String> files = new TreeSet<>(Set.of("META-INF/orm.xml"));
    units.forEach(unit -> files.addAll(unit.mappingFiles()));
    for (String file : files) {
      for (URL url : Collections.list(loader.getResources(file))) {
        check.read(Xml.root(url));
      }
    }
    check.byAddOn = AddOns.hearHibernate(loader, units);
    return check;
  }

  private void read(Element mappings) {
    for (Element defaults :
        Xml.children(mappings, "persistence-unit-metadata", "persistence-unit-defaults")) {
      isDefault |= namesListener(defaults);
    }
    String inPackage =
        Xml.texts(mappings, "package").stream().findFirst().map(name -> name + ".").orElse("");
    for (String kind : List.of("entity", "mapped-superclass")) {
      for (Element entity : Xml.children(mappings, kind)) {
        if (namesListener(entity)) {
          inXml.add(entity.getAttribute("class"));
          inXml.add(inPackage + entity.getAttribute("class"));
        }
      }
    }
  }

  private static boolean namesListener(Element parent) {
    return Xml.children(parent, "entity-listeners", "entity-listener").stream()
        .anyMatch(
            listener -> listener.getAttribute("class").equals(PublishedListener.class.getName()));
  }

  /**
   * Checks one entity.
   *
   * @throws MappingException with the line to add if nothing listens to it
   */
  void check(Class<?> entity) {
    if (!byAddOn && !isHeard(entity)) {
      throw new MappingException(
          entity.getName()
              + " is @Published but nothing listens to its changes; add @EntityListeners("
              + PublishedListener.class.getName()
              + ".class) to the class, or with Hibernate drivetrain-hibernate to the application");
    }
  }

  private boolean isHeard(Class<?> entity) {
    boolean withDefaults = true;
    boolean withParents = true;
    for (Class<?> c = entity; c != null && c != Object.class; c = c.getSuperclass()) {
      EntityListeners listeners = c.getDeclaredAnnotation(EntityListeners.class);
      boolean named =
          listeners != null
              && Arrays.stream(listeners.value())
                  .anyMatch(PublishedListener.class::isAssignableFrom);
      if (withParents && (named || inXml.contains(c.getName()))) {
        return true;
      }
      withDefaults &= !c.isAnnotationPresent(ExcludeDefaultListeners.class);
      withParents &= !c.isAnnotationPresent(ExcludeSuperclassListeners.class);
    }
    return isDefault && withDefaults;
  }
}
