package io.drivetrain.avro.internal.generate;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a field becomes.
 *
 * @param owner the attribute whose embeddable holds it, empty for the entity's own
 * @param attribute its name, that of the field, so that a consumer finds it
 * @param column its name in the table
 * @param java its type in Java, never null where it is primitive
 * @param imports what that needs
 * @param sql its type in PostgreSQL
 * @param nullable whether it may be null
 * @param symbols those of an enum, else empty
 */
record Column(
    String owner,
    String attribute,
    String column,
    String java,
    Set<String> imports,
    String sql,
    boolean nullable,
    List<String> symbols) {

  /** Words that PostgreSQL does not take as a name without quotes. */
  private static final Set<String> RESERVED =
      Set.of(
          "all",
          "analyse",
          "analyze",
          "and",
          "any",
          "array",
          "as",
          "asc",
          "asymmetric",
          "both",
          "case",
          "cast",
          "check",
          "collate",
          "column",
          "constraint",
          "create",
          "current_date",
          "current_role",
          "current_time",
          "current_timestamp",
          "current_user",
          "default",
          "deferrable",
          "desc",
          "distinct",
          "do",
          "else",
          "end",
          "except",
          "false",
          "fetch",
          "for",
          "foreign",
          "from",
          "grant",
          "group",
          "having",
          "in",
          "initially",
          "intersect",
          "into",
          "lateral",
          "leading",
          "limit",
          "localtime",
          "localtimestamp",
          "not",
          "null",
          "offset",
          "on",
          "only",
          "or",
          "order",
          "placing",
          "primary",
          "references",
          "returning",
          "select",
          "session_user",
          "some",
          "symmetric",
          "system_user",
          "table",
          "then",
          "to",
          "trailing",
          "true",
          "union",
          "unique",
          "user",
          "using",
          "variadic",
          "when",
          "where",
          "window",
          "with");

  /** A name as PostgreSQL's tables have them. */
  static String snake(String name) {
    String snake =
        name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('-', '_').toLowerCase(Locale.ROOT);
    return RESERVED.contains(snake) ? snake + "_" : snake;
  }
}
