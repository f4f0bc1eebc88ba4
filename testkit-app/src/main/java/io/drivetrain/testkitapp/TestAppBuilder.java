package io.drivetrain.testkitapp;

import io.drivetrain.connector.ChannelListener;
import io.drivetrain.outbox.CommittedEvents;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkitapp.internal.Capture;
import io.drivetrain.testkitapp.internal.Fates;
import io.drivetrain.testkitapp.internal.MovedClock;
import io.drivetrain.testkitapp.internal.TestBeans;
import io.drivetrain.testkitapp.internal.container.Container;
import io.drivetrain.testkitapp.internal.container.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Describes a {@link TestApp}. Not thread-safe. */
public final class TestAppBuilder {
  private final List<Class<?>> beans = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final TestBeans objects = new TestBeans();
  private int partitions = 1;
  private String servers;
  private Database database;
  private boolean createTables;

  TestAppBuilder() {}

  /** More bean classes of the application, or of the test. */
  public TestAppBuilder beans(Class<?>... classes) {
    beans.addAll(List.of(classes));
    return this;
  }

  /** An object of the test that beans inject by this type. */
  public <T> TestAppBuilder instance(Class<T> type, T object) {
    objects.add(type, object);
    return this;
  }

  /** A setting above the application's own. */
  public TestAppBuilder setting(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** How many partitions a topic in memory has; 1 unless said. */
  public TestAppBuilder partitions(int count) {
    partitions = count;
    return this;
  }

  /** A real broker instead of Kafka in memory. Topics must be there; time goes on by itself. */
  public TestAppBuilder kafka(KafkaBroker broker) {
    return kafka(broker.bootstrapServers());
  }

  /** As {@link #kafka(KafkaBroker)}, by address. */
  public TestAppBuilder kafka(String bootstrapServers) {
    servers = bootstrapServers;
    return this;
  }

  /**
   * An empty database of its own. It is the application's data source, under every name that {@code
   * persistence.xml} and the settings give it. With a real broker the outbox works on it too.
   */
  public TestAppBuilder database(Postgres postgres) {
    return database(postgres, postgres.createDatabase());
  }

  /** As {@link #database(Postgres)}, by name. */
  public TestAppBuilder database(Postgres postgres, String name) {
    return database(postgres.jdbcUrl(name), postgres.user(), postgres.password());
  }

  /** As {@link #database(Postgres)}, by address. */
  public TestAppBuilder database(String url, String user, String password) {
    database = new Database(url, user, password);
    return this;
  }

  /** Lets the persistence provider make the entities' tables. */
  public TestAppBuilder createTables() {
    createTables = true;
    return this;
  }

  /**
   * Starts the application.
   *
   * @throws RuntimeException what its deployment failed with, as on a server
   */
  public TestApp start() {
    MemoryKafka kafka = servers == null ? MemoryKafka.create(partitions) : null;
    MovedClock clock = new MovedClock();
    Capture capture = null;
    Fates fates = null;
    if (kafka != null) {
      capture = new Capture(kafka.broker(), clock);
      fates = new Fates(kafka.broker());
      objects
          .add(ChannelListener.class, fates)
          .add(InstantSource.class, "drivetrain-clock", clock)
          .add(CommittedEvents.class, capture);
    } else if (database == null) {
      throw new IllegalStateException(
          "an application with a real broker needs a database(...): its outbox is real, too");
    }
    if (kafka != null) {
      settings.putIfAbsent("drivetrain.migrations.at-start", "off");
    }
    try {
      Container container =
          Container.start(
              new Container.Plan(
                  beans,
                  objects,
                  settings,
                  kafka != null ? kafka.bootstrapServers() : servers,
                  database,
                  createTables));
      return new TestApp(container, kafka, clock, capture, fates);
    } catch (RuntimeException | Error e) {
      if (kafka != null) {
        kafka.close();
      }
      throw e;
    }
  }
}
