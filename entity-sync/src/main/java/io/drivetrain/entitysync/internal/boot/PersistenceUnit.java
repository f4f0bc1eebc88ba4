package io.drivetrain.entitysync.internal.boot;

import io.drivetrain.schema.platform.DatabaseSettings;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.w3c.dom.Element;

/**
 * A persistence unit as the application's {@code META-INF/persistence.xml} declares it.
 *
 * @param name its name
 * @param provider class name of its provider, empty for the server's
 * @param resourceLocal whether it says RESOURCE_LOCAL
 * @param dataSource JNDI name of its JTA data source, the platform's default if it names none
 * @param classes the entity classes listed, not those found by scanning
 * @param mappingFiles the mapping files listed
 */
record PersistenceUnit(
    String name,
    String provider,
    boolean resourceLocal,
    String dataSource,
    List<String> classes,
    List<String> mappingFiles) {

  /** The units an application's class loader sees. */
  static List<PersistenceUnit> all(ClassLoader loader) throws IOException {
    List<PersistenceUnit> units = new ArrayList<>();
    for (URL url : Collections.list(loader.getResources("META-INF/persistence.xml"))) {
      for (Element unit : Xml.children(Xml.root(url), "persistence-unit")) {
        units.add(
            new PersistenceUnit(
                unit.getAttribute("name"),
                Xml.texts(unit, "provider").stream().findFirst().orElse(""),
                unit.getAttribute("transaction-type").equals("RESOURCE_LOCAL"),
                Xml.texts(unit, "jta-data-source").stream()
                    .findFirst()
                    .orElse(DatabaseSettings.DEFAULT_DATA_SOURCE),
                Xml.texts(unit, "class"),
                Xml.texts(unit, "mapping-file")));
      }
    }
    return units;
  }
}
