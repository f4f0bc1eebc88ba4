package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.mapping.KeyShape;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinColumns;
import jakarta.persistence.MapsId;
import jakarta.persistence.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds an entity's table and columns in the database, by the names Jakarta Persistence gives them.
 * What is not there under these names, because a provider was told to name things differently, is
 * an obstacle, not a guess. Used once, on the transaction's connection.
 */
final class PlainTables {
  /** What forbids the set-based path; the message says it. */
  static final class Obstacle extends Exception {
    private static final long serialVersionUID = 1L;

    Obstacle(String message) {
      super(message);
    }
  }

  private record Found(String name, String type, boolean required) {}

  /** A row's bits are a long's. */
  private static final int MOST_COLUMNS = 60;

  private final Connection connection;
  private final ConsumedEntity<?> entity;
  private final Map<String, Found> found = new HashMap<>();

  private PlainTables(Connection connection, ConsumedEntity<?> entity) {
    this.connection = connection;
    this.entity = entity;
  }

  static PlainTable find(Connection connection, ConsumedEntity<?> entity)
      throws SQLException, Obstacle {
    return new PlainTables(connection, entity).find();
  }

  private PlainTable find() throws SQLException, Obstacle {
    String table = table();
    long oid = oid(table);
    readColumns(oid);
    KeyShape keyShape = entity.key().orElseThrow(() -> new Obstacle("it finds entities by itself"));
    List<PlainColumn> key = new ArrayList<>();
    Set<Attribute> inKey = new HashSet<>();
    for (KeyShape.Part part : keyShape.parts()) {
      key.add(column(part.component()));
      inKey.add(part.owner());
    }
    List<PlainColumn> columns = new ArrayList<>();
    for (Attribute attribute : entity.shape().attributes()) {
      if (!inKey.contains(attribute) && !isLeftToDatabase(attribute)) {
        columns.add(column(attribute));
      }
    }
    if (columns.size() > MOST_COLUMNS) {
      throw new Obstacle("it has more than " + MOST_COLUMNS + " columns");
    }
    Set<String> mapped = new HashSet<>();
    key.forEach(column -> mapped.add(column.column()));
    columns.forEach(column -> mapped.add(column.column()));
    for (Found other : found.values()) {
      if (other.required() && !mapped.contains(quoted(other.name()))) {
        throw new Obstacle("column " + other.name() + " must not be null and is not mapped");
      }
    }
    if (found.containsKey("dtype") && !mapped.contains(quoted("dtype"))) {
      // What subclasses it has, its own class does not tell.
      throw new Obstacle("its table holds subclasses");
    }
    requireUnique(oid, table, key);
    Optional<PlainColumn> version =
        columns.stream()
            .filter(c -> entity.version().filter(v -> v == c.attribute()).isPresent())
            .findFirst();
    return new PlainTable(table, key, columns, version);
  }

  private static boolean isLeftToDatabase(Attribute attribute) throws Obstacle {
    if (attribute.annotation(GeneratedValue.class) != null) {
      return true;
    }
    if (attribute.isId()) {
      throw new Obstacle("its id is neither the record key nor generated");
    }
    return false;
  }

  private String table() {
    Table annotation = entity.type().getAnnotation(Table.class);
    String name = annotation == null ? "" : annotation.name();
    if (name.isEmpty()) {
      String given = entity.type().getAnnotation(Entity.class).name();
      name = given.isEmpty() ? entity.type().getSimpleName() : given;
    }
    String schema = annotation == null ? "" : annotation.schema();
    return schema.isEmpty() ? identifier(name) : identifier(schema) + "." + identifier(name);
  }

  private long oid(String table) throws SQLException, Obstacle {
    try (PreparedStatement query =
        connection.prepareStatement(
            "select oid from pg_class where oid = to_regclass(?) and relkind in ('r', 'p')")) {
      query.setString(1, table);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new Obstacle("there is no table " + table);
        }
        return row.getLong(1);
      }
    }
  }

  private void readColumns(long oid) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "select attname, format_type(atttypid, null),"
                + " attnotnull and not atthasdef and attidentity = ''"
                + " from pg_attribute where attrelid = ? and attnum > 0 and not attisdropped")) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.put(
              row.getString(1), new Found(row.getString(1), row.getString(2), row.getBoolean(3)));
        }
      }
    }
  }

  private PlainColumn column(Attribute attribute) throws Obstacle {
    if (attribute.annotation(MapsId.class) != null
        || attribute.annotation(JoinColumns.class) != null) {
      throw new Obstacle(attribute.name() + " has several columns");
    }
    boolean reference = attribute.kind() == Kind.REFERENCE;
    Attribute value = reference ? EntityShape.of(attribute.type()).ids().get(0) : attribute;
    JoinColumn join = attribute.annotation(JoinColumn.class);
    Column column = attribute.annotation(Column.class);
    String name = attribute.name();
    boolean insertable = true;
    boolean updatable = true;
    if (reference) {
      name = attribute.name() + "_" + plainName(value);
      if (join != null) {
        name = join.name().isEmpty() ? name : join.name();
        insertable = join.insertable();
        updatable = join.updatable();
      }
    } else if (column != null) {
      name = plainName(attribute);
      insertable = column.insertable();
      updatable = column.updatable();
    }
    if (!insertable || column != null && !column.table().isEmpty()) {
      throw new Obstacle(attribute.name() + " is not inserted with the row");
    }
    Found present = found.get(unquoted(identifier(name)));
    if (present == null) {
      throw new Obstacle(attribute.name() + " has no column " + identifier(name) + " in the table");
    }
    Enumerated enumerated = value.annotation(Enumerated.class);
    boolean ordinal = enumerated == null || enumerated.value() == EnumType.ORDINAL;
    if (!PlainColumn.holds(present.type(), value.type(), ordinal) || isValued(value.type())) {
      throw new Obstacle(
          attribute.name()
              + " is a "
              + value.type().getSimpleName()
              + " in a column of type "
              + present.type());
    }
    return new PlainColumn(attribute, quoted(present.name()), present.type(), updatable, ordinal);
  }

  /** Jakarta Persistence 3.2 lets a field of the enum say what is stored. */
  private static boolean isValued(Class<?> type) {
    if (!type.isEnum()) {
      return false;
    }
    for (var field : type.getDeclaredFields()) {
      for (var annotation : field.getAnnotations()) {
        if (annotation.annotationType().getName().equals("jakarta.persistence.EnumeratedValue")) {
          return true;
        }
      }
    }
    return false;
  }

  private static String plainName(Attribute attribute) {
    Column column = attribute.annotation(Column.class);
    return column == null || column.name().isEmpty() ? attribute.name() : column.name();
  }

  private void requireUnique(long oid, String table, List<PlainColumn> key)
      throws SQLException, Obstacle {
    Set<String> wanted = new TreeSet<>();
    key.forEach(column -> wanted.add(unquoted(column.column())));
    try (PreparedStatement query =
        connection.prepareStatement(
            "select i.indexrelid, a.attname from pg_index i"
                + " cross join lateral unnest(i.indkey::int2[]) with ordinality k(n, o)"
                + " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n"
                + " where i.indrelid = ? and k.o <= i.indnkeyatts and i.indisunique"
                + " and i.indimmediate and i.indisvalid and i.indpred is null"
                + " and i.indexprs is null")) {
      query.setLong(1, oid);
      Map<Long, Set<String>> indexes = new HashMap<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          indexes.computeIfAbsent(row.getLong(1), i -> new TreeSet<>()).add(row.getString(2));
        }
      }
      if (!indexes.containsValue(wanted)) {
        throw new Obstacle("no unique index of " + table + " covers " + String.join(", ", wanted));
      }
    }
  }

  /** As PostgreSQL folds it, unless the mapping quotes it. */
  private static String identifier(String name) {
    boolean given =
        name.length() > 2
            && (name.startsWith("\"") && name.endsWith("\"")
                || name.startsWith("`") && name.endsWith("`"));
    return quoted(given ? name.substring(1, name.length() - 1) : name.toLowerCase(Locale.ROOT));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String unquoted(String identifier) {
    return identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"");
  }
}
