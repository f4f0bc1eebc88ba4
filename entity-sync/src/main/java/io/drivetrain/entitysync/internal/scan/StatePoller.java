package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.EntityEvents;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.scan.EntityReader.Limit;
import io.drivetrain.entitysync.internal.scan.PollerSettings.ByState;
import io.drivetrain.entitysync.internal.scan.ScanTable.Row;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Publishes what is in one state, and puts it into the next in the same transaction. */
final class StatePoller extends PollerScan {
  private final ByState state;
  private final EntityReader reader;
  private final ScanTable table;
  private final Limit pending;

  StatePoller(PollerSettings settings, Publisher publisher, ScanTable table) {
    super(settings, publisher);
    this.state = settings.state();
    this.reader = EntityReader.byId(settings.entity(), settings.condition());
    this.table = table;
    this.pending =
        new Limit(
            "e." + state.attribute().name() + " = :pending", Map.of("pending", state.pending()));
  }

  @Override
  public Outcome step(Row row, EntityManager entities, int rows, boolean wait) throws SQLException {
    List<Object> last = reader.lastKey(entities, null, pending, rows);
    if (last == null) {
      return rests(null);
    }
    List<?> next = reader.locked(entities, null, last, pending, wait);
    for (Object entity : next) {
      put(entity, state.published());
      publisher.published(entity);
    }
    return moved(null, next.size());
  }

  @Override
  public Outcome skip(Row row, EntityManager entities) throws SQLException {
    List<Object> last = reader.lastKey(entities, null, pending, 1);
    if (last == null) {
      return rests(null);
    }
    for (Object entity : reader.locked(entities, null, last, pending, true)) {
      EntityEvents.off(
          () -> {
            state.attribute().set(entity, state.failed());
            entities.flush();
          });
    }
    return moved(null, 0);
  }

  private void put(Object entity, Object value) throws SQLException {
    state.attribute().set(entity, value);
    if (state.publishedAt() != null) {
      state.publishedAt().set(entity, Moments.of(table.now(), state.publishedAt().type()));
    }
  }
}
