package io.drivetrain.entitysync.internal.boot;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Reads the few elements of the application's own XML files that matter here. */
final class Xml {
  private Xml() {}

  /** The root element of a file; nothing outside of it is ever loaded. */
  static Element root(URL url) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      URLConnection connection = url.openConnection();
      // A cached jar would stay open after a redeployment.
      connection.setUseCaches(false);
      try (InputStream in = connection.getInputStream()) {
        return factory.newDocumentBuilder().parse(in).getDocumentElement();
      }
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(url + " is not readable XML: " + e.getMessage(), e);
    }
  }

  /** Child elements of this name, along a path. */
  static List<Element> children(Element parent, String... path) {
    List<Element> found = List.of(parent);
    for (String name : path) {
      List<Element> next = new ArrayList<>();
      for (Element element : found) {
        for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
          if (n instanceof Element child && name.equals(child.getLocalName())) {
            next.add(child);
          }
        }
      }
      found = next;
    }
    return found;
  }

  /** The text of each child element of this name. */
  static List<String> texts(Element parent, String name) {
    return children(parent, name).stream()
        .map(Element::getTextContent)
        .map(String::trim)
        .filter(text -> !text.isEmpty())
        .toList();
  }
}
