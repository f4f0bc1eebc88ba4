package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.consume.JtaTransaction;
import io.drivetrain.entitysync.internal.publish.Publications;
import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.jpa.Narayana;
import io.drivetrain.entitysync.jpa.Provider;
import io.drivetrain.entitysync.jpa.Shop;
import io.drivetrain.entitysync.shop.Car;
import io.drivetrain.entitysync.shop.Line;
import io.drivetrain.entitysync.shop.Parcel;
import io.drivetrain.entitysync.shop.Seat;
import io.drivetrain.entitysync.shop.Vehicle;
import io.drivetrain.entitysync.shop.Widget;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.PendingMessages;
import io.drivetrain.outbox.internal.write.OutboxWriter;
import io.drivetrain.outbox.internal.write.TransactionalOutbox;
import io.drivetrain.outbox.internal.write.Transactions;
import io.drivetrain.schema.Codecs;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.testkit.Postgres;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A shop with the real outbox, in whose table tests see what would leave. */
public final class StoredShop implements AutoCloseable {
  static final List<Class<?>> ENTITIES =
      List.of(Widget.class, Seat.class, Line.class, Vehicle.class, Car.class, Parcel.class);

  /** An event in the table. */
  record Stored(String topic, String key, Map<String, Object> payload) {}

  private static final class Later implements PendingMessages {
    PendingMessages outbox;

    @Override
    public void compute(Object slot, UnaryOperator<Pending> change) {
      outbox.compute(slot, change);
    }
  }

  final Postgres postgres;
  public final Shop shop;
  final ScanTable table;
  final PendingMessages outbox;
  final Publisher publisher;

  public StoredShop(Provider provider, Postgres postgres) throws Exception {
    this.postgres = postgres;
    Later later = new Later();
    this.outbox = later;
    this.shop = new Shop(provider, postgres, later);
    new Migrations(shop.dataSource(), "drivetrain").migrate();
    later.outbox =
        new TransactionalOutbox(
            new Transactions(
                Narayana.registry(), new OutboxWriter(shop.dataSource(), "drivetrain"), b -> {}),
            settings(Map.of()),
            1 << 20);
    this.table = new ScanTable(shop.dataSource(), "drivetrain");
    Publications publications = new Publications(settings(Map.of()), Shop::publisher);
    ENTITIES.forEach(publications::check);
    this.publisher = new Publisher(publications, () -> later);
  }

  static Settings settings(Map<String, String> values) {
    return Settings.of(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(values, "test", 1))
            .build());
  }

  /** A node's work with these settings. */
  ScanWork node(Map<String, String> values) {
    return new ScanWork(
        table,
        ScanSettings.of(settings(values), ENTITIES),
        publisher,
        type -> shop.entities(),
        () -> new JtaTransaction(Narayana.user()));
  }

  BulkPublishing bulk() {
    return new BulkPublishing(() -> publisher, type -> shop.entities());
  }

  void republish(Class<?> entity, String condition) {
    Backfills.begin(
        table,
        publisher,
        entity,
        condition,
        ScanSettings.of(
            settings(Map.of("drivetrain.entity-sync.backfill.rows-per-second", "0")), ENTITIES));
  }

  /** What the outbox holds, in order. */
  @SuppressWarnings("unchecked")
  List<Stored> events() {
    return shop.rows("select topic, key, payload from drivetrain.outbox order by id").stream()
        .map(
            row ->
                new Stored(
                    (String) row.get("topic"),
                    new String((byte[]) row.get("key"), StandardCharsets.UTF_8),
                    row.get("payload") == null
                        ? null
                        : new TreeMap<>(
                            (Map<String, Object>)
                                Codecs.json().decode("t", (byte[]) row.get("payload"), Map.class))))
        .toList();
  }

  List<String> keys() {
    return events().stream().map(Stored::key).toList();
  }

  /** The last event of each key, as a compacted topic holds it. */
  Map<String, Map<String, Object>> compacted() {
    Map<String, Map<String, Object>> last = new LinkedHashMap<>();
    events()
        .forEach(
            event -> {
              if (event.payload() == null) {
                last.remove(event.key());
              } else {
                last.put(event.key(), event.payload());
              }
            });
    return last;
  }

  /** The widgets, as text. */
  public String table() {
    return shop.rows("select id, name from widget order by id").stream()
        .map(row -> row.get("id") + "=" + row.get("name"))
        .toList()
        .toString();
  }

  /** The widgets as a compacted topic holds them. */
  public String view() {
    Map<Long, Object> view = new TreeMap<>();
    compacted().forEach((key, payload) -> view.put(Long.valueOf(key), payload.get("name")));
    return view.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .toList()
        .toString();
  }

  void forgetEvents() {
    sql("delete from drivetrain.outbox");
  }

  /** As another program does it. */
  void sql(String statement) {
    try (var connection = shop.dataSource().getConnection();
        var update = connection.createStatement()) {
      update.execute(statement);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(statement, e);
    }
  }

  @Override
  public void close() {
    shop.close();
  }
}
