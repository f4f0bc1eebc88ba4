package io.drivetrain.avro;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Id;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entity is compiled and the migration runs on a real database. */
@UsePostgres
class GenerateTest {
  private static final String SCHEMA =
      """
      {"type": "record", "name": "Order", "namespace": "com.example", "fields": [
        {"name": "id", "type": "long"},
        {"name": "message_id", "type": "string"},
        {"name": "customerName", "type": "string"},
        {"name": "note", "type": ["null", "string"]},
        {"name": "count", "type": ["null", "int"]},
        {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
        {"name": "placed", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "trace", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["NEW", "SENT"]}},
        {"name": "address", "type": {"type": "record", "name": "Address", "fields": [
          {"name": "street", "type": "string"}, {"name": "user", "type": ["null", "boolean"]}]}},
        {"name": "lines", "type": {"type": "array", "items": "string"}},
        {"name": "odd", "type": ["int", "string"]}
      ]}
      """;

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return Generate.run(arguments, new PrintStream(out, true), new PrintStream(err, true));
  }

  private String[] arguments(String key) throws Exception {
    Path schema = directory.resolve("order.avsc");
    Files.writeString(schema, SCHEMA);
    return new String[] {
      "--schema",
      schema.toString(),
      "--package",
      "com.example.shop",
      "--version",
      "3",
      "--key",
      key,
      "--java",
      directory.resolve("java").toString(),
      "--sql",
      directory.resolve("sql").toString()
    };
  }

  @Test
  void the_entity_compiles_and_has_exactly_the_columns_of_the_table(Postgres postgres)
      throws Exception {
    assertThat(run(arguments("id"))).isZero();

    String database = postgres.createDatabase();
    postgres.execute(database, Files.readString(directory.resolve("sql/V3__order_.sql")));
    Map<String, String> columns = new TreeMap<>();
    postgres
        .rows(
            database,
            "select column_name, data_type, is_nullable from information_schema.columns where"
                + " table_name = 'order_'")
        .forEach(
            row ->
                columns.put(
                    String.valueOf(row.get("column_name")),
                    row.get("data_type") + ("YES".equals(row.get("is_nullable")) ? " null" : "")));

    assertThat(columns)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("id", "bigint"),
                Map.entry("customer_name", "text"),
                Map.entry("note", "text null"),
                Map.entry("count", "integer null"),
                Map.entry("total", "numeric"),
                Map.entry("placed", "timestamp with time zone"),
                Map.entry("day", "date"),
                Map.entry("trace", "uuid"),
                Map.entry("status", "text"),
                Map.entry("address_street", "text"),
                Map.entry("address_user", "boolean null")));
    assertThat(mapped(compiled())).isEqualTo(columns.keySet());
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("left out lines: array has no column")
        .contains("left out odd: a union of several types has no column");
  }

  private Class<?> compiled() throws Exception {
    Path classes = Files.createDirectories(directory.resolve("classes"));
    Path source = directory.resolve("java/com/example/shop/Order.java");
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-Xlint:all",
                "-Werror",
                "-d",
                classes.toString(),
                "-cp",
                Path.of(Id.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString(),
                source.toString());
    assertThat(result).as(Files.readString(source)).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      Class<?> order = Class.forName("com.example.shop.Order", true, loader);
      // Loaded while the loader is open.
      order.getDeclaredClasses();
      for (Field field : order.getDeclaredFields()) {
        field.getType();
        field.getAnnotations();
      }
      return order;
    }
  }

  private static Set<String> mapped(Class<?> entity) throws Exception {
    Set<String> names = new LinkedHashSet<>();
    assertThat(entity.getField("id").isAnnotationPresent(Id.class)).isTrue();
    for (Field field : entity.getFields()) {
      if (field.getType().isAnnotationPresent(Embeddable.class)) {
        for (Field part : field.getType().getFields()) {
          names.add(part.getAnnotation(Column.class).name());
        }
      } else {
        names.add(field.getAnnotation(Column.class).name());
      }
    }
    return new java.util.TreeSet<>(names);
  }

  @Test
  void nothing_is_written_over() throws Exception {
    assertThat(run(arguments("id"))).isZero();

    assertThat(run(arguments("id"))).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("is there already");
  }

  @Test
  void wrong_usage_is_a_sentence() throws Exception {
    assertThat(run("--shema", "x")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("'--shema' is not an option");
    assertThat(run(arguments("note"))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("com.example.Order has no field note that is one column and never null");
  }
}
