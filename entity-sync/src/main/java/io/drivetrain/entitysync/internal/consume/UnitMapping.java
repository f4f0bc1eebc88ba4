package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.PublishedListener;
import jakarta.persistence.Converter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the application's persistence units map entities by more than their annotations: mapping
 * files, and converters that apply by themselves. Stateless.
 */
final class UnitMapping {
  private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("<class>\\s*([^<\\s]+)\\s*</class>");
  private static final Pattern MAPPING_FILE = Pattern.compile("<mapping-file>");
  private static final Pattern MAPS =
      Pattern.compile("<(?:\\w+:)?(?:entity|mapped-superclass|embeddable|converter)[\\s>]");
  private static final Pattern LISTENER =
      Pattern.compile("<(?:\\w+:)?entity-listener\\s+class\\s*=\\s*[\"']([^\"']+)[\"']");

  private UnitMapping() {}

  /** What forbids writing past the provider; empty if nothing does. */
  static Optional<String> obstacle() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try {
      for (URL url : Collections.list(loader.getResources("META-INF/persistence.xml"))) {
        Optional<String> found = unit(text(url), loader);
        if (found.isPresent()) {
          return found;
        }
      }
      for (URL url : Collections.list(loader.getResources("META-INF/orm.xml"))) {
        Optional<String> found = mappingFile(text(url));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("the mapping files cannot be read: " + e.getMessage());
    }
  }

  private static Optional<String> unit(String xml, ClassLoader loader) {
    if (MAPPING_FILE.matcher(xml).find()) {
      return Optional.of("persistence.xml names mapping files");
    }
    Matcher classes = CLASS.matcher(xml);
    while (classes.find()) {
      try {
        Converter converter =
            Class.forName(classes.group(1), false, loader).getAnnotation(Converter.class);
        if (converter != null && converter.autoApply()) {
          return Optional.of(classes.group(1) + " is a converter that applies by itself");
        }
      } catch (ClassNotFoundException | LinkageError e) {
        // The provider's to report.
      }
    }
    return Optional.empty();
  }

  static Optional<String> mappingFile(String xml) {
    if (MAPS.matcher(xml).find()) {
      return Optional.of("META-INF/orm.xml maps entities");
    }
    Matcher listeners = LISTENER.matcher(xml);
    while (listeners.find()) {
      if (!listeners.group(1).equals(PublishedListener.class.getName())) {
        return Optional.of("META-INF/orm.xml has the entity listener " + listeners.group(1));
      }
    }
    return Optional.empty();
  }

  private static String text(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    // A cached jar would stay open after a redeployment.
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      String xml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return COMMENT.matcher(xml).replaceAll("");
    }
  }
}
