package io.drivetrain.avro.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Schemas on the class path: of {@code .avsc} files, with the types that they use from other files,
 * and of generated classes. Used by one thread.
 */
public final class LocalSchemas {
  private static final String SUFFIX = ".avsc";

  private final String directory;
  private final Map<String, Schema> named = new LinkedHashMap<>();
  private final Set<String> underWay = new LinkedHashSet<>();

  /**
   * Schemas below a directory of the class path, {@code com.example.Order} in {@code
   * com/example/Order.avsc}.
   */
  public LocalSchemas(String directory) {
    this.directory = directory.isEmpty() || directory.endsWith("/") ? directory : directory + "/";
  }

  /**
   * A schema by its full name or by its file.
   *
   * @param name {@code com.example.Order}, or a resource that ends with {@code .avsc}
   * @throws IllegalArgumentException with a sentence if there is none, or it is no schema
   */
  public Schema load(String name) {
    if (name.endsWith(SUFFIX)) {
      return parse(name, text(name).orElseThrow(() -> missing(name, name)));
    }
    return find(name)
        .orElseThrow(
            () -> missing(name, directory + file(name) + ", and no generated class of that name"));
  }

  private Optional<Schema> find(String name) {
    if (named.containsKey(name)) {
      return Optional.of(named.get(name));
    }
    String file = directory + file(name);
    Optional<String> text = text(file);
    return text.isPresent() ? Optional.of(parse(file, text.get())) : generated(name);
  }

  private static String file(String name) {
    return name.replace('.', '/') + SUFFIX;
  }

  private static IllegalArgumentException missing(String name, String looked) {
    return new IllegalArgumentException(
        "there is no schema " + name + " on the class path; looked for " + looked);
  }

  private Schema parse(String file, String text) {
    if (!underWay.add(file)) {
      throw new IllegalArgumentException("the schemas in " + underWay + " need each other");
    }
    try {
      JsonNode tree = new ObjectMapper().readTree(text);
      needed(tree, "", new LinkedHashSet<>()).forEach(this::find);
      Schema.Parser parser = new Schema.Parser();
      parser.addTypes(named.values());
      Schema schema = parser.parse(text);
      for (Map.Entry<String, Schema> type : parser.getTypes().entrySet()) {
        named.putIfAbsent(type.getKey(), type.getValue());
      }
      return schema;
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " is no JSON", e);
    } catch (org.apache.avro.AvroRuntimeException e) {
      throw new IllegalArgumentException(file + " is no Avro schema: " + e.getMessage(), e);
    } finally {
      underWay.remove(file);
    }
  }

  /** Full names that stand where a type is expected and are not defined in the file itself. */
  private static Set<String> needed(JsonNode node, String namespace, Set<String> defined) {
    Set<String> used = new LinkedHashSet<>();
    collect(node, namespace, used, defined);
    used.removeAll(defined);
    return used;
  }

  private static void collect(
      JsonNode node, String namespace, Set<String> used, Set<String> defined) {
    if (node.isTextual()) {
      String name = node.asText();
      if (!PRIMITIVES.contains(name)) {
        used.add(name.indexOf('.') < 0 && !namespace.isEmpty() ? namespace + "." + name : name);
      }
    } else if (node.isArray()) {
      node.forEach(branch -> collect(branch, namespace, used, defined));
    } else if (node.isObject()) {
      object(node, namespace, used, defined);
    }
  }

  private static void object(
      JsonNode node, String namespace, Set<String> used, Set<String> defined) {
    String inner = node.path("namespace").asText(namespace);
    String name = node.path("name").asText("");
    if (!name.isEmpty()) {
      defined.add(name.indexOf('.') < 0 && !inner.isEmpty() ? inner + "." + name : name);
      if (name.indexOf('.') >= 0) {
        inner = name.substring(0, name.lastIndexOf('.'));
      }
    }
    String type = node.path("type").asText("");
    if (!COMPLEX.contains(type)) {
      collect(node.path("type"), inner, used, defined);
    }
    for (JsonNode field : node.path("fields")) {
      collect(field.path("type"), inner, used, defined);
    }
    collect(node.path("items"), inner, used, defined);
    collect(node.path("values"), inner, used, defined);
  }

  private static final Set<String> PRIMITIVES =
      Set.of("null", "boolean", "int", "long", "float", "double", "bytes", "string");
  private static final Set<String> COMPLEX =
      Set.of("record", "error", "enum", "array", "map", "fixed");

  private static Optional<Schema> generated(String name) {
    for (ClassLoader loader : loaders()) {
      try {
        Class<?> type = Class.forName(name, true, loader);
        if (AvroReaders.isGenerated(type)) {
          return Optional.of(AvroReaders.schemaOf(type));
        }
      } catch (ClassNotFoundException | LinkageError e) {
        continue;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(String resource) {
    for (ClassLoader loader : loaders()) {
      try (InputStream in = loader.getResourceAsStream(resource)) {
        if (in != null) {
          return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        throw new IllegalArgumentException(resource + " cannot be read", e);
      }
    }
    return Optional.empty();
  }

  private static Set<ClassLoader> loaders() {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null) {
      loaders.add(context);
    }
    loaders.add(LocalSchemas.class.getClassLoader());
    return loaders;
  }
}
