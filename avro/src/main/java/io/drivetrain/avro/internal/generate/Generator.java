package io.drivetrain.avro.internal.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Writes both files. */
public final class Generator {
  private final Schema schema;
  private final String table;
  private final String key;
  private final Columns columns;

  /**
   * Of a schema.
   *
   * @param table empty for one like the schema's name
   * @param key the field that is the id
   * @throws IllegalArgumentException if that cannot be
   */
  public Generator(Schema schema, String table, String key) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(schema.getFullName() + " is no record");
    }
    this.schema = schema;
    this.table = table.isEmpty() ? Column.snake(schema.getName()) : table;
    this.key = key;
    this.columns = Columns.of(schema);
    if (columns.columns.stream()
        .noneMatch(
            column ->
                column.owner().isEmpty() && column.attribute().equals(key) && !column.nullable())) {
      throw new IllegalArgumentException(
          schema.getFullName()
              + " has no field "
              + key
              + " that is one column and never null; name the one that is the id with --key");
    }
  }

  /** Fields left out, each with the reason. */
  public List<String> leftOut() {
    return List.copyOf(columns.leftOut);
  }

  /** The source of the entity. */
  public String entity(String inPackage) {
    return EntitySource.of(schema, inPackage, table, key, columns);
  }

  /** The statement that makes its table. */
  public String migration() {
    return Migration.of(table, key, columns);
  }

  /**
   * Writes both.
   *
   * @param java the directory of sources
   * @param inPackage the entity's package
   * @param sql the directory of migrations
   * @param version of the migration
   * @return the files
   * @throws IOException if they cannot be written, or are there already
   */
  public List<Path> write(Path java, String inPackage, Path sql, String version)
      throws IOException {
    Path entity = java.resolve(inPackage.replace('.', '/')).resolve(schema.getName() + ".java");
    Path migration = sql.resolve("V" + version + "__" + table + ".sql");
    Map<Path, String> files = new java.util.LinkedHashMap<>(Map.of(entity, entity(inPackage)));
    files.put(migration, migration());
    for (Path file : files.keySet()) {
      if (Files.exists(file)) {
        throw new IOException(file + " is there already");
      }
    }
    for (Map.Entry<Path, String> file : files.entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      Files.writeString(file.getKey(), file.getValue(), StandardOpenOption.CREATE_NEW);
    }
    return List.copyOf(files.keySet());
  }
}
