package io.drivetrain.tests.documentation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML files as plain maps and lists. */
final class Manifests {
  private Manifests() {}

  /** The documents of one file. */
  static List<Object> read(Path file) {
    return parse(Repository.text(file));
  }

  static List<Object> parse(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<Object> documents = new ArrayList<>();
    new Yaml(new SafeConstructor(options)).loadAll(text).forEach(documents::add);
    return documents;
  }

  /** What is found by a path such as {@code spec.template.0.name}; null if nothing is. */
  static Object at(Object document, String path) {
    Object here = document;
    for (String step : path.split("\\.")) {
      if (here instanceof Map<?, ?> map) {
        here = map.get(step);
      } else if (here instanceof List<?> list) {
        here = list.get(Integer.parseInt(step));
      } else {
        return null;
      }
    }
    return here;
  }

  static int number(Object document, String path) {
    return (Integer) at(document, path);
  }

  static String text(Object document, String path) {
    return String.valueOf(at(document, path));
  }

  static Map<String, String> texts(Object document, String path) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (at(document, path) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> texts.put((String) key, (String) value));
    }
    return texts;
  }

  static List<Object> list(Object document, String path) {
    return at(document, path) instanceof Collection<?> found ? List.copyOf(found) : List.of();
  }
}
