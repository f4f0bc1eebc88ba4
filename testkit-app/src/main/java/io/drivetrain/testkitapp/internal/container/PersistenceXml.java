package io.drivetrain.testkitapp.internal.container;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What the application's {@code META-INF/persistence.xml} says of its units. Immutable. */
public final class PersistenceXml {
  /** From a unit's name to the JNDI names of its data sources. */
  private final Map<String, List<String>> units;

  private PersistenceXml(Map<String, List<String>> units) {
    this.units = units;
  }

  /** What the calling thread's class loader sees. */
  public static PersistenceXml read() {
    Map<String, List<String>> units = new LinkedHashMap<>();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try {
      for (URL url : Collections.list(loader.getResources("META-INF/persistence.xml"))) {
        try (InputStream in = url.openStream()) {
          DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
          factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
          NodeList found =
              factory.newDocumentBuilder().parse(in).getElementsByTagName("persistence-unit");
          for (int i = 0; i < found.getLength(); i++) {
            Element unit = (Element) found.item(i);
            List<String> sources = new ArrayList<>(texts(unit, "jta-data-source"));
            sources.addAll(texts(unit, "non-jta-data-source"));
            units.put(unit.getAttribute("name"), sources);
          }
        }
      }
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException("META-INF/persistence.xml cannot be read", e);
    }
    return new PersistenceXml(units);
  }

  private static List<String> texts(Element unit, String name) {
    List<String> texts = new ArrayList<>();
    NodeList found = unit.getElementsByTagName(name);
    for (int i = 0; i < found.getLength(); i++) {
      texts.add(found.item(i).getTextContent().trim());
    }
    return texts;
  }

  /** The units' names. */
  public Set<String> units() {
    return units.keySet();
  }

  /** The JNDI names of all units' data sources. */
  public Set<String> dataSources() {
    Set<String> names = new TreeSet<>();
    units.values().forEach(names::addAll);
    return names;
  }

  String unit(String name) {
    if (name.isEmpty() && units.size() == 1) {
      return units.keySet().iterator().next();
    }
    if (!units.containsKey(name)) {
      throw new IllegalArgumentException(
          "persistence unit '"
              + name
              + "': META-INF/persistence.xml has "
              + (units.isEmpty() ? "none" : String.join(", ", units.keySet())));
    }
    return name;
  }
}
