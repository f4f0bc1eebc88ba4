package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.scan.EntityReader.Limit;
import io.drivetrain.entitysync.internal.scan.PollerSettings.ByTime;
import io.drivetrain.entitysync.internal.scan.ScanTable.Row;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads on from a position of (time of change, id). What changed less than the lag ago is left for
 * the next round: a transaction that is still open may yet commit an earlier time.
 */
final class TimePoller extends PollerScan {
  private final ByTime time;
  private final EntityReader reader;
  private final ScanTable table;

  TimePoller(PollerSettings settings, Publisher publisher, ScanTable table) {
    super(settings, publisher);
    this.time = settings.time();
    this.table = table;
    List<KeyPath> paths = new ArrayList<>();
    paths.add(KeyPath.of(time.timestamp()));
    paths.addAll(KeyPath.ofId(EntityShape.of(settings.entity())));
    this.reader =
        new EntityReader(settings.entity(), new KeyOrder(List.copyOf(paths)), settings.condition());
  }

  @Override
  public Outcome step(Row row, EntityManager entities, int rows, boolean wait) throws SQLException {
    Limit limit = limit();
    if (row.position() == null && time.fromNow() && !time.fullTable()) {
      // Only the time: everything with a later one is behind it.
      return rests(reader.order().store(List.of(limit.parameters().get("until"))));
    }
    List<Object> after = after(row);
    List<Object> last = reader.lastKey(entities, after, limit, rows);
    if (last == null) {
      return rests(time.fullTable() ? null : row.position());
    }
    List<?> next = reader.locked(entities, after, last, limit, wait);
    next.forEach(publisher::published);
    return moved(reader.order().store(last), next.size());
  }

  @Override
  public Outcome skip(Row row, EntityManager entities) throws SQLException {
    List<Object> last = reader.lastKey(entities, after(row), limit(), 1);
    return last == null ? rests(row.position()) : moved(reader.order().store(last), 0);
  }

  private List<Object> after(Row row) {
    return row.position() == null ? null : reader.order().restore(row.position());
  }

  private Limit limit() throws SQLException {
    Instant until = table.now().minus(time.lag());
    return new Limit(
        "e." + time.timestamp().name() + " <= :until",
        Map.of("until", Moments.of(until, time.timestamp().type())));
  }
}
