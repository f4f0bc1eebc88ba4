package io.drivetrain.avro.internal.generate;

import java.util.List;

/** Writes the table. */
final class Migration {
  private Migration() {}

  static String of(String table, String key, Columns columns) {
    List<String> lines = new java.util.ArrayList<>();
    String primary = "";
    for (Column column : columns.columns) {
      lines.add(
          "  "
              + column.column()
              + " "
              + column.sql()
              + (column.nullable() ? "" : " NOT NULL")
              + (column.symbols().isEmpty()
                  ? ""
                  : " CHECK ("
                      + column.column()
                      + " IN ('"
                      + String.join("', '", column.symbols())
                      + "'))"));
      if (column.owner().isEmpty() && column.attribute().equals(key)) {
        primary = column.column();
      }
    }
    lines.add("  PRIMARY KEY (" + primary + ")");
    return "CREATE TABLE " + table + " (\n" + String.join(",\n", lines) + "\n);\n";
  }
}
