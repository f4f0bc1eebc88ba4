package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.entitysync.WriteMode;
import io.drivetrain.entitysync.internal.mapping.MappingException;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Decides, once for a consumer and in the transaction of its first batch, how batches are written.
 */
final class WriterChoice<E> {
  private static final Logger LOG = System.getLogger(WriterChoice.class.getName());

  /** Hooks that handle entities, which the set-based path never makes. */
  private static final List<String> HANDLING_ENTITIES = List.of("find", "assignKey", "remove");

  private final Class<?> consumer;
  private final ConsumedEntity<E> entity;
  private final Hooks<E> hooks;
  private final Tombstones tombstones;

  WriterChoice(Class<?> consumer, ConsumedEntity<E> entity, Hooks<E> hooks, Tombstones tombstones) {
    this.consumer = consumer;
    this.entity = entity;
    this.hooks = hooks;
    this.tombstones = tombstones;
  }

  /**
   * Decides and says so in one line of the log.
   *
   * @throws MappingException if the consumer insists on what the entity does not allow
   */
  EntityWriter<E> choose(EntityManager entities) {
    if (hooks.writeMode() == WriteMode.MERGE) {
      return merge("it asks for that");
    }
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return merge(obstacle.get());
    }
    Optional<DataSource> dataSource = hooks.dataSource().or(() -> UnitDataSource.of(entities));
    if (dataSource.isEmpty()) {
      return merge("the data source of its persistence unit is not known; override dataSource()");
    }
    try (Connection connection = dataSource.get().getConnection()) {
      String product = connection.getMetaData().getDatabaseProductName();
      if (!product.equals("PostgreSQL")) {
        return merge("the database is " + product);
      }
      if (!isOfTransaction(connection, entities)) {
        return merge("its data source is not that of the persistence unit");
      }
      PlainTable table = PlainTables.find(connection, entity);
      log("set-based upsert into " + table.name());
      return new SetWriter<>(entity, table, tombstones, dataSource.get());
    } catch (PlainTables.Obstacle e) {
      return merge(e.getMessage());
    } catch (SQLException e) {
      throw new JdbcFailure(e);
    }
  }

  private Optional<String> obstacle() {
    for (String hook : HANDLING_ENTITIES) {
      if (hooks.overridden().contains(hook)) {
        return Optional.of("it overrides " + hook);
      }
    }
    if (!hooks.collections().isEmpty()) {
      return Optional.of("it keeps collections");
    }
    if (!hooks.references().isEmpty()) {
      return Optional.of("it finds associated entities by other keys");
    }
    if (hooks.republishes()) {
      return Optional.of("it publishes what it consumes");
    }
    return UnitMapping.obstacle().or(() -> PlainMapping.obstacle(entity));
  }

  /** What the provider sets for its transaction, this connection must see. */
  private static boolean isOfTransaction(Connection connection, EntityManager entities)
      throws SQLException {
    String mark = UUID.randomUUID().toString();
    beginOnTransaction(entities, mark);
    try (PreparedStatement query =
            connection.prepareStatement("select current_setting('drivetrain.transaction', true)");
        ResultSet row = query.executeQuery()) {
      row.next();
      return mark.equals(row.getString(1));
    }
  }

  /** EclipseLink reads on a connection of its own until it has written something. */
  static void beginOnTransaction(EntityManager entities, String mark) {
    entities.createNativeQuery("set local drivetrain.transaction = '" + mark + "'").executeUpdate();
  }

  /** What was chosen has turned out to be no choice. */
  EntityWriter<E> instead(String reason) {
    return merge(reason);
  }

  private EntityWriter<E> merge(String reason) {
    if (hooks.writeMode() == WriteMode.SET_BASED) {
      throw new MappingException(
          consumer.getName()
              + " asks for set-based writing, which "
              + entity.name()
              + " does not allow: "
              + reason);
    }
    log("the provider's merge: " + reason);
    return new MergeWriter<>(entity, hooks, tombstones);
  }

  private void log(String how) {
    LOG.log(Level.INFO, "{0} writes {1} by {2}", consumer.getSimpleName(), entity.name(), how);
  }
}
