package io.drivetrain.entitysync.internal.consume;

import io.drivetrain.connector.OffsetStore;
import io.drivetrain.connector.SystemicFailure;
import io.drivetrain.schema.platform.DatabaseSettings;
import io.drivetrain.schema.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Positions of exactly-once channels in table {@code inbox_offset}. Each claim takes the next epoch
 * of its partition; a position is written only under the epoch of the last claim, so a node that
 * has lost the partition without knowing fails and rolls back. Thread-safe.
 */
@ApplicationScoped
public class InboxOffsets implements OffsetStore {
  /** A frozen node may hold the row; who claims it tries again. */
  private static final String IMPATIENT = "set local lock_timeout = '500ms'";

  private record Channelled(String channel, TopicPartition partition) {}

  private record Claim(String group, long epoch) {}

  private final Map<Channelled, Claim> claims = new ConcurrentHashMap<>();
  private final Set<Channelled> outdated = ConcurrentHashMap.newKeySet();

  /** Found at first use; any thread may set it. */
  private volatile DataSource dataSource;

  /** For the container. */
  public InboxOffsets() {}

  private static Settings settings() {
    return Settings.of(ConfigProvider.getConfig());
  }

  private static String table() {
    return DatabaseSettings.schema(settings()) + ".inbox_offset";
  }

  private Connection connection() throws SQLException {
    DataSource found = dataSource;
    if (found == null) {
      String name =
          settings().text(DatabaseSettings.DATA_SOURCE, DatabaseSettings.DEFAULT_DATA_SOURCE);
      found = DatabaseSettings.dataSource(DatabaseSettings.DATA_SOURCE, name);
      dataSource = found;
    }
    return found.getConnection();
  }

  // The polling thread, without a transaction.

  @Override
  public OptionalLong claim(String channel, String group, TopicPartition partition) {
    try (Connection connection = connection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(IMPATIENT);
        OptionalLong position = claim(connection, channel, group, partition);
        connection.commit();
        return position;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        // A pool wants its connections as they were.
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new JdbcFailure(e);
    }
  }

  /** Remembered before the commit: afterwards a failure would leave the epoch unknown. */
  private OptionalLong claim(
      Connection connection, String channel, String group, TopicPartition partition)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into "
                + table()
                + " as t (grp, topic, partition, next_offset, epoch) values (?, ?, ?, -1, 1)"
                + " on conflict (grp, topic, partition) do update set epoch = t.epoch + 1"
                + " returning next_offset, epoch")) {
      statement.setString(1, group);
      statement.setString(2, partition.topic());
      statement.setInt(3, partition.partition());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        Channelled key = new Channelled(channel, partition);
        claims.put(key, new Claim(group, row.getLong(2)));
        outdated.remove(key);
        return row.getLong(1) < 0 ? OptionalLong.empty() : OptionalLong.of(row.getLong(1));
      }
    }
  }

  @Override
  public Set<TopicPartition> outdated(String channel) {
    if (outdated.isEmpty()) {
      return Set.of();
    }
    Set<TopicPartition> found = new HashSet<>();
    outdated.removeIf(each -> each.channel().equals(channel) && found.add(each.partition()));
    return found;
  }

  @Override
  public void move(String channel, TopicPartition partition, long offset) {
    Channelled key = new Channelled(channel, partition);
    Claim claim = claims.get(key);
    if (claim == null) {
      throw new IllegalStateException(
          "channel " + channel + ": " + partition + " is not claimed yet; try again");
    }
    try (Connection connection = connection()) {
      update(connection, key, claim, offset, Long.MAX_VALUE);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "channel " + channel + ": the position of " + partition + " cannot be stored: " + e, e);
    }
  }

  // The delivering thread, in the transaction of the effects.

  /** Whether a partition's position is kept here. */
  public boolean keeps(String channel, TopicPartition partition) {
    return claims.containsKey(new Channelled(channel, partition));
  }

  /** The offset of the first record that is not applied yet; empty if any may come. */
  public OptionalLong next(String channel, TopicPartition partition) {
    Claim claim = claim(channel, partition);
    try (Connection connection = connection();
        PreparedStatement query =
            connection.prepareStatement(
                "select next_offset, epoch from "
                    + table()
                    + " where grp = ? and topic = ? and partition = ?")) {
      query.setString(1, claim.group());
      query.setString(2, partition.topic());
      query.setInt(3, partition.partition());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next() || row.getLong(2) != claim.epoch()) {
          throw fenced(new Channelled(channel, partition));
        }
        return row.getLong(1) < 0 ? OptionalLong.empty() : OptionalLong.of(row.getLong(1));
      }
    } catch (SQLException e) {
      throw new JdbcFailure(e);
    }
  }

  /**
   * Says that what precedes an offset is applied if the running transaction commits.
   *
   * @throws SystemicFailure if somebody else has claimed the partition, or has gone on
   */
  public void advance(String channel, TopicPartition partition, long offset) {
    Channelled key = new Channelled(channel, partition);
    try (Connection connection = connection()) {
      if (connection.getAutoCommit()) {
        throw new IllegalStateException(
            "channel "
                + channel
                + ": exactly-once needs a JTA transaction on the data source "
                + DatabaseSettings.DATA_SOURCE
                + ", and there is none");
      }
      update(connection, key, claim(channel, partition), offset, offset);
    } catch (SQLException e) {
      throw new JdbcFailure(e);
    }
  }

  private Claim claim(String channel, TopicPartition partition) {
    return Optional.ofNullable(claims.get(new Channelled(channel, partition)))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "channel "
                        + channel
                        + " keeps no position of "
                        + partition
                        + " in the database; set mp.messaging.incoming."
                        + channel
                        + ".exactly-once=true"));
  }

  private void update(Connection connection, Channelled key, Claim claim, long offset, long below)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update "
                + table()
                + " set next_offset = ? where grp = ? and topic = ? and partition = ?"
                + " and epoch = ? and next_offset < ?")) {
      statement.setLong(1, offset);
      statement.setString(2, claim.group());
      statement.setString(3, key.partition().topic());
      statement.setInt(4, key.partition().partition());
      statement.setLong(5, claim.epoch());
      statement.setLong(6, below);
      if (statement.executeUpdate() != 1) {
        throw fenced(key);
      }
    }
  }

  private SystemicFailure fenced(Channelled key) {
    outdated.add(key);
    return new SystemicFailure(
        key.partition() + " was claimed by another node; nothing of this attempt is kept", null);
  }
}
