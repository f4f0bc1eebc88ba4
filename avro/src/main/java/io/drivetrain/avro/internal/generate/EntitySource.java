package io.drivetrain.avro.internal.generate;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;

/** Writes the entity. Immutable. */
final class EntitySource {
  private EntitySource() {}

  /**
   * The source of the class.
   *
   * @param key the attribute that is the id
   */
  static String of(Schema schema, String inPackage, String table, String key, Columns columns) {
    Map<String, List<Column>> embedded = new LinkedHashMap<>();
    for (Column column : columns.columns) {
      embedded.computeIfAbsent(column.owner(), owner -> new java.util.ArrayList<>()).add(column);
    }
    StringBuilder source = new StringBuilder();
    if (!inPackage.isEmpty()) {
      source.append("package ").append(inPackage).append(";\n\n");
    }
    for (String name : imports(columns, embedded)) {
      source.append("import ").append(name).append(";\n");
    }
    source
        .append("\n/** As topics hold it: ")
        .append(schema.getFullName())
        .append(". */\n@Entity\n@Table(name = \"")
        .append(table)
        .append("\")\npublic class ")
        .append(schema.getName())
        .append(" {\n");
    fields(source, "  ", key, embedded.getOrDefault("", List.of()));
    for (String owner : embedded.keySet()) {
      if (!owner.isEmpty()) {
        source.append("\n  @Embedded public ").append(type(owner)).append(" ").append(owner);
        source.append(";\n");
      }
    }
    enums(source, columns);
    embedded.forEach(
        (owner, parts) -> {
          if (!owner.isEmpty()) {
            source
                .append("\n  /** Its ")
                .append(owner)
                .append(". */\n  @Embeddable\n  public static class ")
                .append(type(owner))
                .append(" {\n");
            fields(source, "    ", null, parts);
            source.append("  }\n");
          }
        });
    return source.append("}\n").toString();
  }

  private static Set<String> imports(Columns columns, Map<String, List<Column>> embedded) {
    Set<String> imports = new TreeSet<>();
    for (String name : List.of("Column", "Entity", "Id", "Table")) {
      imports.add("jakarta.persistence." + name);
    }
    for (Column column : columns.columns) {
      imports.addAll(column.imports());
      if (!column.symbols().isEmpty()) {
        imports.add("jakarta.persistence.EnumType");
        imports.add("jakarta.persistence.Enumerated");
      }
    }
    if (embedded.keySet().stream().anyMatch(owner -> !owner.isEmpty())) {
      imports.add("jakarta.persistence.Embeddable");
      imports.add("jakarta.persistence.Embedded");
    }
    return imports;
  }

  private static void fields(
      StringBuilder source, String indent, String key, List<Column> columns) {
    for (Column column : columns) {
      source.append("\n");
      if (column.attribute().equals(key)) {
        source.append(indent).append("@Id\n");
      }
      if (!column.symbols().isEmpty()) {
        source.append(indent).append("@Enumerated(EnumType.STRING)\n");
      }
      source
          .append(indent)
          .append("@Column(name = \"")
          .append(column.column())
          .append("\"")
          .append(column.nullable() ? "" : ", nullable = false")
          .append(")\n")
          .append(indent)
          .append("public ")
          .append(column.java())
          .append(" ")
          .append(column.attribute())
          .append(";\n");
    }
  }

  private static void enums(StringBuilder source, Columns columns) {
    Set<String> written = new LinkedHashSet<>();
    for (Column column : columns.columns) {
      if (!column.symbols().isEmpty() && written.add(column.java())) {
        source
            .append("\n  /** Its symbols. */\n  public enum ")
            .append(column.java())
            .append(" {\n    ")
            .append(String.join(",\n    ", column.symbols()))
            .append("\n  }\n");
      }
    }
  }

  private static String type(String owner) {
    return owner.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + owner.substring(1);
  }
}
