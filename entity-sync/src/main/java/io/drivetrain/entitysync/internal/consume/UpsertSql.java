package io.drivetrain.entitysync.internal.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statements of {@link SetWriter} for one table. Thread-safe. Every array comes as its text and
 * is cast to the column's type; a conflict updates only what the records carry.
 */
final class UpsertSql {
  private final PlainTable table;
  private final Tombstones tombstones;

  /** By the columns that are carried; in practice one, at most a few. */
  private final Map<Long, String> upserts = new ConcurrentHashMap<>();

  UpsertSql(PlainTable table, Tombstones tombstones) {
    this.table = table;
    this.tombstones = tombstones;
  }

  /**
   * Parameters: the key's arrays; for each column an array, of one element if it is not carried;
   * with a guard the array of the keys as text and the entity.
   *
   * @param carried a bit for each column that the records carry
   */
  String upsert(long carried) {
    return upserts.computeIfAbsent(carried, this::makeUpsert);
  }

  private String makeUpsert(long carried) {
    List<String> names = new ArrayList<>();
    List<String> arrays = new ArrayList<>();
    List<String> selected = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    List<String> updated = new ArrayList<>();
    for (PlainColumn column : table.key()) {
      names.add(column.column());
      arrays.add(array(column));
      sources.add(column.column());
      selected.add("s." + column.column());
    }
    // Parameters stand in the order of the columns, so all of them come through the same list.
    List<String> constants = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      PlainColumn column = table.columns().get(i);
      names.add(column.column());
      if ((carried & 1L << i) == 0) {
        constants.add("(" + array(column) + ")[1] as " + column.column());
        selected.add("c." + column.column());
      } else {
        constants.add(array(column) + " as " + column.column());
        sources.add(column.column());
        selected.add("s." + column.column());
        if (column.updatable()) {
          updated.add(column.column());
        }
      }
    }
    boolean guarded = table.version().isPresent();
    StringBuilder sql = new StringBuilder("with c as (select ");
    List<String> given = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      given.add(arrays.get(i) + " as " + table.key().get(i).column());
    }
    given.addAll(constants);
    if (guarded) {
      given.add("cast(? as text[]) as drivetrain_key");
      sources.add("drivetrain_key");
    }
    sql.append(String.join(", ", given)).append(")");
    sql.append(" insert into ").append(table.name()).append(" as t (");
    sql.append(String.join(", ", names)).append(") select ");
    sql.append(String.join(", ", selected)).append(" from c cross join lateral unnest(");
    sql.append(String.join(", ", sources.stream().map(name -> "c." + name).toList()));
    sql.append(") as s(").append(String.join(", ", sources)).append(")");
    if (guarded) {
      String version = table.version().get().column();
      sql.append(" where ")
          .append(tombstones.newerThanTombstone().replace("s.drivetrain_version", "s." + version));
    }
    sql.append(" on conflict (");
    sql.append(String.join(", ", table.key().stream().map(PlainColumn::column).toList()));
    sql.append(") do ");
    if (updated.isEmpty()) {
      return sql.append("nothing").toString();
    }
    sql.append("update set ");
    sql.append(
        String.join(", ", updated.stream().map(name -> name + " = excluded." + name).toList()));
    // A row that is as it should be is not written anew.
    sql.append(" where (").append(list("t.", updated)).append(") is distinct from (");
    sql.append(list("excluded.", updated)).append(")");
    table
        .version()
        .ifPresent(
            version ->
                sql.append(" and (t.")
                    .append(version.column())
                    .append(" is null or t.")
                    .append(version.column())
                    .append(" <= excluded.")
                    .append(version.column())
                    .append(")"));
    return sql.toString();
  }

  private static String list(String prefix, List<String> names) {
    return String.join(", ", names.stream().map(name -> prefix + name).toList());
  }

  private static String array(PlainColumn column) {
    return "cast(? as " + column.sqlType() + "[])";
  }

  /** Parameters: the key's arrays; with a guard the array of versions. */
  String delete(boolean guarded) {
    StringBuilder sql = new StringBuilder("delete from ").append(table.name()).append(" t using ");
    sql.append(keys(guarded)).append(" where ").append(joined());
    if (guarded) {
      String version = table.version().orElseThrow().column();
      sql.append(" and (t.").append(version).append(" is null or t.").append(version);
      sql.append(" <= s.drivetrain_version)");
    }
    return sql.toString();
  }

  /** Locks the rows that are there, in order. Parameters: the key's arrays. */
  String lock() {
    return "select 1 from "
        + table.name()
        + " t join "
        + keys(false)
        + " on "
        + joined()
        + " order by "
        + list("t.", table.key().stream().map(PlainColumn::column).toList())
        + " for update of t";
  }

  private String keys(boolean versions) {
    List<String> arrays = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (PlainColumn column : table.key()) {
      arrays.add(array(column));
      names.add(column.column());
    }
    if (versions) {
      arrays.add("cast(? as bigint[])");
      names.add("drivetrain_version");
    }
    return "unnest(" + String.join(", ", arrays) + ") as s(" + String.join(", ", names) + ")";
  }

  private String joined() {
    return String.join(
        " and ", table.key().stream().map(c -> "t." + c.column() + " = s." + c.column()).toList());
  }
}
