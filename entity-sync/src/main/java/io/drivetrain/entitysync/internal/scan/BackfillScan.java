package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.scan.EntityReader.Limit;
import io.drivetrain.entitysync.internal.scan.ScanTable.Kind;
import io.drivetrain.entitysync.internal.scan.ScanTable.Row;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;

/** Once through a table in order of its ids. */
final class BackfillScan implements Scan {
  private final Row row;
  private final Class<?> entity;
  private final EntityReader reader;
  private final Publisher publisher;
  private final ScanSettings settings;

  BackfillScan(Row row, Class<?> entity, Publisher publisher, ScanSettings settings) {
    this.row = row;
    this.entity = entity;
    this.reader = EntityReader.byId(entity, row.condition());
    this.publisher = publisher;
    this.settings = settings;
  }

  @Override
  public Kind kind() {
    return Kind.BACKFILL;
  }

  @Override
  public String name() {
    return row.name();
  }

  @Override
  public Class<?> entity() {
    return entity;
  }

  @Override
  public int largestStep() {
    return settings.backfillBatch();
  }

  @Override
  public boolean skipsInvalid() {
    return settings.backfillSkips();
  }

  @Override
  public Outcome step(Row now, EntityManager entities, int rows, boolean wait) {
    long expected = now.expected() < 0 ? reader.count(entities) : now.expected();
    List<Object> after = after(now);
    List<Object> last = reader.lastKey(entities, after, Limit.NONE, rows);
    if (last == null) {
      return new Outcome.Finished();
    }
    List<?> next = reader.locked(entities, after, last, Limit.NONE, wait);
    next.forEach(publisher::published);
    return new Outcome.Moved(
        reader.order().store(last), next.size(), expected, pause(now, next.size()));
  }

  @Override
  public Outcome skip(Row now, EntityManager entities) {
    List<Object> last = reader.lastKey(entities, after(now), Limit.NONE, 1);
    return last == null
        ? new Outcome.Finished()
        : new Outcome.Moved(reader.order().store(last), 0, now.expected(), Duration.ZERO);
  }

  private List<Object> after(Row now) {
    return now.position() == null ? null : reader.order().restore(now.position());
  }

  private static Duration pause(Row now, int published) {
    return now.perSecond() == 0
        ? Duration.ZERO
        : Duration.ofMillis(published * 1000L / now.perSecond());
  }
}
