package io.drivetrain.entitysync.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DataSourceCheckTest {
  private static final Set<String> PUBLISHED = Set.of("shop.Order");

  /** What JNDI gives, and which database that is; a source without a database does not answer. */
  private final Map<String, Object> jndi = new HashMap<>();

  private final Map<Object, String> databases = new HashMap<>();

  @Test
  void the_same_name_is_the_same_source_without_asking() {
    assertThat(problem(unit("u", "jdbc/shop"))).isEmpty();
    assertThat(problem(unit("u", "java:comp/env/jdbc/shop"))).isEmpty();
  }

  @Test
  void two_databases_are_refused_naming_both() {
    source("jdbc/other", "other", "db2");
    source("jdbc/shop", "shop", "db1");

    assertThat(problem(unit("u", "jdbc/other")).orElseThrow())
        .contains("persistence unit u uses data source jdbc/other but the outbox uses jdbc/shop");
  }

  @Test
  void another_name_of_the_same_source_or_database_is_allowed() {
    source("jdbc/alias", "shop", "db1");
    source("jdbc/shop", "shop", "db1");
    source("jdbc/second", "second", "db1");

    assertThat(problem(unit("u", "jdbc/alias"))).isEmpty();
    assertThat(problem(unit("u", "jdbc/second"))).isEmpty();
  }

  @Test
  void what_cannot_be_told_is_not_refused() {
    source("jdbc/shop", "shop", "db1");
    jndi.put("jdbc/away", "away");

    assertThat(problem(unit("u", "jdbc/away"))).isEmpty();
    assertThat(problem(unit("u", "jdbc/nowhere"))).isEmpty();
    assertThat(problem()).isEmpty();
  }

  @Test
  void of_several_units_the_one_that_lists_the_entity_counts() {
    source("jdbc/other", "other", "db2");
    source("jdbc/shop", "shop", "db1");
    PersistenceUnit shop = unit("shop", "jdbc/shop");
    PersistenceUnit other = unit("other", "jdbc/other");

    assertThat(problem(shop, other)).isEmpty();
    assertThat(problem(other, unit("third", "jdbc/other"))).isPresent();
    assertThat(problem(shop, listing("other", "jdbc/other"))).isPresent();
    assertThat(problem(listing("shop", "jdbc/shop"), other)).isEmpty();
  }

  private void source(String name, Object source, String database) {
    jndi.put(name, source);
    databases.put(source, database);
  }

  private static PersistenceUnit unit(String name, String dataSource) {
    return new PersistenceUnit(name, "", false, dataSource, List.of(), List.of());
  }

  private static PersistenceUnit listing(String name, String dataSource) {
    return new PersistenceUnit(name, "", false, dataSource, List.copyOf(PUBLISHED), List.of());
  }

  private Optional<String> problem(PersistenceUnit... units) {
    return new DataSourceCheck(
            "jdbc/shop",
            name -> Optional.ofNullable(jndi.get(name)),
            source -> Optional.ofNullable(databases.get(source)))
        .problem(List.of(units), PUBLISHED);
  }
}
